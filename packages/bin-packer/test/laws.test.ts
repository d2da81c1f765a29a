import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { KubeObject, NodePool, Pod } from "@groupless/api";
import { apply, applyEvents, clusterOf, type Cluster, type Demand, prepare, solve, stateNodes, update, whatIf, type WatchEvent } from "../src/index.ts";
import { CAPACITY_TYPE, cluster, HOSTNAME, is, node, NOW_MS, packed, pod, pool, spread, term, TYPES, type, ZONE } from "./build.ts";

const RUNS = Number(process.env["LAWS_RUNS"] ?? 150);
const check = <T extends unknown[]>(property: fc.IProperty<T>): void => fc.assert(property, { numRuns: RUNS });

const label = fc.constantFrom("a", "b", "c");
const zone = fc.constantFrom("zone-a", "zone-b", "zone-c");
const shape = fc.record({
  cpu: fc.constantFrom("100m", "500m", "1", "3"),
  app: label,
  rule: fc.constantFrom("none", "spread", "soft", "hosts", "near", "away", "away-zone", "prefers"),
  other: label,
  zone: fc.option(zone, { freq: 6 }),
});

function made(name: string, { cpu, app, rule, other, zone: at }: typeof shape extends fc.Arbitrary<infer T> ? T : never, on?: string): Pod {
  const anti = (key?: string) => ({ affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term(other, key)] } } });
  const rules = {
    none: {},
    spread: { topologySpreadConstraints: [spread({ app: other })] },
    soft: { topologySpreadConstraints: [spread({ app: other, whenUnsatisfiable: "ScheduleAnyway" })] },
    hosts: { topologySpreadConstraints: [spread({ app: other, topologyKey: HOSTNAME })] },
    near: { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term(other, ZONE)] } } },
    away: anti(),
    "away-zone": anti(ZONE),
    prefers: { affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: { matchExpressions: [is(ZONE, "zone-b")] } }] } } },
  }[rule];
  return pod(name, { cpu, labels: { app }, ...rules, ...(at === null ? {} : { nodeSelector: { [ZONE]: at } }), ...(on === undefined ? {} : { nodeName: on, status: { phase: "Running" } }) });
}

const clusters = fc.record({ nodes: fc.array(zone, { maxLength: 4 }), bound: fc.array(fc.tuple(fc.nat(9), shape), { maxLength: 8 }), pending: fc.array(shape, { maxLength: 8 }), limit: fc.option(fc.integer({ min: 4, max: 40 })) }).map(({ nodes, bound, pending, limit }): Cluster => {
  const objects: KubeObject[] = nodes.flatMap((at, index) => node(`n-${index}`, { zone: at, pool: "default" }));
  for (const [index, [on, one]] of bound.entries()) if (nodes.length > 0) objects.push(made(`bound-${index}`, one, `n-${on % nodes.length}`));
  for (const [index, one] of pending.entries()) objects.push(made(`pending-${index}`, one));
  return cluster(objects, { nodePools: [pool("default", limit === null ? {} : { limits: { cpu: String(limit) } }), pool("arm", { weight: 1 }, { requirements: [is("kubernetes.io/arch", "arm64")] })] });
});
const prepared = (from: Cluster) => prepare(from, { nowMs: NOW_MS });
const purposes = fc.constantFrom("provisioning", "disruption") as fc.Arbitrary<"provisioning" | "disruption">;

