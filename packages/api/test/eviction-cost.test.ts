import { evictionCost, isUnderConsolidateAfter, lifetimeRemaining, type NodeClaim, type Pod, reschedulingCost, timeMs } from "@groupless/api";
import { describe, expect, test } from "vitest";

const nowMs = timeMs("2026-08-20T12:00:00Z");
const costly = (deletionCost?: string, priority?: number): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "p", ...(deletionCost === undefined ? {} : { annotations: { "controller.kubernetes.io/pod-deletion-cost": deletionCost } }) },
  spec: { containers: [], ...(priority === undefined ? {} : { priority }) },
});
const claim = (creationTimestamp: string, expireAfter: string): NodeClaim => ({
  apiVersion: "karpenter.sh/v1",
  kind: "NodeClaim",
  metadata: { name: "c", creationTimestamp },
  spec: { nodeClassRef: { group: "g", kind: "k", name: "n" }, requirements: [], expireAfter },
});

describe("eviction cost", () => {
  test("D-026 a pod costs 1, more by deletion cost and priority, at most 10, at least -10", () => {
    expect(evictionCost(costly())).toBe(1);
    expect(evictionCost(costly("134217728"))).toBe(2);
    expect(evictionCost(costly(undefined, -33554432))).toBe(0);
    expect(evictionCost(costly("2147483647", 2_000_000_000))).toBe(10);
    expect(evictionCost(costly("-2147483647", -2_147_483_648))).toBe(-10);
    expect(reschedulingCost([costly(), costly("134217728")])).toBe(3);
  });

  test.each(["", "x", " 1", "0x10", "1e400", "_1", "1_", "1__0"])("D-026 a deletion cost %j, which Go cannot read, counts for nothing", (text) => {
    expect(evictionCost(costly(text))).toBe(1);
  });

  test("D-026 Go's other spellings of numbers count", () => {
    expect(evictionCost(costly("0x1p27"))).toBe(2);
    expect(evictionCost(costly("0x_8p24"))).toBe(2);
    expect(evictionCost(costly("134_217_728"))).toBe(2);
    expect(evictionCost(costly("Inf"))).toBe(10);
    expect(evictionCost(costly("nan"))).toBeNaN();
  });

  test("D-026 a node near its expiry is cheaper to disrupt", () => {
    expect(lifetimeRemaining(claim("2026-08-19T12:00:00Z", "720h"), nowMs)).toBe(0.9666666666666667);
    expect(lifetimeRemaining(claim("2026-08-01T00:00:00Z", "24h"), nowMs)).toBe(0);
    expect(lifetimeRemaining(claim("2026-08-20T13:00:00Z", "24h"), nowMs)).toBe(1);
    expect(lifetimeRemaining(claim("2020-01-01T00:00:00Z", "Never"), nowMs)).toBe(1);
  });
});

describe("consolidateAfter", () => {
  const initialized = (since: string, lastPodEventTime?: string): NodeClaim => ({
    ...claim(since, "Never"),
    status: { conditions: [{ type: "Initialized", status: "True", lastTransitionTime: since }], ...(lastPodEventTime === undefined ? {} : { lastPodEventTime }) },
  });

  test("D-032 D-039 the quiet time runs from the last pod event", () => {
    expect(isUnderConsolidateAfter("10m", initialized("2026-08-20T09:00:00Z", "2026-08-20T11:50:01Z"), nowMs)).toBe(true);
    expect(isUnderConsolidateAfter("10m", initialized("2026-08-20T09:00:00Z", "2026-08-20T11:50:00Z"), nowMs)).toBe(false);
  });

  test("D-033 without a pod event it runs from initialization", () => {
    expect(isUnderConsolidateAfter("10m", initialized("2026-08-20T11:55:00Z"), nowMs)).toBe(true);
  });

  test("D-034 Never, 0s and a node not initialized know none", () => {
    const recent = initialized("2026-08-20T11:59:59Z");
    expect(isUnderConsolidateAfter("Never", recent, nowMs)).toBe(false);
    expect(isUnderConsolidateAfter("0s", recent, nowMs)).toBe(false);
    expect(isUnderConsolidateAfter("10m", claim("2026-08-20T11:59:59Z", "Never"), nowMs)).toBe(false);
  });
});
