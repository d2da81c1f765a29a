import { expect, test } from "vitest";
import { type ClaimState, claimState, type LifecycleEvent, nothingObserved, step } from "../../src/index.ts";
import { at, condition, conditionText, doings, messages, node, nodeClaim, nodePool, NOW_MS, PROVIDER_ID, pod, running, world } from "../objects.ts";

/** Steps through events, a second apart unless told otherwise, and collects what each did. */
function story(start: ClaimState, events: readonly (LifecycleEvent | number)[], startMs = NOW_MS): { readonly state: ClaimState; readonly did: readonly (readonly string[])[] } {
  let state = start;
  let nowMs = startMs;
  const did: (readonly string[])[] = [];
  for (const event of events) {
    nowMs += typeof event === "number" ? event : 1000;
    const result = step(state, typeof event === "number" ? { type: "tick" } : event, { nowMs });
    state = result.state;
    did.push(doings(result));
  }
  return { state, did };
}

const fresh = claimState(nodeClaim({}, { creationTimestamp: at(0), finalizers: [] }), world(nodePool()));
const launched: LifecycleEvent = { type: "launched", nodeClaim: "nc", instance: { providerID: PROVIDER_ID, labels: {} } };
const failed: LifecycleEvent = { type: "launch-failed", nodeClaim: "nc", kind: "create", reason: { code: "x", canResolve: true }, message: "no" };
const claimIn = (state: ClaimState) => state.observed.nodeClaims[0];

test("D-146 D-148 D-153 a claim is launched, registered and initialized as its instance and node turn up", () => {
  const bare = node({ metadata: { labels: {}, finalizers: [] }, spec: { providerID: PROVIDER_ID, taints: [{ key: "karpenter.sh/unregistered", effect: "NoExecute" }] } });
  const { state, did } = story(fresh, [{ type: "tick" }, { type: "tick" }, launched, { type: "observed", object: bare }]);
  expect(did[0]).toContain("launch");
  expect(did[1]).toEqual([]);
  expect(did[3]).toContain("record-registration");
  expect(["Launched", "Registered", "Initialized", "Ready", "Consolidatable"].map((type) => conditionText(claimIn(state), type)?.slice(0, 4))).toEqual(["True", "True", "True", "True", "True"]);
});

test("D-147 a failed launch is tried again after one second, then two, then four", () => {
  const { did } = story(fresh, [0, failed, 999, 1, failed, 1_999, 1, failed, 3_999, 1]);
  expect(did.map((actions) => actions.includes("launch"))).toEqual([true, false, false, true, false, false, true, false, false, true]);
});

test("a launch whose answer is lost is looked for among the instances instead of being made again", () => {
  const lost = story(fresh, [0, 59_999, 1]);
  expect(lost.did.flat().filter((action) => action === "launch")).toHaveLength(1);
  expect(lost.did[2]).toContain("list-instances");
  const found = story(lost.state, [{ type: "instances", instances: [{ providerID: PROVIDER_ID, labels: {}, nodeClaim: "nc" }] }]);
  expect(claimIn(found.state)?.status?.providerID).toBe(PROVIDER_ID);
  expect(story(lost.state, [{ type: "instances", instances: [] }, 1_000], NOW_MS + 60_000).did.flat()).toContain("launch");
});

test("an instance that turns up beside the claim's own, or after the claim is gone, is terminated", () => {
  const second: LifecycleEvent = { type: "launched", nodeClaim: "nc", instance: { providerID: "i-2", labels: {} } };
  expect(story(fresh, [0, launched, second]).did[2]).toContain("terminate");
  const gone = story(fresh, [0, { type: "removed", kind: "NodeClaim", name: "nc" }, launched]);
  expect(gone.state.phase).toBe("gone");
  expect(gone.did[2]).toEqual(["terminate"]);
  expect(story(gone.state, [{ type: "instance-gone", nodeClaim: "nc", providerID: PROVIDER_ID }, 60_000]).did.flat()).toEqual([]);
});

test("a claim whose object is torn out leaves no instance behind", () => {
  expect(story(claimState(running(), world(node())), [{ type: "removed", kind: "NodeClaim", name: "nc" }]).did[0]).toEqual(["terminate"]);
});

test("an interruption deletes the claim and drains its node, a mere recommendation is only told of", () => {
  const at1 = (kind: "spot-interruption" | "rebalance-recommendation") => step(claimState(running(), world(node(), nodePool())), { type: "interrupted", nodeClaim: "nc", providerID: PROVIDER_ID, kind }, { nowMs: NOW_MS });
  expect(doings(at1("spot-interruption"))).toContain("delete NodeClaim/nc");
  expect(doings(at1("spot-interruption"))).toContain("delete Node/n");
  expect(messages(at1("spot-interruption"))).toContain("SpotInterrupted: Spot interruption warning was triggered");
  expect(doings(at1("rebalance-recommendation"))).not.toContain("delete NodeClaim/nc");
});

test("D-159 a list without the claim's instance deletes the claim of a node that is not Ready", () => {
  const ill = claimState(running(), world(node({ ready: "Unknown" }), nodePool()));
  expect(story(ill, [{ type: "instances", instances: [] }]).did[0]).toContain("delete NodeClaim/nc");
  expect(story(claimState(running(), world(node(), nodePool())), [{ type: "instances", instances: [] }]).did[0]).not.toContain("delete NodeClaim/nc");
});

test("D-171 D-172 a refused eviction is tried again, a granted one not, and a new pod of the same name is another", () => {
  const deleting = { deletionTimestamp: at(0) };
  const start = claimState(running({}, deleting, { conditions: [condition("Drained", "Unknown", 10)] }), world(node({ metadata: deleting }), pod("p")));
  const { did } = story(start, [
    0,
    { type: "evicted", pod: "default/p", uid: "uid-p", code: 429 },
    100,
    { type: "evicted", pod: "default/p", uid: "uid-p", code: 200 },
    5_000,
    { type: "removed", kind: "Pod", name: "default/p" },
    { type: "observed", object: pod("p", { metadata: { uid: "new" } }) },
  ]);
  expect(did.map((actions) => actions.includes("evict default/p"))).toEqual([true, false, true, false, false, false, true]);
});

test("the same event twice does nothing more", () => {
  const first = step(fresh, { type: "observed", object: node() }, { nowMs: NOW_MS });
  const second = step(first.state, { type: "observed", object: node() }, { nowMs: NOW_MS });
  expect(doings(second)).toEqual([]);
});

test("events of other claims change nothing", () => {
  const start = claimState(running(), world(node(), nodePool()));
  const settled = step(start, { type: "tick" }, { nowMs: NOW_MS }).state;
  for (const event of [{ ...launched, nodeClaim: "other" }, { type: "instance-gone", nodeClaim: "other", providerID: PROVIDER_ID }, { type: "terminating", nodeClaim: "other", providerID: PROVIDER_ID }, { type: "provider-drift", nodeClaim: "other", reason: "X" }] as const) {
    expect(doings(step(settled, event as LifecycleEvent, { nowMs: NOW_MS }))).toEqual([]);
  }
});

test("a new claim of the same name is launched anew, and the old one's instance terminated", () => {
  const successor = nodeClaim({}, { uid: "second", creationTimestamp: at(0) });
  expect(story(claimState(running(), nothingObserved), [{ type: "observed", object: successor }]).did[0]).toEqual(["update NodeClaim/nc", "launch", "terminate"]);
});