describe("laws", () => {
  test("taking nodes away is answered as by solving the changed cluster", () => {
    check(
      fc.property(clusters, fc.array(fc.nat(5), { minLength: 1, maxLength: 3 }), purposes, (from, picks, purpose) => {
        const one = prepared(from);
        const names = stateNodes(one).map(({ name }) => name);
        const change = { removeNodes: [...new Set(picks.flatMap((pick) => names[pick] ?? []))] };
        expect(whatIf(one, change, { purpose })).toEqual(solve(prepared(apply(clusterOf(one), change)), { purpose }));
      }),
    );
  });

  test("pods that nobody can tell apart are placed as pods are that differ in nothing that decides", () => {
    const replicas = fc.array(fc.tuple(shape, fc.integer({ min: 1, max: 12 })), { minLength: 1, maxLength: 4 });
    let shared = 0;
    check(
      fc.property(clusters, replicas, purposes, (from, groups, purpose) => {
        const alike = groups.flatMap(([one, count], group) => Array.from({ length: count }, (_, index) => made(`group-${group}-${index}`, one)));
        // A label that some rule looks at makes each a class of its own. A toleration of its own would do so too, but would also take the pod out of the count of a spread
        // that Karpenter lets pods share which want different zones, with the zone of the first of them: see "the count of a spread" in topology/topology.test.ts.
        const apart = alike.map((one, index): Pod => ({ ...one, metadata: { ...one.metadata, labels: { ...one.metadata.labels, who: `nobody-${index}` } } }));
        const watcher = pod("watcher", { cpu: "999", topologySpreadConstraints: [spread({ labelSelector: { matchLabels: { who: "somebody" } } })] });
        const places = (pods: readonly Pod[]): unknown => {
          const { newNodeClaims, existingNodes, podErrors, priceUsdPerHour } = solve(prepared({ ...from, objects: [...from.objects, watcher, ...pods] }), { purpose });
          shared += newNodeClaims.filter((claim) => claim.pods.length > 2).length;
          return { newNodeClaims, existingNodes, priceUsdPerHour, unplaced: podErrors.map(({ pod: name, classes }) => [name, classes]) };
        };
        expect(places(alike)).toEqual(places(apart));
      }),
    );
    expect(shared).toBeGreaterThan(RUNS / 4);
  });

  test("any other change is answered as by solving the changed cluster, and leaves the cluster as it was", () => {
    check(
      fc.property(clusters, shape, zone, (from, added, gone) => {
        const one = prepared(from);
        const before = JSON.stringify(from);
        const change = { objects: [made("added", added)], unavailable: [{ requirements: [is(ZONE, gone)] }], prices: [{ requirements: [is(CAPACITY_TYPE, "spot")], factor: 2 }] };
        expect(whatIf(one, change)).toEqual(solve(prepared(apply(clusterOf(one), change))));
        expect(JSON.stringify(from)).toBe(before);
      }),
    );
  });

  test("an updated preparation answers as one of the changed cluster", () => {
    check(
      fc.property(clusters, fc.array(fc.tuple(fc.constantFrom("ADDED", "MODIFIED", "DELETED"), fc.nat(9), shape), { maxLength: 5 }), (from, messages) => {
        const events = messages.map(([kind, index, one]) => ({ type: kind, object: made(`pending-${index}`, one) })) as WatchEvent[];
        const updated = update(prepared(from), events, { nowMs: NOW_MS });
        expect(solve(updated)).toEqual(solve(prepared(applyEvents(from, events))));
        expect(clusterOf(updated)).toEqual(applyEvents(from, events));
      }),
    );
  });

  test("a preparation after many others, with amounts none of them had, answers as the first of its kind", () => {
    const amount = fc.constantFrom("100m", "333m", "1", "1500m", "7", "0.0005");
    const rounds = fc.array(fc.array(fc.tuple(fc.constantFrom("ADDED", "DELETED"), fc.nat(9), shape, amount), { maxLength: 4 }), { minLength: 1, maxLength: 4 });
    const objective = fc.constantFrom("first-fit", "first-fit", "first-fit", "first-fit", "first-fit", "first-fit", "first-fit", "cheapest") as fc.Arbitrary<"first-fit" | "cheapest">;
    check(
      fc.property(clusters, rounds, objective, fc.boolean(), (from, turns, chosen, gpus) => {
        let one = prepared(from);
        for (const turn of turns) {
          const events = turn.map(([kind, index, like, cpu]) => ({ type: kind, object: made(`pending-${index}`, { ...like, cpu: cpu as never }) })) as WatchEvent[];
          if (gpus) events.push({ type: "ADDED", object: pod("a-gpu", { cpu: "1", requests: { "example.com/gpu": "1" } }) });
          one = update(one, events, { nowMs: NOW_MS });
          expect(JSON.stringify(solve(one, { objective: chosen, budgetMs: 20 }))).toBe(JSON.stringify(solve(prepared(clusterOf(one)), { objective: chosen, budgetMs: 20 })));
        }
        const other = { ...clusterOf(one), nodePools: clusterOf(one).nodePools.slice(0, 1) };
        expect(JSON.stringify(solve(prepare(other, { nowMs: NOW_MS, like: one })))).toBe(JSON.stringify(solve(prepared(other))));
      }),
    );
  });

  test("the order in which objects, pools and types come decides nothing", () => {
    check(
      fc.property(clusters, fc.infiniteStream(fc.nat()), (from, numbers) => {
        const shuffled = <T>(list: readonly T[]): T[] => list.map((item) => [numbers.next().value as number, item] as const).sort(([a], [b]) => a - b).map(([, item]) => item);
        const other = { ...from, objects: shuffled(from.objects), nodePools: shuffled(from.nodePools), instanceTypes: { "*": shuffled(TYPES) } };
        expect(JSON.stringify(solve(prepared(other)))).toBe(JSON.stringify(solve(prepared(from))));
      }),
    );
  });

  test("every pod that waits is placed once or explained once", () => {
    check(
      fc.property(clusters, (from) => {
        const packing = solve(prepared(from));
        const named = [...packing.newNodeClaims.flatMap(({ pods }) => pods), ...packing.existingNodes.flatMap(({ pods }) => pods), ...packing.podErrors.map(({ pod: name }) => name)].sort();
        expect(named).toEqual(from.objects.filter((object): object is Pod => object.kind === "Pod" && object.spec.nodeName === undefined).map(({ metadata }) => `default/${metadata.name}`).sort());
        for (const { reasons } of packing.podErrors) expect(reasons.length).toBeGreaterThan(0);
      }),
    );
  });
});

