import { budgetStatus, canEvict, canEvictAll, InputError, isCurrentlyReschedulable, type Pod, type PodDisruptionBudget, timeMs } from "@groupless/api";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const numRuns = Number(process.env["LAWS_RUNS"] ?? 300);
const nowMs = timeMs("2026-08-20T12:00:00Z");
const ready = (status: "True" | "False"): NonNullable<Pod["status"]> => ({ phase: "Running", conditions: [{ type: "Ready", status }] });
const pod = (over: Partial<Pod["metadata"]> = {}, status: NonNullable<Pod["status"]> = ready("True")): Pod => ({ apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: "ns", labels: { app: "a" }, ...over }, spec: { containers: [] }, status });
const budget = (name: string, spec: PodDisruptionBudget["spec"] = {}, disruptionsAllowed = 0, namespace = "ns"): PodDisruptionBudget => ({
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name, namespace },
  spec: { selector: { matchLabels: { app: "a" } }, ...spec },
  status: { disruptionsAllowed },
});

describe("budgets and eviction", () => {
  test("D-020 a budget with no disruptions left blocks the pod and is named", () => {
    expect(canEvict(pod(), [budget("b")], nowMs)).toEqual({ evictable: false, blocking: ["ns/b"] });
    expect(canEvict(pod(), [budget("b", {}, 1)], nowMs)).toEqual({ evictable: true, blocking: [] });
  });

  test("D-021 mirror, terminal and terminating pods are nobody's to block", () => {
    const mirror = pod({ ownerReferences: [{ apiVersion: "v1", kind: "Node", name: "n", uid: "u" }] });
    for (const free of [mirror, pod({}, { phase: "Succeeded" }), pod({ deletionTimestamp: "2026-08-20T12:00:00Z" })]) expect(canEvict(free, [budget("b")], nowMs).evictable).toBe(true);
  });

  test("D-022 two budgets on a pod block it whatever they allow", () => {
    expect(canEvict(pod(), [budget("b2", {}, 1), budget("b1", {}, 1)], nowMs)).toEqual({ evictable: false, blocking: ["ns/b1", "ns/b2"] });
  });

  test("D-023 AlwaysAllow lets a pod go that is not ready", () => {
    const lenient = budget("b", { unhealthyPodEvictionPolicy: "AlwaysAllow" });
    expect(canEvict(pod({}, ready("False")), [lenient], nowMs).evictable).toBe(true);
    expect(canEvict(pod(), [lenient], nowMs).evictable).toBe(false);
  });

  test("D-024 a budget of another namespace does not count", () => {
    expect(canEvict(pod(), [budget("b", {}, 0, "other")], nowMs).evictable).toBe(true);
  });

  test("D-025 pods kept in place, by annotation or by a budget that never allows anything, need no room elsewhere yet", () => {
    expect(isCurrentlyReschedulable(pod(), [budget("b")], nowMs)).toBe(true);
    expect(isCurrentlyReschedulable(pod(), [budget("b", { maxUnavailable: 0 }, 1)], nowMs)).toBe(false);
    expect(isCurrentlyReschedulable(pod(), [budget("b", { minAvailable: "100%" })], nowMs)).toBe(false);
    expect(isCurrentlyReschedulable(pod({ annotations: { "karpenter.sh/do-not-disrupt": "true" } }), [], nowMs)).toBe(false);
  });

  test("all pods can be evicted when each can, and the first that cannot is told", () => {
    const other = pod({ name: "q", labels: { app: "b" } });
    expect(canEvictAll([other, pod()], [budget("b")], nowMs)).toEqual({ evictable: false, blocking: ["ns/b"] });
    expect(canEvictAll([other], [budget("b")], nowMs)).toEqual({ evictable: true, blocking: [] });
  });

  test("an invalid selector is an error, even one that nobody would meet", () => {
    expect(() => canEvict(pod(), [budget("b", { selector: { matchExpressions: [{ key: "a", operator: "In", values: [] }] } })], nowMs)).toThrow(InputError);
  });
});

describe("a budget's status", () => {
  test("counts as the disruption controller does", () => {
    const three = ["1", "2", "3"].map((name) => pod({ name }));
    expect(budgetStatus(budget("b", { minAvailable: 2 }), three)).toEqual({ expectedPods: 3, currentHealthy: 3, desiredHealthy: 2, disruptionsAllowed: 1 });
    expect(budgetStatus(budget("b", { minAvailable: "50%" }), three).desiredHealthy).toBe(2);
    expect(budgetStatus(budget("b", { maxUnavailable: "34%" }), three, 3).disruptionsAllowed).toBe(2);
    expect(budgetStatus(budget("b", { maxUnavailable: 1 }), three.slice(1), 3).disruptionsAllowed).toBe(0);
    expect(() => budgetStatus(budget("b", { minAvailable: "x%" }), three)).toThrow(InputError);
  });

  test("never lets fewer pods stay healthy than it asks for", () => {
    fc.assert(
      fc.property(fc.nat(20), fc.nat(20), fc.nat(120), fc.boolean(), fc.boolean(), (healthy, unhealthy, amount, percent, min) => {
        const pods = [...Array(healthy).keys()].map((i) => pod({ name: `h${i}` })).concat([...Array(unhealthy).keys()].map((i) => pod({ name: `u${i}` }, ready("False"))));
        const value = percent ? `${amount}%` : amount;
        const { disruptionsAllowed = 0, currentHealthy = 0, desiredHealthy = 0 } = budgetStatus(budget("b", min ? { minAvailable: value } : { maxUnavailable: value }), pods);
        expect(currentHealthy).toBe(healthy);
        expect(disruptionsAllowed).toBeGreaterThanOrEqual(0);
        if (disruptionsAllowed > 0) expect(currentHealthy - disruptionsAllowed).toBe(desiredHealthy);
      }),
      { numRuns },
    );
  });
});
