import { InputError, isCurrentlyReschedulable, type KubeObject, nameOf, type Pod } from "@groupless/api";
import { apply, applyEvents, type Change, type Cluster, clusterOf, type Packing, prepare, solve, update, type WatchEvent, whatIf } from "@groupless/bin-packer";
import { asYaml, assertHolds, bound, fromYaml, karpenterDeviations, pod, placementInvariants, showing, violations } from "@groupless/testing";
import { clusters, nodePools, podTemplates } from "@groupless/testing/arbitraries";
import * as fc from "fast-check";
import { expect, test } from "vitest";

// The few runs of every day are the same each time, so that what the generators must have made is there.
const RUNS = process.env["LAWS_RUNS"] === undefined ? { numRuns: 100, seed: 1 } : { numRuns: Number(process.env["LAWS_RUNS"]) };
const nowMs = Date.UTC(2026, 8, 1, 13);
const plan = (cluster: Cluster): Packing => solve(prepare(cluster, { nowMs }));
const bytes = (packing: Packing): string => JSON.stringify(packing);

/** The same list in some order. */
function shuffled<T>(list: readonly T[], dice: readonly number[]): T[] {
  return list.map((item, index) => ({ item, rank: dice[index % Math.max(1, dice.length)] ?? 0, index })).sort((a, b) => a.rank - b.rank || b.index - a.index).map(({ item }) => item);
}
const dice = fc.array(fc.nat(1000), { minLength: 8, maxLength: 24 });

test("a plan holds to every invariant, but where Karpenter is known to depart from Kubernetes", () => {
  let placed = 0;
  let refused = 0;
  fc.assert(
    fc.property(clusters(), (cluster) => {
      const packing = plan(cluster);
      placed += packing.newNodeClaims.length + packing.existingNodes.length;
      refused += packing.podErrors.length;
      assertHolds(cluster, packing, placementInvariants, { except: karpenterDeviations });
    }),
    RUNS,
  );
  expect(placed).toBeGreaterThan(RUNS.numRuns);
  expect(refused).toBeGreaterThan(RUNS.numRuns / 4);
});

test("a plan made to take nodes away holds to every invariant too", () => {
  fc.assert(
    fc.property(clusters({ maxPods: 8 }), fc.nat(3), (cluster, which) => {
      const node = cluster.objects.filter(({ kind }) => kind === "Node")[which];
      if (node === undefined) return;
      const gone: Cluster = { ...cluster, markedForDeletion: [(node as Extract<KubeObject, { kind: "Node" }>).spec?.providerID ?? ""] };
      // Its pods are placed anew, but those nobody may evict: they stay, and count where they are (Karpenter pkg/utils/pdb, IsCurrentlyReschedulable).
      const packing = plan(gone);
      const budgets = gone.objects.filter((object) => object.kind === "PodDisruptionBudget");
      const leaves = (object: KubeObject): object is Pod => object.kind === "Pod" && object.spec.nodeName === node.metadata.name && isCurrentlyReschedulable(object, budgets, nowMs);
      const leaving = { ...gone, objects: gone.objects.map((object) => (leaves(object) ? { ...object, spec: { ...object.spec, nodeName: "" } } : object)) };
      assertHolds(leaving, packing, placementInvariants.filter(({ name }) => name !== "explainsEveryPod"), { except: karpenterDeviations });
    }),
    RUNS,
  );
});

test("the order of objects, pools and types does not matter", () => {
  fc.assert(
    fc.property(
      clusters(),
      dice,
      showing((cluster, order) => {
        const mixed: Cluster = {
          ...cluster,
          nodePools: shuffled(cluster.nodePools, order),
          objects: shuffled(cluster.objects, order),
          instanceTypes: Object.fromEntries(Object.entries(cluster.instanceTypes).map(([pool, types]) => [pool, shuffled(types, order)])),
        };
        expect(bytes(plan(mixed))).toBe(bytes(plan(cluster)));
      }),
    ),
    RUNS,
  );
});

/** Changes of every kind, about what the cluster holds. */
const changes = fc.record({
  removeNodes: fc.subarray(["n0", "n1", "n2", "n3"], { maxLength: 2 }),
  removePods: fc.subarray(["default/new-p0-0", "default/old-p0-0", "default/nobody"], { maxLength: 2 }),
  removeNodePools: fc.subarray(["other"]),
  nodePools: fc.array(nodePools("extra"), { maxLength: 1 }),
  objects: fc.array(podTemplates().map(({ labels, requests, spec }): KubeObject => pod("added", requests, { metadata: { labels }, spec })), { maxLength: 1 }),
  prices: fc.array(fc.record({ requirements: fc.constant([{ key: "karpenter.sh/capacity-type", operator: "In" as const, values: ["spot"] }]), factor: fc.constantFrom(0.5, 10) }), { maxLength: 1 }),
  unavailable: fc.array(fc.constantFrom("zone-a", "zone-b").map((zone) => ({ requirements: [{ key: "topology.kubernetes.io/zone", operator: "In" as const, values: [zone] }] })), { maxLength: 1 }),
});

/** What was answered, or the code of the refusal of bad input. */
function orRefusal(ask: () => Packing): string {
  try {
    return bytes(ask());
  } catch (error) {
    if (error instanceof InputError) return error.code;
    throw error;
  }
}

