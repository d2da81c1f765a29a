import { doNotDisruptOf, doNotDisruptUntilMs, hasRequiredPodAntiAffinity, hasResourceClaims, isActive, isDisruptable, isDoNotDisruptActive, isDrainable, isEligibleForForcedEviction, isEvictable, isProvisionable, isReschedulable, isStuckTerminating, isWaitingEviction, type Pod, timeMs, toleratesDisrupted } from "@groupless/api";
import { describe, expect, test } from "vitest";

const now = "2026-08-20T12:00:00Z";
const nowMs = timeMs(now);

function pod(metadata: Partial<Pod["metadata"]> = {}, spec: Partial<Pod["spec"]> = {}, status: Pod["status"] = { phase: "Running" }): Pod {
  return { apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: "ns", ...metadata }, spec: { containers: [], ...spec }, status };
}
const ownedBy = (apiVersion: string, kind: string): Partial<Pod["metadata"]> => ({ ownerReferences: [{ apiVersion, kind, name: "o", uid: "u" }] });
const guarded = (value: string, status?: Pod["status"]): Pod => pod({ annotations: { "karpenter.sh/do-not-disrupt": value } }, {}, status);

describe("pods under do-not-disrupt", () => {
  test("D-010 the annotation true keeps a pod where it is", () => {
    expect(isDisruptable(guarded("true"), nowMs)).toBe(false);
    expect(isEvictable(guarded("true"), nowMs)).toBe(false);
    expect(isDisruptable(pod(), nowMs)).toBe(true);
  });

  test("D-011 it counts on DaemonSet and mirror pods too", () => {
    const annotations = { "karpenter.sh/do-not-disrupt": "true" };
    expect(isDisruptable(pod({ annotations, ...ownedBy("apps/v1", "DaemonSet") }), nowMs)).toBe(false);
    expect(isDisruptable(pod({ annotations, ...ownedBy("v1", "Node") }), nowMs)).toBe(false);
  });

  test("D-012 it does not count on terminal and terminating pods", () => {
    expect(isDisruptable(guarded("true", { phase: "Succeeded" }), nowMs)).toBe(true);
    expect(isDisruptable(pod({ deletionTimestamp: now, annotations: { "karpenter.sh/do-not-disrupt": "true" } }), nowMs)).toBe(true);
  });

  test("D-016 a duration protects until the pod has run that long", () => {
    const status = { phase: "Running", startTime: "2026-08-20T11:30:00Z" } as const;
    expect(isDoNotDisruptActive(guarded("30m1s", status), nowMs)).toBe(true);
    expect(isDoNotDisruptActive(guarded("30m", status), nowMs)).toBe(false);
    expect(doNotDisruptUntilMs(guarded("1h", status))).toBe(timeMs("2026-08-20T12:30:00Z"));
  });

  test.each(["", "True", "0s", "-5m", "1d", "10", " 30m"])("D-017 %j protects nothing and is told apart from no annotation", (value) => {
    expect(isDoNotDisruptActive(guarded(value), nowMs)).toBe(false);
    expect(doNotDisruptOf(guarded(value)).kind).toBe("invalid");
    expect(doNotDisruptOf(pod()).kind).toBe("none");
  });

  test("D-018 a duration on a pod that has not started protects it", () => {
    expect(isDoNotDisruptActive(guarded("1s", { phase: "Pending" }), nowMs)).toBe(true);
    expect(doNotDisruptUntilMs(guarded("1s", { phase: "Pending" }))).toBeUndefined();
  });
});

