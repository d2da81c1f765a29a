import type { KubeObject } from "@groupless/api";
import fc from "fast-check";
import { expect, test } from "vitest";
import * as lifecycle from "../src/index.ts";
import { node, nodeClaim, nodePool, NOW_MS, PROVIDER_ID, pod, running } from "./objects.ts";

const RUNS = { numRuns: Number(process.env["LAWS_RUNS"] ?? 300) };

const text = fc.constantFrom("", "x", "Never", "-5s", "1e999", "0s", "1h", "2026-13-01T00:00:00Z", "2026-08-19T11:59:59Z", "9999-12-31T23:59:59Z", "100%", "-1", "10000000Gi", "true", "i-1", PROVIDER_ID);
const FIELDS = [
  "metadata.creationTimestamp", "metadata.deletionTimestamp", "metadata.uid", "metadata.annotations.karpenter~sh/do-not-disrupt", "metadata.annotations.karpenter~sh/nodeclaim-termination-timestamp",
  "metadata.annotations.controller~kubernetes~io/pod-deletion-cost", "metadata.labels.karpenter~sh/nodepool", "metadata.labels.karpenter~sh/capacity-type", "metadata.labels.node~kubernetes~io/instance-type",
  "spec.expireAfter", "spec.terminationGracePeriod", "spec.disruption.consolidateAfter", "spec.template.spec.expireAfter", "spec.limits.nodes", "spec.providerID", "spec.nodeName", "spec.nodeClassRef.kind",
  "spec.resources.requests.cpu", "status.capacity.cpu", "status.allocatable.cpu", "status.providerID", "status.nodeName", "status.lastPodEventTime", "status.startTime", "status.phase",
  "status.conditions.0.status", "status.conditions.0.type", "status.conditions.0.lastTransitionTime", "status.conditions.2.lastTransitionTime", "status.conditions.1.status",
] as const;

// Puts text where a path leads, dropping what the path runs into; `~` stands for a dot in a key.
function withText(object: KubeObject, path: string, value: string | undefined): KubeObject {
  const keys = path.split(".").map((key) => key.replaceAll("~", "."));
  const put = (target: any, [key = "", ...rest]: readonly string[]): any => {
    if (/^\d/.test(rest[0] ?? "") && !Array.isArray(target?.[key])) return target;
    const next = rest.length === 0 ? value : put(target?.[key] ?? {}, rest);
    if (Array.isArray(target)) return target.map((entry, index) => (String(index) === key ? next : entry));
    const others = Object.entries(target ?? {}).filter(([other]) => other !== key);
    return Object.fromEntries(next === undefined ? others : [...others, [key, next]]);
  };
  return put(object, keys);
}

const seeds: readonly KubeObject[] = [
  nodePool({ replicas: 2, limits: { nodes: "3" } }), nodePool(), running({ expireAfter: "720h" }), nodeClaim(), running({}, { name: "nc2", uid: "2" }), node(), node({ metadata: { name: "m", uid: "m" }, ready: "Unknown" }),
  pod("p"), pod("d", { owner: "DaemonSet" }), pod("s", { spec: { nodeName: "m" } }),
  { apiVersion: "storage.k8s.io/v1", kind: "VolumeAttachment", metadata: { name: "va" }, spec: { nodeName: "n", source: { persistentVolumeName: "pv" } } },
  { apiVersion: "policy/v1", kind: "PodDisruptionBudget", metadata: { name: "all", namespace: "default" }, spec: { selector: {} } },
];

const object = fc.tuple(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.constantFrom(...FIELDS), fc.option(text, { nil: undefined })), { maxLength: 4 })).map(([seed, changes]) => changes.reduce((changed, [path, value]) => withText(changed, path, value), seed));
const now = fc.constantFrom(NOW_MS, NOW_MS - 1e9, NOW_MS + 1e9, 0, 1e12);

let actions = 0;

test("whatever the objects say and the clock does, a pass answers, with reasons, and never throws", () => {
  fc.assert(
    fc.property(fc.array(object, { maxLength: 8 }), now, fc.constantFrom("nc", "n", "general", "nothing"), (objects, nowMs, name) => {
      const observed = lifecycle.observe(objects);
      const outcomes = [
        lifecycle.lifecycle(observed, name, { nowMs }),
        lifecycle.terminateNode(observed, name, { nowMs }),
        lifecycle.checkDisruptionConditions(observed, name, { nowMs, instanceTypes: [] }),
        lifecycle.checkExpiration(observed, name, { nowMs }),
        lifecycle.checkConsistency(observed, name, { nowMs }),
        lifecycle.hydrateNode(observed, name, { nowMs }),
        lifecycle.hydrateNodeClaim(observed, name, { nowMs }),
        lifecycle.repair(observed, name, lifecycle.ec2RepairPolicies, { nowMs }),
        lifecycle.collectGarbage(observed, [], { nowMs }),
        lifecycle.provisionStatic(observed, name, { nowMs, hasSynced: true }),
        lifecycle.deprovisionStatic(observed, name, { nowMs }),
        lifecycle.countResources(observed, name, { nowMs }),
        lifecycle.refreshHash(observed, name, { nowMs }),
        lifecycle.validateNodePool(observed, name, { nowMs }),
        lifecycle.checkReadiness(observed, name, undefined, { nowMs }),
        lifecycle.keepRegistrationHealth(observed, name, [], 1, { nowMs }),
      ];
      actions += outcomes.flatMap((outcome) => outcome.actions).length;
      for (const reason of outcomes.flatMap(({ reasons }) => reasons)) expect(lifecycle.explain(reason)).not.toBe("");
      expect(JSON.parse(JSON.stringify(outcomes))).toEqual(outcomes);
    }),
    RUNS,
  );
  expect(actions).toBeGreaterThan(RUNS.numRuns / 4);
});

test("whatever is observed in whatever order, a step answers and its state stays plain data", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(object, now), { minLength: 1, maxLength: 10 }), (observations) => {
      let state = lifecycle.claimState(running(), lifecycle.observe([nodePool()]));
      for (const [observed, nowMs] of observations) {
        const result = lifecycle.step(state, { type: "observed", object: observed }, { nowMs });
        expect(JSON.parse(JSON.stringify(result))).toEqual(result);
        state = result.state;
      }
    }),
    RUNS,
  );
});
