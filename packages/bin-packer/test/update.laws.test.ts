import type { CapacityBuffer, CSINode, DaemonSet, KubeObject, Namespace, Node, NodeClaim, NodeOverlay, PersistentVolume, PersistentVolumeClaim, Pod, PodDisruptionBudget, StorageClass } from "@groupless/api";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { apply, applyEvents, type Cluster, clusterOf, pendingZones, prepare, type Prepared, type Profile, solve, stateNodes, update, type UpdateOptions, whatIf, type WatchEvent } from "../src/index.ts";
import { cluster, HOSTNAME, is, node, NOW_MS, pod, pool, spread, term, TYPES, ZONE } from "./build.ts";

const RUNS = Number(process.env["LAWS_RUNS"] ?? 120);

const zone = fc.constantFrom("zone-a", "zone-b", "zone-c");
const name = fc.nat(5);
const flag = fc.boolean();
const rare = fc.integer({ min: 0, max: 9 }).map((value) => value === 0);

const pods = fc
  .record({
    name,
    on: fc.option(name, { freq: 2 }),
    cpu: fc.constantFrom("100m", "500m", "1", "3", "50"),
    app: fc.constantFrom("a", "b"),
    rule: fc.constantFrom("none", "none", "spread", "hosts", "near", "away", "away-zone", "namespaces", "exact-selector", "prefers"),
    namespace: fc.constantFrom("default", "other"),
    claim: fc.option(name, { freq: 3 }),
    port: rare,
    daemon: fc.option(fc.nat(1), { freq: 5 }),
    phase: fc.constantFrom("Running", "Running", "Running", "Succeeded"),
    going: rare,
    gated: rare,
    disk: rare,
    gpu: rare,
    fine: rare,
    created: fc.nat(2),
  })
  .map(({ name: index, on, cpu, app, rule, namespace, claim, port, daemon, phase, going, gated, disk, gpu, fine, created }): Pod => {
    const anti = (key?: string, more = {}) => ({ affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ ...term(app, key), ...more }] } } });
    const rules = {
      none: {},
      spread: { topologySpreadConstraints: [spread({ app })] },
      hosts: { topologySpreadConstraints: [spread({ app, topologyKey: HOSTNAME })] },
      near: { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term(app, ZONE)] } } },
      away: anti(),
      "away-zone": anti(ZONE),
      namespaces: anti(ZONE, { namespaceSelector: { matchLabels: { team: "x" } } }),
      "exact-selector": { topologySpreadConstraints: [spread({ app, labelSelector: { matchLabels: { app, tier: "t" } } })] },
      prefers: { affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: { matchExpressions: [is(ZONE, "zone-b")] } }] } } },
    }[rule];
    return pod(`p-${index}`, {
      cpu: fine ? "1001m" : cpu,
      namespace,
      labels: { app, tier: created === 0 ? "t" : "u" },
      ...rules,
      ...(port ? { ports: [8080] } : {}),
      ...(gpu ? { requests: { "example.com/gpu": "1" } } : {}),
      ...(disk ? { nodeSelector: { disk: "fast" } } : {}),
      ...(claim === null ? {} : { volumes: [{ name: "data", persistentVolumeClaim: { claimName: `c-${claim}` } }] }),
      ...(on === null ? {} : { nodeName: `n-${on}`, status: { phase } }),
      ...(gated && on === null ? { schedulingGates: [{ name: "gate" }] } : {}),
      metadata: {
        creationTimestamp: `2026-08-2${created}T12:00:00Z`,
        ...(going ? { deletionTimestamp: "2026-09-01T11:59:00Z" } : {}),
        ...(daemon === null ? {} : { ownerReferences: [{ apiVersion: "apps/v1", kind: "DaemonSet", name: `d-${daemon}`, uid: `d-${daemon}`, controller: true }] }),
      },
    });
  });

const nodes = fc
  .record({ name, zone, cpu: fc.constantFrom("2", "4", "4", "16"), provider: fc.option(name, { freq: 12 }), pool: fc.constantFrom("default", "default", "default", undefined), initialized: flag, taint: rare, disk: flag, going: rare, which: fc.constantFrom("both", "both", "both", "node", "claim"), quiet: rare, extra: rare })
  .map(({ name: index, zone: at, cpu, provider, pool: of, initialized, taint, disk, going, which, quiet, extra }): KubeObject[] => {
    const made = node(`n-${index}`, {
      cpu,
      zone: at,
      initialized,
      labels: disk ? { disk: "fast" } : {},
      ...(of === undefined ? {} : { pool: of }),
      ...(taint ? { taints: [{ key: "k", effect: "NoSchedule" as const }] } : {}),
    });
    const id = `test:///${provider === null ? `n-${index}` : `n-${provider}`}`;
    return made
      .filter(({ kind }) => which === "both" || (which === "node") === (kind === "Node"))
      .map((object): KubeObject => {
        const metadata = { ...object.metadata, ...(going ? { deletionTimestamp: "2026-09-01T11:59:00Z" } : {}) };
        if (object.kind === "Node") return { ...object, metadata, spec: { ...object.spec, providerID: id }, status: { ...object.status, ...(extra ? { allocatable: { ...object.status?.allocatable, "example.com/gpu": "2" } } : {}) } } as Node;
        const claim = object as NodeClaim;
        return { ...claim, metadata, status: { ...claim.status, providerID: id, ...(quiet ? { lastPodEventTime: "2026-09-01T11:59:59Z", conditions: [{ type: "Initialized", status: "True" }] } : {}) } } as NodeClaim;
      });
  });

