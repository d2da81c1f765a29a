import type { NodeClaim, NodePool } from "@groupless/api";
import type { InstanceType } from "@groupless/catalog";
import { describe, expect, test } from "vitest";
import { checkDisruptionConditions, type DisruptionConditionOptions } from "../../src/index.ts";
import { at, condition, conditionText, nodeClaim, nodePool, NOW_MS, running, world, writtenObject } from "../objects.ts";

const check = (claim: NodeClaim, pool: NodePool = nodePool(), options: Partial<DisruptionConditionOptions> = {}) => checkDisruptionConditions(world(claim, pool), "nc", { nowMs: NOW_MS, ...options });
const has = (outcome: ReturnType<typeof check>, claim: NodeClaim, type: string) => conditionText(writtenObject(outcome, "NodeClaim") ?? claim, type);
const after = (consolidateAfter: string) => nodePool({ disruption: { consolidateAfter } });
const hashed = (hash: string, version = "v3") => ({ annotations: { "karpenter.sh/nodepool-hash": hash, "karpenter.sh/nodepool-hash-version": version } });

describe("Consolidatable", () => {
  test("D-032 comes when no pod came or went for consolidateAfter, and the pass is due exactly then", () => {
    const quiet = running({}, {}, { lastPodEventTime: at(30) });
    expect(has(check(quiet, after("30s")), quiet, "Consolidatable")).toBe("True/Consolidatable");
    const busy = running({}, {}, { lastPodEventTime: at(29), conditions: [condition("Consolidatable")] });
    expect(has(check(busy, after("30s")), busy, "Consolidatable")).toBeUndefined();
    expect(check(busy, after("30s")).requeueAfterMs).toBe(1000);
  });

  test("D-033 counts from the initialization when no pod ever came", () => {
    const claim = running();
    expect(has(check(claim, after("1h")), claim, "Consolidatable")).toBe("True/Consolidatable");
    expect(has(check(claim, after("1h1s")), claim, "Consolidatable")).toBeUndefined();
  });

  test("D-034 goes when consolidation is off or the claim is not initialized", () => {
    const was = running({}, {}, { conditions: [condition("Consolidatable")] });
    expect(has(check(was, after("Never")), was, "Consolidatable")).toBeUndefined();
    const young = nodeClaim({}, {}, { conditions: [condition("Launched"), condition("Consolidatable")] });
    expect(has(check(young), young, "Consolidatable")).toBeUndefined();
  });

  test("D-035 is never set in a static pool", () => {
    expect(has(check(running(), nodePool({ replicas: 2 })), running(), "Consolidatable")).toBeUndefined();
  });

  test("D-036 is kept together with Drifted in one write", () => {
    const claim = running({}, hashed("1"));
    const outcome = check(claim, nodePool({}, hashed("2")));
    expect([has(outcome, claim, "Consolidatable"), has(outcome, claim, "Drifted")]).toEqual(["True/Consolidatable", "True/NodePoolDrifted"]);
    expect(outcome.actions).toHaveLength(1);
    const undone = check(running({}, {}, { conditions: [condition("Consolidatable"), condition("Drifted")] }), after("Never"));
    expect([has(undone, claim, "Consolidatable"), has(undone, claim, "Drifted")]).toEqual([undefined, undefined]);
  });

  test("consolidateAfter that is no duration counts as Never, with the reason", () => {
    expect(check(running(), after("soon")).reasons).toMatchObject([{ code: "field-invalid", path: "spec.disruption.consolidateAfter", value: "soon" }]);
  });
});

const offering = (zone: string, capacityType: string): InstanceType["offerings"][number] => ({
  requirements: [
    { key: "topology.kubernetes.io/zone", operator: "In", values: [zone] },
    { key: "karpenter.sh/capacity-type", operator: "In", values: [capacityType] },
  ],
  price: 1,
  available: false,
});
const m5 = (...offerings: InstanceType["offerings"]): InstanceType => ({ name: "m5.large", requirements: [], capacity: {}, overhead: {}, offerings });