const catalog = [type("tiny", 1, { zones: ["zone-a"] }), type("wide", 8, { zones: ["zone-b", "zone-c"], capacityTypes: ["on-demand"], requirements: [is("gen", "1")] }), type("arm", 4, { arch: "arm64", requirements: [is("gen", "2")] }), type("gpu", 4, { capacity: { "example.com/gpu": "2" }, zones: ["zone-c"], unavailable: ["zone-c"] })];
const wishes = fc.record({
  arch: fc.option(fc.constantFrom("amd64", "arm64")),
  zone: fc.option(zone),
  capacity: fc.option(fc.constantFrom("spot", "on-demand")),
  gen: fc.option(fc.constantFrom("1", "2", "3")),
  cpu: fc.constantFrom("500m", "2", "6", "20"),
  memory: fc.constantFrom("1Gi", "10Gi", "40Gi"),
  gpu: fc.option(fc.constantFrom("1", "2", "3"), { freq: 2 }),
});
type Wishes = typeof wishes extends fc.Arbitrary<infer T> ? T : never;
const SELECTORS = { arch: "kubernetes.io/arch", zone: ZONE, capacity: CAPACITY_TYPE, gen: "gen" } as const;

function wishing(wish: Partial<Wishes>): Pod {
  const nodeSelector = Object.fromEntries(Object.entries(SELECTORS).flatMap(([name, key]) => { const value = wish[name as keyof typeof SELECTORS]; return value === null || value === undefined ? [] : [[key, value]]; }));
  const { cpu = "0", memory = "0", gpu } = wish;
  return pod("wish", { cpu, memory, nodeSelector, requests: gpu === null || gpu === undefined ? {} : { "example.com/gpu": gpu } });
}
const rest = (pools: readonly NodePool[] = [pool()]): Partial<Cluster> => ({ nodePools: pools, instanceTypes: { "*": catalog }, wellKnownLabels: ["gen"] });
const places = (wish: Partial<Wishes>): boolean => packed([wishing(wish)], rest()).podErrors.length === 0;

/** The wish without some demands, or with these alone. */
function lifted(wish: Wishes, demands: readonly Demand[], keep: boolean): Partial<Wishes> {
  const named = new Set(demands.map((demand) => (demand.kind === "requirement" ? demand.requirement.key : demand.kind === "resource" ? demand.resource : "")));
  const nameOf = { ...SELECTORS, cpu: "cpu", memory: "memory", gpu: "example.com/gpu" } as const;
  return Object.fromEntries(Object.entries(wish).filter(([name]) => named.has(nameOf[name as keyof typeof nameOf]) === keep));
}

describe("conflicts", () => {
  test("dropping every demand named makes the pod place, and every demand of a conflict is necessary for it", () => {
    let seen = 0;
    check(
      fc.property(wishes, (wish) => {
        const reason = packed([wishing(wish)], rest()).podErrors[0]?.reasons[0];
        if (reason?.code !== "no-instance-type") return;
        seen++;
        expect(reason.conflicts.length).toBeGreaterThan(0);
        expect(places(lifted(wish, reason.conflicts.flat(), false))).toBe(true);
        for (const core of reason.conflicts) {
          expect(places(lifted(wish, core, true))).toBe(false);
          for (const one of core) expect(places(lifted(wish, core.filter((other) => other !== one), true))).toBe(true);
        }
      }),
    );
    expect(seen).toBeGreaterThan(RUNS / 4);
  });

  test("P-052 a pod called unschedulable fits no single empty node of any pool, by brute force", () => {
    check(
      fc.property(wishes, fc.subarray(["zone-a", "zone-b", "zone-c"], { minLength: 1 }), (wish, zones) => {
        const fits = catalog.some((one) => {
          const own = new Map(one.requirements.map(({ key, values = [] }) => [key, values]));
          const amount = (resource: string): number => Number((one.capacity[resource] ?? "0").replace("Gi", ""));
          const room = Number(wish.cpu === "500m" ? 0.5 : wish.cpu) <= amount("cpu") && Number(wish.memory.replace("Gi", "")) <= amount("memory") && Number(wish.gpu ?? 0) <= amount("example.com/gpu");
          return room && one.offerings.some(({ available, requirements }) => {
            const offered = new Map([...own, ...requirements.map(({ key, values = [] }) => [key, values] as const)]);
            const meets = Object.entries(SELECTORS).every(([name, key]) => { const value = wish[name as keyof typeof SELECTORS]; return value === null || offered.get(key) === undefined || (offered.get(key) as readonly string[]).includes(value); });
            return available && meets && zones.some((at) => offered.get(ZONE)?.includes(at));
          });
        });
        expect(packed([wishing(wish)], rest([pool("default", {}, { requirements: [is(ZONE, ...zones)] })])).podErrors.length === 0).toBe(fits);
      }),
    );
  });
});