describe("draining", () => {
  test.each([
    [{ key: "karpenter.sh/disrupted", operator: "Exists" as const }, true],
    [{ key: "karpenter.sh/disrupted", operator: "Equal" as const }, true],
    [{ operator: "Exists" as const }, true],
    [{ key: "karpenter.sh/disrupted", operator: "Equal" as const, value: "yes" }, false],
    [{ key: "karpenter.sh/disrupted", operator: "Exists" as const, effect: "NoExecute" as const }, false],
    [{ key: "karpenter.sh/disruption", operator: "Exists" as const }, false],
  ])("D-166 a pod that tolerates %j is left alone: %s", (toleration, tolerates) => {
    const tolerant = pod({}, { tolerations: [toleration] });
    expect(toleratesDisrupted(tolerant)).toBe(tolerates);
    expect(isDrainable(tolerant, nowMs)).toBe(!tolerates);
    expect(isEvictable(tolerant, nowMs)).toBe(!tolerates);
  });

  test("D-167 terminal pods are not waited for, ownerless ones are", () => {
    expect(isWaitingEviction(pod({}, {}, { phase: "Failed" }), nowMs)).toBe(false);
    expect(isWaitingEviction(pod(), nowMs)).toBe(true);
  });

  test("D-169 static pods are skipped", () => {
    const mirror = pod(ownedBy("v1", "Node"));
    expect(isDrainable(mirror, nowMs)).toBe(false);
    expect(isEvictable(mirror, nowMs)).toBe(false);
    expect(isReschedulable(mirror)).toBe(false);
  });

  test("D-174 a pod whose grace outlasts its node's must be deleted with less", () => {
    const leaving = pod({ deletionTimestamp: now });
    expect(isEligibleForForcedEviction(leaving, nowMs - 1)).toBe(true);
    expect(isEligibleForForcedEviction(leaving, nowMs)).toBe(false);
    expect(isEligibleForForcedEviction(leaving, undefined)).toBe(false);
    expect(isEligibleForForcedEviction(pod(), 0)).toBe(false);
  });

  test("a pod is stuck a minute after its deletion was due, and not before", () => {
    expect(isStuckTerminating(pod({ deletionTimestamp: "2026-08-20T11:59:00Z" }), nowMs)).toBe(false);
    expect(isStuckTerminating(pod({ deletionTimestamp: "2026-08-20T11:58:59Z" }), nowMs)).toBe(true);
  });
});

describe("rescheduling", () => {
  test("terminating pods of a StatefulSet need room, others do not", () => {
    expect(isReschedulable(pod({ deletionTimestamp: now, ...ownedBy("apps/v1", "StatefulSet") }))).toBe(true);
    expect(isReschedulable(pod({ deletionTimestamp: now, ...ownedBy("apps/v1", "ReplicaSet") }))).toBe(false);
    expect(isReschedulable(pod(ownedBy("apps/v1", "DaemonSet")))).toBe(false);
    expect(isActive(pod({ deletionTimestamp: now }))).toBe(false);
  });

  test("only what a scheduler gave up on is provisionable", () => {
    const conditions = [{ type: "PodScheduled", status: "False" as const, reason: "Unschedulable" }];
    const pending = pod({}, {}, { phase: "Pending", conditions });
    expect(isProvisionable(pending)).toBe(true);
    expect(isProvisionable(pod({}, {}, { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", reason: "SchedulingGated" }] }))).toBe(false);
    expect(isProvisionable(pod({}, { nodeName: "n" }, { conditions }))).toBe(false);
    expect(isProvisionable(pod({}, {}, { conditions, nominatedNodeName: "n" }))).toBe(false);
    expect(isProvisionable(pod(ownedBy("apps/v1", "DaemonSet"), {}, { conditions }))).toBe(false);
  });

  test("required anti-affinity and resource claims are seen wherever they stand", () => {
    expect(hasRequiredPodAntiAffinity(pod({}, { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "a" }] } } }))).toBe(true);
    expect(hasRequiredPodAntiAffinity(pod())).toBe(false);
    expect(hasResourceClaims(pod({}, { initContainers: [{ name: "i", resources: { claims: [{ name: "c" }] } }] }))).toBe(true);
    expect(hasResourceClaims(pod())).toBe(false);
  });
});
