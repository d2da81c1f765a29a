import { evictionCost, type KubeObject, lifetimeRemaining, type NodeClaim, type NodePool, type Pod } from "@groupless/api";
import { type Cluster, prepare, type Prepared } from "@groupless/bin-packer";
import { allowedDisruptions, budgetIsActive, type Command, commandTimeoutMs, type CostTracker, type DisruptionEvent, EMPTY_TRACKER, evaluate, karpenterMethods, type MethodReport, repriceNodePool, score, type Score, scoreMove, trackedCost, trackNodeClaim, untrackNodeClaim, untrackNodePool } from "@groupless/disruption";
import type { Context, Line, Suite } from "../suite.ts";
import { playLoop } from "./disruption-loop.ts";
import { functions as lifecycleFunctions } from "./disruption-lifecycle.ts";

const WAIT_MS = 15_000;
const NOMINATION_MS = 20_000;

/** Passes of the disruption methods, their leaf functions, the loop and its queue. */
export const disruption: Suite = {
  decide: ({ input }, context) => {
    const nowMs = Date.parse(input.now);
    const { duringValidation: during } = input;
    const afterWait = ({ cluster, nowMs: before }: Prepared): Prepared => prepare(changed(cluster, during, before + WAIT_MS - nowMs > NOMINATION_MS ? (input.nominated ?? []) : []), { nowMs: before + WAIT_MS });
    const { methods } = evaluate(prepare(clusterOf(input, context), { nowMs }), {
      methods: input.method === "all" ? karpenterMethods : karpenterMethods.filter(({ name }) => name === input.method),
      ...(input.noCostTracker === true ? { costTracker: EMPTY_TRACKER } : {}),
      ...(during === undefined ? {} : { afterWait }),
    });
    return { methods: methods.map((report) => canonicalReport(report, input.objects)) };
  },
  functions: {
    ...lifecycleFunctions,
    "budgets.allowed": ({ nodes, now }: { nodes: number; now: string }, { input }) => {
      const { budgets } = (input.objects as NodePool[]).find(({ kind }) => kind === "NodePool")?.spec.disruption ?? {};
      const nowMs = Date.parse(now);
      const active = (budgets ?? []).map((budget) => {
        try {
          return budgetIsActive(budget, nowMs);
        } catch {
          return "error";
        }
      });
      return { active, ...Object.fromEntries(["Empty", "Drifted", "Underutilized"].map((reason) => [reason, allowedDisruptions(budgets, { reason, nowMs, nodes }).allowed])) };
    },
    "pods.evictionCost": (_, { input }) => {
      const cost = evictionCost((input.objects as Pod[]).find(({ kind }) => kind === "Pod") as Pod);
      return { evictionCost: Number.isNaN(cost) ? "NaN" : round(cost) };
    },
    "nodeclaim.lifetimeRemaining": (_, { input }) => ({ lifetimeRemaining: round(lifetimeRemaining((input.objects as NodeClaim[]).find(({ kind }) => kind === "NodeClaim") as NodeClaim, Date.parse(input.now))) }),
    "balanced.score": ({ savingsFraction, disruptionFraction, k }: Record<string, number>) => canonicalScore(score(savingsFraction as number, disruptionFraction as number, k)),
    "balanced.move": ({ totalCost, totalDisruptionCost, savings, disruptionCost }: Record<string, number>) =>
      canonicalScore(scoreMove({ cost: totalCost as number, disruptionCost: totalDisruptionCost as number }, { savingsUsdPerHour: savings as number, disruptionCost: disruptionCost as number })),
    "queue.timeout": ({ queued }: { queued: number }) => ({ seconds: commandTimeoutMs(queued) / 1000 }),
    "disruption.loop": ({ steps }, line, context) => playLoop(steps, line, context),
    "cost.tracker": ({ steps }: { steps: { do: string; name: string; catalog?: string }[] }, { input }, context) => trackCosts(steps, input, context),
  },
};

/** What the line says of the cluster, as the packer takes it. */
export function clusterOf(input: Line["input"], context: Context): Cluster {
  const catalogs = Object.entries(input.catalogs as Record<string, any>).map(([pool, catalog]) => [pool, typeof catalog === "string" ? context.catalog(catalog) : catalog]);
  const objects = (input.objects ?? []) as KubeObject[];
  const gates = (input.featureGates ?? {}) as Record<string, boolean>;
  return {
    nodePools: objects.filter(({ kind }) => kind === "NodePool") as NodePool[],
    objects: objects.filter(({ kind }) => kind !== "NodePool"),
    instanceTypes: Object.fromEntries(catalogs),
    wellKnownLabels: input.wellKnownLabels ?? [],
    markedForDeletion: input.markedForDeletion ?? [],
    nominated: input.nominated ?? [],
    bufferPods: input.bufferPods ?? {},
    options: { ...input.options, ...("ReservedCapacity" in gates ? { reservedCapacity: gates["ReservedCapacity"] } : {}), featureGates: gates },
  };
}