test("a what-if answers as the changed cluster would", () => {
  let answered = 0;
  fc.assert(
    fc.property(
      clusters({ maxPods: 8 }),
      changes,
      fc.constantFrom("provisioning" as const, "disruption" as const),
      showing((cluster, drawn: Change, purpose) => {
        const known = new Set(cluster.objects.map(nameOf));
        const all = { ...drawn, removeNodes: (drawn.removeNodes ?? []).filter((name) => known.has(name)) };
        const prepared = prepare(cluster, { nowMs });
        const before = bytes(solve(prepared));
        for (const change of [all, { removeNodes: all.removeNodes }]) {
          const answer = orRefusal(() => whatIf(prepared, change, { purpose }));
          answered += answer.startsWith("{") ? 1 : 0;
          expect(answer).toBe(orRefusal(() => solve(prepare(apply(clusterOf(prepared), change), { nowMs }), { purpose })));
        }
        expect(bytes(solve(prepared))).toBe(before);
      }),
    ),
    RUNS,
  );
  expect(answered).toBeGreaterThan(RUNS.numRuns / 4);
});

test("an update is a preparation of the changed cluster", () => {
  const events = fc.array(fc.tuple(fc.constantFrom("ADDED" as const, "MODIFIED" as const, "DELETED" as const), fc.nat(20), podTemplates()), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(
      clusters({ maxPods: 8 }),
      events,
      showing((cluster, drawn) => {
        const watched = drawn.map(([type, index, { labels, requests, spec }], serial): WatchEvent => {
          const known = cluster.objects[index % Math.max(1, cluster.objects.length)] as KubeObject;
          if (type === "DELETED") return { type, object: known };
          return type === "MODIFIED" && known.kind === "Pod" ? { type, object: { ...known, metadata: { ...known.metadata, labels } } } : { type: "ADDED", object: pod(`late-${serial}`, requests, { metadata: { labels }, spec }) };
        });
        const prepared = prepare(cluster, { nowMs });
        const later = { nowMs: nowMs + 1000 };
        expect(bytes(solve(update(prepared, watched, later)))).toBe(bytes(solve(prepare(applyEvents(cluster, watched), later))));
      }),
    ),
    RUNS,
  );
});

test("a refused pod fits no single machine: alone in the cluster, on any node there is, or any new one", () => {
  let refused = 0;
  fc.assert(
    fc.property(
      clusters({ maxPods: 4, maxNodes: 1, topology: false, preferences: false }),
      showing((cluster) => {
        const limited = cluster.nodePools.some(({ spec }) => spec.limits !== undefined);
        if (limited) return;
        const waiting = cluster.objects.filter((object): object is Pod => object.kind === "Pod" && object.spec.nodeName === undefined);
        const errors = new Set(plan(cluster).podErrors.map(({ pod: name }) => name));
        for (const one of waiting.filter((candidate) => errors.has(nameOf(candidate)))) {
          refused += 1;
          expect(places(cluster, one)).toEqual([]);
        }
      }),
    ),
    RUNS,
  );
  expect(refused).toBeGreaterThan(RUNS.numRuns / 20);
});

/** Every empty machine of every pool that the pod could run on, found by trying each one as a claim of its own. */
function places(cluster: Cluster, waiting: Pod): string[] {
  const alone: Cluster = { ...cluster, objects: [waiting, ...cluster.objects.filter(({ kind }) => kind === "DaemonSet")] };
  return cluster.nodePools.flatMap((pool) =>
    (cluster.instanceTypes[pool.metadata.name] ?? cluster.instanceTypes["*"] ?? []).flatMap((type) =>
      type.offerings.flatMap((offering) => {
        const value = (key: string): string => offering.requirements.find((requirement) => requirement.key === key)?.values?.[0] ?? "";
        const pinned = ["topology.kubernetes.io/zone", "karpenter.sh/capacity-type"].map((key) => ({ key, operator: "In" as const, values: [value(key)] }));
        const template = pool.spec.template;
        const meets = [...type.requirements.filter(({ key }) => !pinned.some((one) => one.key === key)), ...pinned];
        const allowed = (template.spec.requirements ?? []).every(({ key, values = [] }) => meets.find((one) => one.key === key)?.values?.some((one) => values.includes(one)));
        if (!allowed) return [];
        const packing: Packing = {
          newNodeClaims: [{ nodePool: pool.metadata.name, pods: [nameOf(waiting)], requests: {}, requirements: pinned, instanceTypes: [type.name], cheapestPrice: offering.price, labels: template.metadata?.labels ?? {}, annotations: {}, taints: template.spec.taints ?? [], startupTaints: [] }],
          existingNodes: [],
          podErrors: [],
          ignoredPods: [],
          priceUsdPerHour: 0,
        };
        return violations(alone, packing, placementInvariants).length > 0 ? [] : [`${pool.metadata.name}: ${type.name} ${value("topology.kubernetes.io/zone")}`];
      }),
    ),
  );
}

test("a counterexample's YAML is the same cluster, to the last byte of its plan", () => {
  fc.assert(
    fc.property(clusters(), (cluster) => {
      const read = fromYaml(asYaml(cluster));
      expect(bytes(plan(read))).toBe(bytes(plan(cluster)));
      expect(read.objects.map(nameOf).sort()).toEqual(cluster.objects.map(nameOf).sort());
    }),
    RUNS,
  );
});

test("what is planned can be carried out: bound to their nodes, the pods that had a place need nothing more", () => {
  fc.assert(
    fc.property(
      clusters({ topology: false }),
      showing((cluster) => {
        const packing = plan(cluster);
        const place = new Map(packing.existingNodes.flatMap(({ node, pods }) => pods.map((name) => [name, node])));
        const after: Cluster = { ...cluster, objects: cluster.objects.map((object) => (object.kind === "Pod" && place.has(nameOf(object)) ? bound(object, place.get(nameOf(object)) as string) : object)) };
        const next = plan(after);
        expect(next.podErrors.map(({ pod: name }) => name).sort()).toEqual(packing.podErrors.map(({ pod: name }) => name).sort());
      }),
    ),
    RUNS,
  );
});
