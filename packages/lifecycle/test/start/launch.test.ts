import { expect, test } from "vitest";
import { explain, lifecycle } from "../../src/index.ts";
import { at, condition, conditionText, doings, messages, nodeClaim, nodePool, NOW_MS, PROVIDER_ID, world, writtenObject } from "../objects.ts";

const nowMs = NOW_MS;
const fresh = nodeClaim({}, { finalizers: [], creationTimestamp: at(0) });

test("D-146 a claim gets its finalizer before it is launched", () => {
  const outcome = lifecycle(world(fresh, nodePool()), "nc", { nowMs });
  expect(doings(outcome)).toEqual(["update NodeClaim/nc", "launch"]);
  expect(writtenObject(outcome, "NodeClaim")?.metadata.finalizers).toEqual(["karpenter.sh/termination"]);
});

test("D-146 conditions carry the generation they were computed for", () => {
  const outcome = lifecycle(world(nodeClaim({}, { generation: 3 })), "nc", { nowMs, answers: { launch: { launched: true, instance: { providerID: PROVIDER_ID, labels: {} } } } });
  expect(writtenObject(outcome, "NodeClaim")?.status?.conditions?.map(({ observedGeneration }) => observedGeneration)).toEqual([3, 3, 3, 3]);
});

test("D-147 a launched claim takes over what the provider resolved, but keeps its own labels", () => {
  const instance = { providerID: PROVIDER_ID, imageID: "ami-1", labels: { "topology.kubernetes.io/zone": "us-west-2b", tier: "spot" }, annotations: { note: "x" }, capacity: { cpu: "2" } };
  const claim = writtenObject(lifecycle(world(fresh), "nc", { nowMs, answers: { launch: { launched: true, instance } } }), "NodeClaim");
  expect(conditionText(claim, "Launched")).toBe("True/Launched");
  expect(claim?.metadata.labels?.["topology.kubernetes.io/zone"]).toBe("us-west-2a");
  expect(claim?.metadata.labels?.["tier"]).toBe("spot");
  expect(claim?.status).toMatchObject({ providerID: PROVIDER_ID, imageID: "ami-1", capacity: { cpu: "2" } });
});

test("D-147 no capacity, or a node class that is not ready, deletes the claim so that its pods are planned anew", () => {
  const fail = (kind: "insufficient-capacity" | "node-class-not-ready") => lifecycle(world(fresh), "nc", { nowMs, answers: { launch: { launched: false, kind, message: "no m5.large left" } } });
  expect(doings(fail("insufficient-capacity"))).toContain("delete NodeClaim/nc");
  expect(messages(fail("insufficient-capacity"))).toEqual(["InsufficientCapacityError: NodeClaim nc event: no m5.large left"]);
  expect(doings(fail("node-class-not-ready"))).toContain("delete NodeClaim/nc");
});

test("D-147 any other failure is told in the condition Launched, cut at 300 characters, and tried again", () => {
  const outcome = lifecycle(world(fresh), "nc", { nowMs, answers: { launch: { launched: false, kind: "create", message: "y".repeat(400) } } });
  const launched = writtenObject(outcome, "NodeClaim")?.status?.conditions?.find(({ type }) => type === "Launched");
  expect(launched).toMatchObject({ status: "Unknown", reason: "LaunchFailed", message: `${"y".repeat(300)}...` });
  expect(outcome.reasons.map(explain)).toEqual([`launching nodeclaim, ${"y".repeat(400)}`]);
  const named = lifecycle(world(fresh), "nc", { nowMs, answers: { launch: { launched: false, kind: "create", message: "m", condition: { reason: "SubnetNotFound", message: "none" } } } });
  expect(conditionText(writtenObject(named, "NodeClaim"), "Launched")).toBe("Unknown/SubnetNotFound");
});

test("D-155 a claim that is not launched for five minutes is given up, one whose node does not register for fifteen too", () => {
  const asked = { nowMs, answers: { launch: { launched: false, kind: "create", message: "m" } } } as const;
  const since = (seconds: number) => nodeClaim({}, {}, { conditions: [condition("Launched", "Unknown", seconds), condition("Registered", "Unknown", seconds)] });
  expect(lifecycle(world(since(299)), "nc", asked)).toMatchObject({ requeueAfterMs: 1000 });
  expect(doings(lifecycle(world(since(300)), "nc", asked))).toContain("delete NodeClaim/nc");
  const launched = (seconds: number) => nodeClaim({}, {}, { providerID: PROVIDER_ID, conditions: [condition("Launched", "True", seconds), condition("Registered", "Unknown", seconds)] });
  expect(lifecycle(world(launched(899)), "nc", { nowMs })).toMatchObject({ requeueAfterMs: 1000 });
  expect(doings(lifecycle(world(launched(900)), "nc", { nowMs }))).toContain("delete NodeClaim/nc");
});

test("D-152 a claim that is given up counts against its pool's registration health, with the reason of the failure", () => {
  const claim = nodeClaim({}, {}, { providerID: PROVIDER_ID, conditions: [condition("Launched"), condition("Registered", "Unknown", 900)] });
  const { actions } = lifecycle(world(claim, nodePool()), "nc", { nowMs });
  expect(actions).toContainEqual({ type: "record-registration", nodePool: "general", succeeded: false, failure: { reason: "RegistrationFailed", message: "Failed to register node" } });
});

test("D-038 a claim of another controller's node class is left alone by every pass", () => {
  const foreign = nodeClaim({ nodeClassRef: { group: "other.io", kind: "Other", name: "x" } });
  const outcome = lifecycle(world(foreign), "nc", { nowMs });
  expect(outcome.actions).toEqual([]);
  expect(outcome.reasons.map(explain)).toEqual(["NodeClaim/nc uses a node class of another controller"]);
});