const volumeClaims = fc
  .record({ name, namespace: fc.constantFrom("default", "other"), volume: fc.option(name), bound: flag })
  .map(({ name: index, namespace, volume, bound }): PersistentVolumeClaim => ({ apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: `c-${index}`, namespace, ...(bound ? { annotations: { "pv.kubernetes.io/bind-completed": "yes" } } : {}) }, spec: { storageClassName: "s", ...(volume === null ? {} : { volumeName: `v-${volume}` }) } }) as PersistentVolumeClaim);
const volumes = fc
  .record({ name, zone: fc.option(zone) })
  .map(({ name: index, zone: at }): PersistentVolume => ({ apiVersion: "v1", kind: "PersistentVolume", metadata: { name: `v-${index}` }, spec: { csi: { driver: "d", volumeHandle: "h" }, ...(at === null ? {} : { nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [is(ZONE, at)] }] } } }) } }) as PersistentVolume);
const storageClasses = fc.option(zone).map((at): StorageClass => ({ apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name: "s" }, provisioner: "d", volumeBindingMode: "WaitForFirstConsumer", ...(at === null ? {} : { allowedTopologies: [{ matchLabelExpressions: [{ key: ZONE, values: [at] }] }] }) }) as StorageClass);
const csiNodes = fc.tuple(name, fc.nat(2)).map(([index, count]): CSINode => ({ apiVersion: "storage.k8s.io/v1", kind: "CSINode", metadata: { name: `n-${index}` }, spec: { drivers: [{ name: "d", nodeID: "n", allocatable: { count } }] } }) as CSINode);
const budgets = fc.constantFrom("a", "b").map((app): PodDisruptionBudget => ({ apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: { name: `b-${app}`, namespace: "default" }, spec: { selector: { matchLabels: { app } }, maxUnavailable: 0 } }) as PodDisruptionBudget);
const namespaces = fc.tuple(fc.constantFrom("default", "other"), flag).map(([of, team]): Namespace => ({ apiVersion: "v1", kind: "Namespace", metadata: { name: of, labels: team ? { team: "x" } : {} } }));
const daemonSets = fc
  .tuple(fc.nat(1), fc.constantFrom("100m", "1"), flag)
  .map(([index, cpu, disk]): DaemonSet => ({ apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name: `d-${index}`, namespace: "default", uid: `d-${index}` }, spec: { selector: {}, template: { metadata: {}, spec: { containers: [{ name: "main", resources: { requests: { cpu } } }], ...(disk ? { nodeSelector: { disk: "fast" } } : {}) } } } }) as unknown as DaemonSet);
const pools = fc.tuple(fc.constantFrom("default", "second"), fc.option(fc.integer({ min: 4, max: 40 })), fc.nat(3), rare).map(([of, cpu, weight, status]) => ({ ...pool(of, { weight, ...(cpu === null ? {} : { limits: { cpu: String(cpu) } }), disruption: { consolidateAfter: "30s" } }), ...(status ? { status: { resources: { cpu: "7" } } } : {}) }));
const buffers = fc.nat(2).map((replicas): CapacityBuffer => ({ apiVersion: "autoscaling.x-k8s.io/v1beta1", kind: "CapacityBuffer", metadata: { name: "spare", namespace: "default" }, spec: { replicas, podTemplateRef: { name: "t" } } }) as CapacityBuffer);
const templates = fc.constantFrom("1", "3").map((cpu) => ({ apiVersion: "v1", kind: "PodTemplate", metadata: { name: "t", namespace: "default" }, template: { spec: { containers: [{ name: "main", resources: { requests: { cpu } } }] } } }) as unknown as KubeObject);
const overlays = fc.constantFrom("-10%", "+20%").map((priceAdjustment): NodeOverlay => ({ apiVersion: "karpenter.sh/v1alpha1", kind: "NodeOverlay", metadata: { name: "o" }, spec: { requirements: [], priceAdjustment } }) as NodeOverlay);

