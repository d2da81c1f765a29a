import { expect, test } from "vitest";
import { lifecycle, type RegistrationHook } from "../../src/index.ts";
import { condition, conditionText, doings, messages, node, nodeClaim, nodePool, NOW_MS, PROVIDER_ID, world, writtenObject } from "../objects.ts";

const nowMs = NOW_MS;
const launched = (spec: Parameters<typeof nodeClaim>[0] = {}) => nodeClaim(spec, { annotations: { note: "x" } }, { providerID: PROVIDER_ID, conditions: [condition("Launched", "True", 60), condition("Registered", "Unknown", 60)] });
const joined = node({ metadata: { labels: { own: "yes" }, finalizers: [] }, spec: { providerID: PROVIDER_ID, taints: [{ key: "karpenter.sh/unregistered", effect: "NoExecute" }] }, ready: "False" });
const register = (claim: ReturnType<typeof nodeClaim>, nodes = [joined], hooks: readonly RegistrationHook[] = []) => lifecycle(world(claim, nodePool(), ...nodes), "nc", { nowMs, answers: { registrationHooks: hooks } });

test("D-148 the node of the claim's provider id gets finalizer, owner, labels and annotations, and the claim its name", () => {
  const outcome = register(launched());
  const registered = writtenObject(outcome, "Node");
  expect(registered?.metadata).toMatchObject({ finalizers: ["karpenter.sh/termination"], annotations: { note: "x" }, labels: { own: "yes", "karpenter.sh/nodepool": "general", "karpenter.sh/registered": "true" } });
  expect(registered?.metadata.ownerReferences).toEqual([{ apiVersion: "karpenter.sh/v1", kind: "NodeClaim", name: "nc", uid: "claim", blockOwnerDeletion: true }]);
  expect(writtenObject(outcome, "NodeClaim")?.status?.nodeName).toBe("n");
  expect(conditionText(writtenObject(outcome, "NodeClaim"), "Registered")).toBe("True/Registered");
});

test("D-148 no node yet is waited for, two nodes of one provider id are an error", () => {
  expect(conditionText(writtenObject(register(launched(), []), "NodeClaim"), "Registered")).toBe("Unknown/NodeNotFound");
  const twin = node({ metadata: { name: "m", uid: "m" } });
  expect(conditionText(writtenObject(register(launched(), [joined, twin]), "NodeClaim"), "Registered")).toBe("False/MultipleNodesFound");
});

test("D-149 taints and startup taints go onto the node once each, unless it says that it is given them otherwise", () => {
  const taints = { taints: [{ key: "gpu", value: "true", effect: "NoSchedule" as const }], startupTaints: [{ key: "cni", effect: "NoExecute" as const }] };
  expect(writtenObject(register(launched(taints)), "Node")?.spec?.taints?.map(({ key }) => key)).toEqual(["gpu", "cni"]);
  const has = node({ ...joined, metadata: joined.metadata, spec: { ...joined.spec, taints: [{ key: "gpu", value: "other", effect: "NoSchedule" }] } });
  expect(writtenObject(register(launched(taints), [has]), "Node")?.spec?.taints?.map(({ key, value }) => `${key}=${value ?? ""}`)).toEqual(["gpu=other", "cni="]);
  const managed = node({ metadata: { labels: { "karpenter.sh/do-not-sync-taints": "true" } }, spec: joined.spec ?? {} });
  expect(writtenObject(register(launched(taints), [managed]), "Node")?.spec?.taints).toEqual([]);
});

test("D-150 a node without the unregistered taint registers too, with a warning", () => {
  const bare = node({ metadata: { labels: {} } });
  const outcome = register(launched(), [bare]);
  expect(messages(outcome)).toContain("UnregisteredTaintMissing: Missing karpenter.sh/unregistered taint which prevents registration related race conditions on Karpenter-managed nodes");
  expect(writtenObject(outcome, "Node")?.metadata.labels?.["karpenter.sh/registered"]).toBe("true");
});

test("D-151 a hook that is not ready holds registration back: labels are there, the taint stays, and the shortest wait counts", () => {
  const outcome = register(launched(), [joined], [{ name: "a", status: "ready" }, { name: "b", status: "pending", retryAfterMs: 70_000 }, { name: "c", status: "pending", retryAfterMs: 7_000 }]);
  expect(writtenObject(outcome, "Node")?.spec?.taints).toEqual([{ key: "karpenter.sh/unregistered", effect: "NoExecute" }]);
  expect(writtenObject(outcome, "NodeClaim")?.status?.conditions?.find(({ type }) => type === "Registered")).toMatchObject({ reason: "RegistrationHookPending", message: "b, c" });
  expect(outcome.requeueAfterMs).toBe(7_000);
  expect(register(launched(), [joined], [{ name: "d", status: "failed", message: "boom" }]).reasons).toMatchObject([{ code: "registration-hook-failed", hook: "d", message: "boom" }]);
});

test("D-152 a registration counts for the pool's health, if the pool owns the claim", () => {
  expect(register(launched()).actions).toContainEqual({ type: "record-registration", nodePool: "general", succeeded: true });
  const orphan = { ...launched(), metadata: { ...launched().metadata, ownerReferences: [] } };
  expect(doings(register(orphan))).not.toContain("record-registration");
});
