import type { KubeObject } from "@groupless/api";
import type { RegionSnapshot } from "@groupless/ec2-catalog";
import usEast1 from "@groupless/ec2-catalog/us-east-1";
import { type Decision, liveCluster, type Step } from "@groupless/simulator";
import { daemonSet, deployment, holdsBudgets, holdsCapacity, holdsDoNotDisrupt, holdsHostPorts, holdsNodeAffinity, holdsPlacements, holdsPodDisruptionBudgets, karpenterDeviations, leavesNoPodHomeless, neverDearer, observe, placementInvariants, planViolations, podDisruptionBudget, violations, violationText } from "@groupless/testing";
import { days } from "@groupless/testing/simulation";
import * as fc from "fast-check";
import { defaultPolicy } from "./default-policy.ts";

/** What a day came to. */
export interface DayResult {
  readonly seed: number;
  readonly steps: number;
  /** Decisions about pods that wait, and commands that were started. */
  readonly placements: number;
  readonly commands: number;
  readonly interruptions: number;
  readonly mostNodes: number;
  readonly mostPods: number;
  /** What broke, with when; empty if nothing did. */
  readonly wrongs: readonly string[];
}

// As EC2 is there, but for the many types that would take the invariants' time and change little.
const region: RegionSnapshot = { ...usEast1, types: usEast1.types.filter(({ facts }) => /^[cmr][5-7]i?\.(large|xlarge|2xlarge|4xlarge)$/.test(facts.name)) };
const START_MS = Date.UTC(2026, 8, 1);
const LOOK_MS = 600_000;

const PARTS = 12;
const STANDING = ["front", "back", "cache", "batch"] as const;

/** The day of a seed: the same every time. In every two hours things come and go, and one of the standing Deployments is scaled. */
export function dayOf(seed: number): readonly Step[] {
  const part = fc.tuple(days({ maxEvents: 12, lengthMs: 86_400_000 / PARTS }), fc.constantFrom(...STANDING), fc.nat(15));
  return fc.sample(part, { seed, numRuns: PARTS }).flatMap(([steps, name, replicas]): Step[] => [{ do: "scale", kind: "Deployment", name: `default/${name}`, replicas }, ...steps]);
}

// Daemons everywhere, Deployments that stay all day, a budget over two of those that come and go on every second day.
function surroundings(seed: number): readonly KubeObject[] {
  const budget = (app: string, spec: Parameters<typeof podDisruptionBudget>[2]): KubeObject => podDisruptionBudget(app, { matchLabels: { app } }, spec);
  const request = fc.record({ cpu: fc.constantFrom("100m", "500m", "1500m", "3"), memory: fc.constantFrom("256Mi", "2Gi", "7Gi") });
  const [asked = []] = fc.sample(fc.array(request, { minLength: STANDING.length, maxLength: STANDING.length }), { seed, numRuns: 1 });
  const spread = (app: string, topologyKey: string): Parameters<typeof deployment>[3] => ({ topologySpreadConstraints: [{ topologyKey, maxSkew: 1, whenUnsatisfiable: "DoNotSchedule", labelSelector: { matchLabels: { app } } }] });
  const apart = (app: string): Parameters<typeof deployment>[3] => ({ affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { app } } }] } } });
  const specs = [spread("front", "topology.kubernetes.io/zone"), {}, apart("cache"), spread("batch", "kubernetes.io/hostname")];
  return [daemonSet("agent"), budget("web", { maxUnavailable: 1 }), budget("back", { maxUnavailable: "30%" }), ...(seed % 2 === 0 ? [budget("api", { minAvailable: "50%" })] : []), ...STANDING.map((name, index) => deployment(name, 2 + index, asked[index] ?? {}, specs[index]))];
}

/** Plays the day of a seed under the default policy, with spot interruptions and pools without capacity, and holds every decision and every ten minutes to the invariants. */
export async function playDay(seed: number): Promise<DayResult> {
  const wrongs: string[] = [];
  let [steps, placements, commands, mostNodes, mostPods] = [0, 0, 0, 0, 0];
  const told = (atMs: number, found: readonly Parameters<typeof violationText>[0][]): void => {
    for (const one of found) wrongs.push(`${new Date(atMs).toISOString()} ${violationText(one)}`);
  };
  const onDecision = (decision: Decision): void => {
    const { atMs, cluster } = decision;
    if (decision.type === "placement") {
      placements += 1;
      return told(atMs, violations(cluster, decision.packing, placementInvariants, { except: karpenterDeviations }));
    }
    commands += decision.commands.length;
    const asPlanned = [cluster, decision.startedIn].map((before) => planViolations({ before, commands: decision.commands, nowMs: atMs }, [holdsPlacements, leavesNoPodHomeless, neverDearer]));
    if (asPlanned.every(({ length }) => length > 0)) told(atMs, asPlanned[0] ?? []);
    told(atMs, planViolations({ before: decision.startedIn, commands: decision.commands, nowMs: atMs }, [holdsBudgets, holdsPodDisruptionBudgets, holdsDoNotDisrupt]));
  };
  const cluster = await liveCluster({
    cluster: { name: "day", region: "us-east-1", kubernetesVersion: "1.33", unmanagedNodes: [] },
    region,
    objects: [...defaultPolicy, ...surroundings(seed)],
    startMs: START_MS,
    seed: String(seed),
    quiet: true,
    chance: { joinJitter: 0.5, spotInterruptionsPerHour: 0.02, withoutCapacity: 0.05 },
    onDecision,
  });
  let before = cluster.objects();
  const look = (): void => {
    steps += 1;
    const after = cluster.objects();
    const seen = observe(before, after);
    told(cluster.clock.nowMs(), violations(seen.cluster, seen.packing, [holdsCapacity, holdsHostPorts, holdsNodeAffinity]));
    mostNodes = Math.max(mostNodes, count(after, "Node"));
    mostPods = Math.max(mostPods, count(after, "Pod"));
    before = after;
  };
  const day = dayOf(seed);
  for (const step of day) {
    for (const part of parts(step)) {
      await cluster.play(part);
      look();
    }
  }
  await cluster.play({ do: "settle", ms: 3_600_000 });
  look();
  for (const pod of before) if (pod.kind === "Pod" && pod.spec.nodeName === undefined) wrongs.push(`at the end ${pod.metadata.name} has no node`);
  const interruptions = day.reduce((sum, step) => sum + (step.do === "interrupt" ? step.count : 0), 0);
  return { seed, steps, placements, commands, interruptions, mostNodes, mostPods, wrongs };
}

// Long waits are looked into on the way.
function parts(step: Step): readonly Step[] {
  if (step.do !== "advance" || step.ms <= LOOK_MS) return [step];
  const whole = Math.floor(step.ms / LOOK_MS);
  return [...Array.from({ length: whole }, (): Step => ({ do: "advance", ms: LOOK_MS })), ...(step.ms % LOOK_MS === 0 ? [] : [{ do: "advance" as const, ms: step.ms % LOOK_MS }])];
}

const count = (objects: readonly KubeObject[], kind: KubeObject["kind"]): number => objects.reduce((sum, object) => sum + (object.kind === kind ? 1 : 0), 0);