const one = (from: fc.Arbitrary<KubeObject>): fc.Arbitrary<KubeObject[]> => from.map((object) => [object]);
const changed: fc.Arbitrary<KubeObject[]> = fc.oneof(
  { arbitrary: one(pods), weight: 8 },
  { arbitrary: nodes, weight: 5 },
  { arbitrary: one(volumeClaims), weight: 2 },
  { arbitrary: one(volumes), weight: 2 },
  one(storageClasses), one(csiNodes), one(budgets), one(namespaces), one(daemonSets), one(pools), one(buffers), one(templates), one(overlays),
);
const messages: fc.Arbitrary<WatchEvent[]> = fc.array(fc.tuple(fc.constantFrom("ADDED", "MODIFIED", "DELETED"), changed), { minLength: 1, maxLength: 4 }).map((list) => list.flatMap(([type, objects]) => objects.map((object): WatchEvent => ({ type: type as WatchEvent["type"], object }))));
const marks: fc.Arbitrary<Omit<UpdateOptions, "nowMs">> = fc.oneof({ arbitrary: fc.constant({}), weight: 3 }, fc.uniqueArray(name, { maxLength: 2 }).map((ids) => ({ markedForDeletion: ids.map((id) => `test:///n-${id}`) })), fc.constant({ nominated: ["test:///n-0"] }));

const keyOf = ({ kind, metadata }: KubeObject): string => `${kind}/${metadata.namespace}/${metadata.name}`;
const clusters = fc.record({ many: fc.array(changed, { minLength: 4, maxLength: 16 }), gates: flag }).map(({ many, gates }): Cluster => {
  const objects = [...new Map(many.flat().filter(({ kind }) => kind !== "NodePool").map((object) => [keyOf(object), object])).values()];
  return cluster(objects, { nodePools: [pool("default", { disruption: { consolidateAfter: "30s" } })], instanceTypes: { "*": TYPES }, options: gates ? { featureGates: { CapacityBuffer: true, NodeOverlay: true } } : {} });
});

/** Everything anyone can ask. */
function answers(prepared: Prepared): string {
  const states = stateNodes(prepared);
  const gone = states.slice(0, 2).map(({ name: of }) => of);
  return JSON.stringify([solve(prepared), solve(prepared, { purpose: "disruption" }), whatIf(prepared, { removeNodes: gone }, { purpose: "disruption" }), pendingZones(prepared), states]);
}

describe("update", () => {
  test("after any sequence of messages of any kind, everything is answered as by preparing the cluster from scratch", () => {
    fc.assert(
      fc.property(clusters, fc.array(fc.tuple(messages, marks, fc.nat(40_000)), { minLength: 1, maxLength: 6 }), fc.constantFrom<Profile>("karpenter-1.14", "karpenter-1.14", "exact"), (from, turns, profile) => {
        let prepared = prepare(from, { nowMs: NOW_MS, profile });
        const first = prepared;
        const before = answers(first);
        let applied = from;
        for (const [events, fields, later] of turns) {
          const nowMs = NOW_MS + later;
          prepared = update(prepared, events, { nowMs, ...fields });
          applied = { ...applyEvents(applied, events), ...fields };
          expect(clusterOf(prepared)).toEqual(applied);
          expect(answers(prepared)).toBe(answers(prepare(applied, { nowMs, profile })));
        }
        expect(answers(first)).toBe(before);
      }),
      { numRuns: RUNS },
    );
  });

  test("a what-if about objects, pods and nodes is answered as by solving the changed cluster", () => {
    fc.assert(
      fc.property(clusters, messages, fc.array(changed, { maxLength: 2 }), fc.nat(3), flag, (from, some, added, gone, isDisruption) => {
        const prepared = update(prepare(from, { nowMs: NOW_MS }), some, { nowMs: NOW_MS });
        const objects = [...new Map(added.flat().filter(({ kind }) => kind !== "NodePool").map((object) => [keyOf(object), object])).values()];
        const removePods = clusterOf(prepared).objects.filter(({ kind }) => kind === "Pod").slice(0, gone).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
        const kept = apply(clusterOf(prepared), { objects, removePods });
        const removeNodes = stateNodes(prepare(kept, { nowMs: NOW_MS })).slice(0, 1).map(({ name: of }) => of);
        const change = { objects, removePods, removeNodes };
        const purpose = isDisruption ? "disruption" : "provisioning";
        expect(JSON.stringify(whatIf(prepared, change, { purpose }))).toBe(JSON.stringify(solve(prepare(apply(clusterOf(prepared), change), { nowMs: NOW_MS }), { purpose })));
      }),
      { numRuns: RUNS },
    );
  });

  test("two updates of one preparation know nothing of each other", () => {
    fc.assert(
      fc.property(clusters, messages, messages, (from, some, others) => {
        const prepared = prepare(from, { nowMs: NOW_MS });
        const [a, b] = [update(prepared, some, { nowMs: NOW_MS }), update(prepared, others, { nowMs: NOW_MS })];
        expect(answers(a)).toBe(answers(prepare(applyEvents(from, some), { nowMs: NOW_MS })));
        expect(answers(b)).toBe(answers(prepare(applyEvents(from, others), { nowMs: NOW_MS })));
      }),
      { numRuns: RUNS },
    );
  });
});