function changed(cluster: Cluster, during: { apply?: KubeObject[]; nominate?: string[]; markForDeletion?: string[] }, expired: readonly string[]): Cluster {
  const key = ({ kind, metadata }: KubeObject): string => `${kind}/${metadata.namespace ?? ""}/${metadata.name}`;
  const applied = new Map((during.apply ?? []).map((object) => [key(object), object]));
  const pools = ([...applied.values()].filter(({ kind }) => kind === "NodePool") as NodePool[]).map(asWritten);
  const others = [...applied.values()].filter(({ kind }) => kind !== "NodePool");
  const rest = <T extends KubeObject>(objects: readonly T[]): T[] => objects.filter((object) => !applied.has(key(object)));
  return {
    ...cluster,
    nodePools: [...rest(cluster.nodePools), ...pools],
    objects: [...rest(cluster.objects), ...others],
    nominated: [...(cluster.nominated ?? []).filter((id) => !expired.includes(id)), ...(during.nominate ?? [])],
    markedForDeletion: [...(cluster.markedForDeletion ?? []), ...(during.markForDeletion ?? [])],
  };
}

// Only the line's own pools are ready without saying so; one that is applied to the API server is what it says.
function asWritten(nodePool: NodePool): NodePool {
  return (nodePool.status?.conditions ?? []).length > 0 ? nodePool : { ...nodePool, status: { ...nodePool.status, conditions: [{ type: "Ready", status: "Unknown" }] } };
}

function canonicalReport({ method, candidates, totals, budgets, commands, error, events }: MethodReport, objects: readonly KubeObject[]): unknown {
  return {
    method,
    candidates: candidates.map(({ price, disruptionCost, savingsRatio, ...rest }) => ({ ...rest, price: round(price), disruptionCost: round(disruptionCost), savingsRatio: round(savingsRatio) })),
    ...(totals === undefined ? {} : { totals: Object.fromEntries(Object.entries(totals).map(([pool, { cost, disruptionCost }]) => [pool, { cost: round(cost), disruptionCost: round(disruptionCost) }])) }),
    ...(budgets === undefined ? {} : { budgets }),
    commands: commands.map(canonicalCommand),
    ...(error === undefined ? {} : { error }),
    events: canonicalEvents(events, objects),
  };
}

function canonicalCommand({ decision, reason, sourceNodes, estimatedSavings, replacements, existingNodes }: Command): unknown {
  const claims = replacements.map(({ nodePool, instanceTypes, requirements, pods }) => ({ nodePool, instanceTypes, requirements, pods }));
  return { decision, reason, sourceNodes, estimatedSavings: round(estimatedSavings), replacements: claims, existingNodes };
}

/** Without the events of claims whose nodes have the same; lists of pods that would have no place by their length. */
export function canonicalEvents(events: readonly DisruptionEvent[], objects: readonly KubeObject[]): readonly DisruptionEvent[] {
  const nodeOf = new Map(objects.filter(({ kind }) => kind === "NodeClaim").map((claim) => [`NodeClaim/${claim.metadata.name}`, `Node/${(claim as NodeClaim).status?.nodeName ?? ""}`]));
  const shown = events.map(({ object, type, reason, message }) => ({ object, type, reason, message: shortened(message) }));
  const texts = new Set(shown.map((event) => JSON.stringify(event)));
  return shown.filter((event) => !nodeOf.has(event.object) || !texts.has(JSON.stringify({ ...event, object: nodeOf.get(event.object) })));
}

function shortened(message: string): string {
  if (!message.startsWith("Not all pods would schedule, ")) return message;
  const more = /and (\d+) other\(s\)/.exec(message);
  return `Not all pods would schedule (${message.split(" => ").length - 1 + Number(more?.[1] ?? 0)})`;
}

function canonicalScore({ savingsFraction, disruptionFraction, score: value, threshold, approved }: Score): unknown {
  return { savingsFraction: round(savingsFraction), disruptionFraction: round(disruptionFraction), score: value === Infinity ? "Infinity" : round(value), threshold: round(threshold), approved };
}

function trackCosts(steps: readonly { do: string; name: string; catalog?: string }[], input: Line["input"], context: Context): unknown {
  const { nodePools, objects, instanceTypes } = clusterOf(input, context);
  const typesOf = (pool: string): Cluster["instanceTypes"][string] | undefined => (nodePools.some(({ metadata }) => metadata.name === pool) ? (instanceTypes[pool] ?? instanceTypes["*"] ?? []) : undefined);
  let tracker: CostTracker = EMPTY_TRACKER;
  return {
    steps: steps.map((step) => {
      let failed = false;
      if (step.do === "add") ({ tracker, failed } = trackNodeClaim(tracker, objects.find(({ kind, metadata }) => kind === "NodeClaim" && metadata.name === step.name) as NodeClaim, typesOf));
      else if (step.do === "delete") ({ tracker, failed } = untrackNodeClaim(tracker, step.name));
      else if (step.do === "reprice") tracker = repriceNodePool(tracker, step.name, instanceTypes[step.catalog ?? ""] ?? []);
      else tracker = untrackNodePool(tracker, step.name);
      const pools = Object.fromEntries(nodePools.map(({ metadata }) => [metadata.name, round(trackedCost(tracker, metadata.name))]));
      return { do: step.do, failed, total: round(Object.values(tracker.pools).reduce((sum, { usdPerHour }) => sum + usdPerHour, 0)), pools };
    }),
  };
}

function round(value: number): number {
  return Number.isFinite(value) ? Math.round(value * 1e9) / 1e9 + 0 : 0;
}