describe("Drifted", () => {
  const drift = (claim: NodeClaim, pool: NodePool, options: Partial<DisruptionConditionOptions> = {}) => has(check(claim, pool, options), claim, "Drifted");
  const requiring = (operator: string, key: string, ...values: string[]) =>
    nodePool({ template: { spec: { nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "default" }, requirements: [{ key, operator: operator as "In", values }] } } });

  test("D-113 P-161 comes when the hashes of pool and claim differ", () => {
    expect(drift(running({}, hashed("1")), nodePool({}, hashed("2")))).toBe("True/NodePoolDrifted");
    expect(drift(running({}, hashed("2")), nodePool({}, hashed("2")))).toBeUndefined();
  });

  test("D-114 does not come of a missing hash or of hashes of different versions", () => {
    expect(drift(running({}, hashed("1", "v2")), nodePool({}, hashed("2")))).toBeUndefined();
    expect(drift(running(), nodePool({}, hashed("2")))).toBeUndefined();
    expect(drift(running({}, hashed("1")), nodePool())).toBeUndefined();
  });

  test("D-115 P-161 comes when the pool's requirements no longer allow the claim's labels, narrower but not wider", () => {
    const zone = "topology.kubernetes.io/zone";
    expect(drift(running(), requiring("In", zone, "us-west-2b"))).toBe("True/RequirementsDrifted");
    expect(drift(running(), requiring("In", "team", "a"))).toBe("True/RequirementsDrifted");
    expect(drift(running(), requiring("DoesNotExist", zone))).toBe("True/RequirementsDrifted");
    expect(drift(running(), requiring("In", zone, "us-west-2a", "us-west-2b"))).toBeUndefined();
    expect(drift(running(), requiring("Exists", zone))).toBeUndefined();
    expect(drift(running(), requiring("NotIn", "team", "a"))).toBeUndefined();
  });

  test("D-116 comes when the claim's type, or its offering, is no longer in the catalog of a pool older than an hour", () => {
    const old = running({}, { creationTimestamp: at(3601) });
    expect(drift(old, nodePool(), { instanceTypes: [] })).toBe("True/InstanceTypeNotFound");
    expect(drift(old, nodePool(), { instanceTypes: [m5(offering("us-west-2b", "on-demand"))] })).toBe("True/InstanceTypeNotFound");
    expect(drift(old, nodePool(), { instanceTypes: [m5(offering("us-west-2a", "on-demand"))] })).toBeUndefined();
    expect(drift(running(), nodePool(), { instanceTypes: [] })).toBeUndefined();
    expect(drift(old, nodePool(), { instanceTypes: [], isInstanceTypeKnown: true })).toBeUndefined();
  });

  test("D-117 P-161 a reserved claim is at home in an on-demand offering, not in a spot one", () => {
    const labels = { ...running().metadata.labels, "karpenter.sh/capacity-type": "reserved", "karpenter.k8s.aws/capacity-reservation-id": "cr-1" };
    const reserved = running({}, { creationTimestamp: at(7200), labels });
    expect(drift(reserved, nodePool(), { instanceTypes: [m5(offering("us-west-2a", "on-demand"))] })).toBeUndefined();
    expect(drift(reserved, nodePool(), { instanceTypes: [m5(offering("us-west-2a", "spot"))] })).toBe("True/InstanceTypeNotFound");
  });

  test("D-118 P-161 asks the provider last", () => {
    const answers = { providerDrift: "AMIDrift" };
    expect(drift(running(), nodePool(), { answers })).toBe("True/AMIDrift");
    expect(drift(running({}, hashed("1")), nodePool({}, hashed("2")), { answers })).toBe("True/NodePoolDrifted");
  });

  test("D-119 goes when the claim is not launched or no longer drifted, and stays as it is when the pool is gone", () => {
    const drifted = condition("Drifted", "True", 60, "AMIDrift");
    expect(drift(running({}, {}, { conditions: [drifted] }), nodePool())).toBeUndefined();
    const unlaunched = nodeClaim({}, {}, { conditions: [condition("Launched", "False"), drifted] });
    expect(drift(unlaunched, nodePool(), { answers: { providerDrift: "X" } })).toBeUndefined();
    const orphan = running({}, {}, { conditions: [drifted] });
    expect(check(orphan, nodePool({}, { name: "other" })).actions).toEqual([]);
  });

  test("D-119 D-101 keeps the time at which it came when only its reason changes", () => {
    const claim = running({}, {}, { conditions: [condition("Drifted", "True", 60, "AMIDrift")] });
    const changed = writtenObject(check(claim, nodePool(), { answers: { providerDrift: "SubnetDrift" } }), "NodeClaim");
    expect(changed?.status?.conditions?.find(({ type }) => type === "Drifted")).toMatchObject({ reason: "SubnetDrift", lastTransitionTime: at(60) });
  });
});
