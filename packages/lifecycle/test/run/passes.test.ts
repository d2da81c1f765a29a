import { expect, test } from "vitest";
import { checkConsistency, checkExpiration, collectGarbage, explain, hydrateNode, hydrateNodeClaim, isPodEvent, stampPodEvent } from "../../src/index.ts";
import { at, condition, conditionText, doings, messages, node, nodeClaim, NOW_MS, PROVIDER_ID, pod, running, world, writtenObject } from "../objects.ts";

const nowMs = NOW_MS;

test("D-037 a pod that comes or goes is noted on its claim, at most every ten seconds", () => {
  const stamp = (lastPodEventTime: string | undefined, owner = "ReplicaSet") =>
    writtenObject(stampPodEvent(world(running({}, {}, lastPodEventTime === undefined ? {} : { lastPodEventTime }), node()), pod("p", { owner }), { nowMs }), "NodeClaim")?.status?.lastPodEventTime;
  expect(stamp(undefined)).toBe(at(0));
  expect(stamp(at(10))).toBe(at(0));
  expect(stamp(at(9))).toBeUndefined();
  expect(stamp(undefined, "DaemonSet")).toBeUndefined();
});

test("D-037 the events are a pod's binding, its end and its deletion", () => {
  const unbound = pod("p", { spec: { nodeName: "" } });
  expect(isPodEvent(unbound, pod("p"))).toBe(true);
  expect(isPodEvent(pod("p"), pod("p", { status: { phase: "Succeeded" } }))).toBe(true);
  expect(isPodEvent(pod("p"), pod("p", { metadata: { deletionTimestamp: at(0) } }))).toBe(true);
  expect(isPodEvent(pod("p"), pod("p", { metadata: { labels: { a: "b" } } }))).toBe(false);
  expect(isPodEvent(undefined, unbound)).toBe(false);
});

test("D-159 a registered claim whose instance is gone is deleted, unless its node is Ready", () => {
  const collect = (claim: ReturnType<typeof running>, ready: "True" | "False" | undefined, instances: readonly string[] = []) =>
    doings(collectGarbage(world(claim, ...(ready === undefined ? [] : [node({ ready })])), instances.map((providerID) => ({ providerID })), { nowMs }));
  expect(collect(running(), "False")).toEqual(["delete NodeClaim/nc"]);
  expect(collect(running(), undefined)).toEqual(["delete NodeClaim/nc"]);
  expect(collect(running(), "True")).toEqual([]);
  expect(collect(running(), "False", [PROVIDER_ID])).toEqual([]);
  expect(collect(running({}, { deletionTimestamp: at(1) }), "False")).toEqual([]);
  expect(collect(nodeClaim({}, {}, { providerID: PROVIDER_ID, conditions: [condition("Launched")] }), "False")).toEqual([]);
  expect(doings(collectGarbage(world(running()), [{ providerID: PROVIDER_ID, terminating: true }], { nowMs }))).toEqual(["delete NodeClaim/nc"]);
});

test("D-160 a node with less than nine tenths of what its claim promised is told of", () => {
  const claim = running({ resources: { requests: { cpu: "1" } } }, {}, { capacity: { cpu: "4" } });
  const checked = (cpu: string) => checkConsistency(world(claim, node({ status: { capacity: { cpu } } })), "nc", { nowMs });
  expect(conditionText(writtenObject(checked("3600m"), "NodeClaim"), "ConsistentStateFound")).toBe("True/ConsistentStateFound");
  expect(conditionText(writtenObject(checked("2"), "NodeClaim"), "ConsistentStateFound")).toBe("False/ConsistencyCheckFailed");
  expect(messages(checked("2"))).toEqual(["FailedConsistencyCheck: expected 4 of resource cpu, but found 2 (50.0% of expected)"]);
});

test("D-161 claims and nodes of older versions are labelled with their node class", () => {
  const claim = running({}, { labels: {} });
  expect(writtenObject(hydrateNodeClaim(world(claim), "nc", { nowMs }), "NodeClaim")?.metadata.labels).toEqual({ "karpenter.k8s.aws/ec2nodeclass": "default" });
  expect(writtenObject(hydrateNode(world(claim, node({ metadata: { labels: {} } })), "n", { nowMs }), "Node")?.metadata.labels).toEqual({ "karpenter.k8s.aws/ec2nodeclass": "default" });
  expect(hydrateNode(world(running(), node()), "n", { nowMs }).actions).toEqual([]);
});

test("D-162 a claim is deleted when its time is up, not before, and not twice", () => {
  const expire = (expireAfter: string, metadata = {}) => checkExpiration(world(running({ expireAfter }, metadata)), "nc", { nowMs });
  expect(doings(expire("1h"))).toEqual(["delete NodeClaim/nc"]);
  expect(expire("1h1s")).toMatchObject({ actions: [], requeueAfterMs: 1000 });
  expect(expire("Never")).toMatchObject({ actions: [] });
  expect(doings(expire("1h", { deletionTimestamp: at(5) }))).toEqual([]);
  expect(expire("1 hour").reasons.map(explain)).toEqual(['NodeClaim/nc: spec.expireAfter is "1 hour", which is ignored']);
});
