import { expect, test } from "vitest";
import { type Answers, lifecycle } from "../../src/index.ts";
import { at, condition, conditionText, doings, messages, node, nodeClaim, NOW_MS, PROVIDER_ID, running, world, writtenObject } from "../objects.ts";

const deleted = { deletionTimestamp: at(60) };
const end = (claim: ReturnType<typeof running>, nodes: readonly ReturnType<typeof node>[] = [], answers: Answers = {}) => lifecycle(world(claim, ...nodes), "nc", { nowMs: NOW_MS, answers });

test("D-156 a claim's node goes first, then its instance, then its finalizer", () => {
  const claim = running({}, deleted);
  expect(doings(end(claim, [node()]))).toEqual(["delete Node/n"]);
  expect(doings(end(claim, [node({ metadata: { deletionTimestamp: at(1) } })]))).toEqual([]);
  expect(doings(end(claim))).toEqual(["terminate"]);
  const terminating = end(claim, [], { termination: "terminating" });
  expect(terminating.requeueAfterMs).toBe(5_000);
  expect(conditionText(writtenObject(terminating, "NodeClaim"), "InstanceTerminating")).toBe("True/InstanceTerminating");
  expect(writtenObject(end(claim, [], { termination: "gone" }), "NodeClaim")?.metadata.finalizers).toEqual([]);
});

test("D-157 a claim without an instance ends at once, one that never registered leaves its node to the cloud's controller", () => {
  expect(writtenObject(end(nodeClaim({}, deleted)), "NodeClaim")?.metadata.finalizers).toEqual([]);
  const unregistered = nodeClaim({}, deleted, { providerID: PROVIDER_ID, conditions: [condition("Launched"), condition("Registered", "Unknown")] });
  expect(doings(end(unregistered, [node()]))).toEqual(["terminate"]);
});

test("D-157 a claim whose launch is under way waits for the answer, or its instance would be lost", () => {
  expect(doings(end(nodeClaim({}, deleted), [], { launch: "asked" }))).toEqual([]);
});

test("D-158 the deadline is the deletion's time and the terminationGracePeriod, and one that is there is kept", () => {
  const outcome = end(running({ terminationGracePeriod: "5m" }, deleted), [node()]);
  expect(writtenObject(outcome, "NodeClaim")?.metadata.annotations).toEqual({ "karpenter.sh/nodeclaim-termination-timestamp": at(-240) });
  expect(messages(outcome)).toEqual([`TerminationGracePeriodExpiring: All pods will be deleted by ${at(-240)}`]);
  const kept = running({ terminationGracePeriod: "5m" }, { ...deleted, annotations: { "karpenter.sh/nodeclaim-termination-timestamp": at(0) } });
  expect(doings(end(kept, [node()]))).toEqual(["delete Node/n"]);
});
