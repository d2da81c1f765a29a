import { expect, test } from "vitest";
import { drain } from "../../src/index.ts";
import { at, messages, node, NOW_MS, pod, world } from "../objects.ts";

const critical = { priorityClassName: "system-node-critical" };
const drained = (pods: readonly ReturnType<typeof pod>[], deadlineMs?: number) => drain(world(node(), ...pods), node(), { nowMs: NOW_MS, ...(deadlineMs === undefined ? {} : { deadlineMs }) });
const evicted = (pods: readonly ReturnType<typeof pod>[], deadlineMs?: number) => drained(pods, deadlineMs).evict.map(({ metadata }) => metadata.name);
const going = (secondsAgo: number) => ({ metadata: { deletionTimestamp: at(secondsAgo) } });

test("D-168 pods leave class by class: ordinary ones, daemons, critical ones, critical daemons", () => {
  const pods = [pod("d", { owner: "DaemonSet" }), pod("cd", { owner: "DaemonSet", spec: critical }), pod("a"), pod("c", { spec: critical }), pod("b")];
  expect(evicted(pods)).toEqual(["a", "b"]);
  expect(evicted(pods.filter(({ metadata }) => !["a", "b"].includes(metadata.name)))).toEqual(["d"]);
  expect(evicted([pod("cd", { owner: "DaemonSet", spec: critical }), pod("c", { spec: critical })])).toEqual(["c"]);
  expect(evicted([pod("a", going(0)), pod("d", { owner: "DaemonSet" })])).toEqual([]);
});

test("D-166 a pod that tolerates the disrupted taint, by key or by all keys, is left alone", () => {
  const tolerating = (toleration: object) => pod("t", { spec: { tolerations: [toleration] } });
  expect(drained([tolerating({ operator: "Exists" })]).waiting).toBe(0);
  expect(drained([tolerating({ key: "karpenter.sh/disrupted", operator: "Equal", value: "", effect: "NoSchedule" })]).waiting).toBe(0);
  expect(drained([tolerating({ key: "karpenter.sh/disrupted", operator: "Exists", effect: "NoExecute" })]).waiting).toBe(1);
});

test("D-167 D-169 pods without owner are evicted, finished and static ones are not waited for", () => {
  expect(evicted([pod("bare", { metadata: { ownerReferences: [] } })])).toEqual(["bare"]);
  expect(drained([pod("done", { status: { phase: "Succeeded" } }), pod("static", { owner: "Node" })]).waiting).toBe(0);
});

test("D-170 every pod has to be gone, but one that has outstayed its deletion by a minute is given up", () => {
  expect(drained([pod("a", going(60))]).waiting).toBe(1);
  expect(drained([pod("a", going(61))]).waiting).toBe(0);
});

test("D-178 do-not-disrupt stalls the drain, with a duration until it has passed", () => {
  const guarded = (value: string) => drained([pod("g", { metadata: { annotations: { "karpenter.sh/do-not-disrupt": value } } })]);
  expect(guarded("true")).toMatchObject({ waiting: 1, evict: [] });
  expect(guarded("2h").evict).toEqual([]);
  expect(messages(guarded("2h"))).toEqual([`DoNotDisruptUntil: The karpenter.sh/do-not-disrupt grace period will elapse at ${at(-3600)}`]);
  expect(guarded("30m").evict).toHaveLength(1);
  expect(messages(guarded("30m"))).toEqual(["DoNotDisruptGracePeriodElapsed: The karpenter.sh/do-not-disrupt grace period has elapsed, pod is now disruptable"]);
  expect(messages(guarded("1d"))).toEqual(['InvalidDoNotDisruptAnnotation: Invalid karpenter.sh/do-not-disrupt annotation: failed to parse "1d" as a duration: time: unknown unit "d" in duration "1d", ignoring annotation']);
});

test("D-174 a pod is deleted when its own grace period would outlast the node's deadline, in whatever class and past its annotation", () => {
  const pods = [pod("a"), pod("late", { owner: "DaemonSet", spec: { ...critical, terminationGracePeriodSeconds: 120 }, metadata: { annotations: { "karpenter.sh/do-not-disrupt": "true" } } })];
  const deletions = (secondsLeft: number) => drained(pods, NOW_MS + secondsLeft * 1000).actions.filter(({ type }) => type === "delete");
  expect(deletions(120)).toEqual([]);
  expect(deletions(119)).toEqual([{ type: "delete", kind: "Pod", name: "default/late", gracePeriodSeconds: 119 }]);
  expect(deletions(29)).toHaveLength(2);
  expect(deletions(-500)).toContainEqual({ type: "delete", kind: "Pod", name: "default/a", gracePeriodSeconds: 1 });
  expect(messages(drained(pods, NOW_MS + 100_000))[0]).toContain("The pod was granted 100 seconds of grace-period of its 120 terminationGracePeriodSeconds");
});

test("D-174 a terminating pod is deleted anew only if it would be there after the deadline", () => {
  const terminating = pod("a", going(-50));
  expect(drained([terminating], NOW_MS + 49_000).actions).toHaveLength(0);
  expect(drained([pod("a", { metadata: { deletionTimestamp: at(-50) }, spec: { terminationGracePeriodSeconds: 60 } })], NOW_MS + 49_000).actions.map(({ type }) => type)).toEqual(["report", "delete"]);
});
