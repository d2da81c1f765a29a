import type { KubeObject } from "@groupless/api";
import { expect, test } from "vitest";
import { type Answers, explain, terminateNode } from "../../src/index.ts";
import { at, condition, conditionText, doings, messages, node, NOW_MS, pod, running, world, writtenObject } from "../objects.ts";

const deleting = (changes: Parameters<typeof node>[0] = {}) => node({ ...changes, metadata: { deletionTimestamp: at(10), ...changes.metadata } });
const claim = (conditions: Parameters<typeof running>[2] = {}, annotations = {}) => running({}, { deletionTimestamp: at(10), annotations }, conditions);
const end = (objects: readonly KubeObject[], answers: Answers = {}) => terminateNode(world(...objects), "n", { nowMs: NOW_MS, answers });
const drainedClaim = claim({ conditions: [condition("Drained", "Unknown", 5)] });

test("D-164 a node's deletion deletes its claim; without a claim, or with two, the node is drained and released", () => {
  expect(doings(end([deleting(), running()]))).toContain("delete NodeClaim/nc");
  expect(writtenObject(end([deleting()]), "Node")?.metadata.finalizers).toEqual([]);
  const twin = { ...running(), metadata: { ...running().metadata, name: "nc2" } };
  expect(doings(end([deleting(), running(), twin]))).toEqual(["update Node/n", "update Node/n"]);
  expect(end([node(), claim()]).actions).toEqual([]);
});

test("D-164 a node of another controller is left alone", () => {
  expect(end([deleting({ metadata: { labels: {} } }), claim()]).reasons.map(explain)).toEqual(["Node/n uses a node class of another controller"]);
});

test("D-165 the node is tainted once and taken out of load balancers", () => {
  const tainted = writtenObject(end([deleting({ spec: { providerID: "aws:///us-west-2a/i-1", taints: [{ key: "karpenter.sh/disrupted", effect: "NoExecute" }] } }), claim()]), "Node");
  expect(tainted?.spec?.taints).toEqual([{ key: "karpenter.sh/disrupted", effect: "NoSchedule" }]);
  expect(tainted?.metadata.labels?.["node.kubernetes.io/exclude-from-external-load-balancers"]).toBe("karpenter");
});

test("D-170 D-171 the instance stays while pods do", () => {
  const outcome = end([deleting(), claim(), pod("p")]);
  expect(outcome).toMatchObject({ requeueAfterMs: 1000, evict: [{ metadata: { name: "p" } }] });
  expect(doings(outcome)).not.toContain("terminate");
  expect(messages(outcome)).toEqual(["FailedDraining: Failed to drain node, 1 pods are waiting to be evicted"]);
  expect(conditionText(writtenObject(outcome, "NodeClaim"), "Drained")).toBe("Unknown/Draining");
});

test("D-173 an instance that is gone releases its node undrained, if the node is not Ready either", () => {
  expect(doings(end([deleting({ ready: "False" }), claim(), pod("p")]))).toEqual(["get-instance"]);
  expect(writtenObject(end([deleting({ ready: "False" }), claim(), pod("p")], { instance: "gone" }), "Node")?.metadata.finalizers).toEqual([]);
  expect(end([deleting({ ready: "False" }), claim(), pod("p")], { instance: "present" }).evict).toHaveLength(1);
  expect(end([deleting(), claim(), pod("p")], { instance: "gone" }).evict).toHaveLength(1);
});

test("D-175 a drain takes five seconds at least", () => {
  expect(end([deleting(), claim({ conditions: [condition("Drained", "Unknown", 4)] })])).toMatchObject({ requeueAfterMs: 1000 });
  expect(doings(end([deleting(), drainedClaim]))).toContain("terminate");
});

const attachment = (name: string, persistentVolumeName: string): KubeObject => ({ apiVersion: "storage.k8s.io/v1", kind: "VolumeAttachment", metadata: { name }, spec: { nodeName: "n", source: { persistentVolumeName } } });
const volumeClaim = (name: string, volumeName: string): KubeObject => ({ apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name, namespace: "default" }, spec: { volumeName } });

test("D-176 volumes of drained pods are waited for until the deadline, those of pods that stay are not", () => {
  const waiting = end([deleting(), drainedClaim, attachment("va1", "pv1")]);
  expect(messages(waiting)).toEqual(["AwaitingVolumeDetachment: Awaiting deletion of bound volumeattachments (va1)"]);
  expect(conditionText(writtenObject(waiting, "NodeClaim"), "VolumesDetached")).toBe("Unknown/AwaitingVolumeDetachment");
  const stays = pod("ds", { owner: "DaemonSet", spec: { tolerations: [{ operator: "Exists" }], volumes: [{ name: "v", persistentVolumeClaim: { claimName: "c" } }] } });
  expect(doings(end([deleting(), drainedClaim, attachment("va1", "pv1"), stays, volumeClaim("c", "pv1")]))).toContain("terminate");
  const late = claim({ conditions: [condition("Drained", "Unknown", 5)] }, { "karpenter.sh/nodeclaim-termination-timestamp": at(1) });
  const given = end([deleting(), late, attachment("va1", "pv1")], { termination: "terminating" });
  expect(conditionText(writtenObject(given, "NodeClaim"), "VolumesDetached")).toBe("False/TerminationGracePeriodElapsed");
});

test("D-156 D-164 the finalizer goes when the instance is gone", () => {
  expect(end([deleting(), drainedClaim], { termination: "terminating" })).toMatchObject({ requeueAfterMs: 5000 });
  const gone = end([deleting(), drainedClaim], { termination: "gone" });
  expect(writtenObject(gone, "Node")?.metadata.finalizers).toEqual([]);
  expect(conditionText(writtenObject(gone, "NodeClaim"), "InstanceTerminating")).toBe("True/InstanceTerminating");
});

test("a deadline that is no time stops the pass with the reason", () => {
  const outcome = end([deleting(), claim({}, { "karpenter.sh/nodeclaim-termination-timestamp": "soon" })]);
  expect(outcome.reasons.map(explain)).toEqual([
    'parsing annotation, parsing time "soon" as "2006-01-02T15:04:05Z07:00": cannot parse "soon" as "2006" (annotation=karpenter.sh/nodeclaim-termination-timestamp)',
  ]);
  expect(doings(outcome)).toEqual([]);
});
