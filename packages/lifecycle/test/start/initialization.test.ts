import type { Node, NodeClaim } from "@groupless/api";
import { expect, test } from "vitest";
import { lifecycle, type ResourceSlice } from "../../src/index.ts";
import { condition, conditionText, node, nodeClaim, NOW_MS, PROVIDER_ID, world, writtenObject } from "../objects.ts";

const registered = (spec: Partial<NodeClaim["spec"]> = {}, annotations = {}) => nodeClaim(spec, { annotations }, { providerID: PROVIDER_ID, conditions: [condition("Launched"), condition("Registered")] });
const initialized = (claim: NodeClaim, on: Node, resourceSlices?: readonly ResourceSlice[]) => {
  const outcome = lifecycle(world(claim, on), "nc", { nowMs: NOW_MS, ...(resourceSlices === undefined ? {} : { resourceSlices }) });
  return conditionText(writtenObject(outcome, "NodeClaim"), "Initialized");
};
const plain = node({ metadata: { labels: {} } });

test("D-153 a Ready node without anything missing is initialized and labelled so", () => {
  const outcome = lifecycle(world(registered(), plain), "nc", { nowMs: NOW_MS });
  expect(conditionText(writtenObject(outcome, "NodeClaim"), "Initialized")).toBe("True/Initialized");
  expect(writtenObject(outcome, "Node")?.metadata.labels?.["karpenter.sh/initialized"]).toBe("true");
});

test("D-153 P-035 readiness, startup taints, ephemeral taints and resources are waited for in this order", () => {
  const startupTaints = [{ key: "cni", effect: "NoExecute" as const }];
  const bad = node({ ready: "False", spec: { taints: [...startupTaints, { key: "readiness.k8s.io/storage", effect: "NoSchedule" }] } });
  const wants = registered({ startupTaints, resources: { requests: { cpu: "1", "nvidia.com/gpu": "1", none: "0" } } });
  expect(initialized(wants, bad)).toBe("Unknown/NodeNotReady");
  expect(initialized(wants, { ...bad, status: plain.status ?? {} })).toBe("Unknown/StartupTaintsExist");
  expect(initialized(wants, node({ spec: { taints: [{ key: "readiness.k8s.io/storage", effect: "NoSchedule" }] } }))).toBe("Unknown/KnownEphemeralTaintsExist");
  expect(initialized(wants, node({ status: { conditions: [condition("Ready")], allocatable: { cpu: "2", "nvidia.com/gpu": "0" } } }))).toBe("Unknown/ResourceNotRegistered");
  expect(initialized(wants, node({ status: { conditions: [condition("Ready")], allocatable: { cpu: "2", "nvidia.com/gpu": "1" } } }))).toBe("True/Initialized");
});

test("D-154 with dynamic resource allocation a claim waits until its drivers have a complete pool on the node", () => {
  const claim = registered({}, { "karpenter.sh/requested-dra-drivers": "gpu.example.com" });
  const slice = (generation: number, count: number): ResourceSlice => ({ metadata: {}, spec: { driver: "gpu.example.com", nodeName: "n", pool: { name: "p", generation, resourceSliceCount: count } } });
  expect(initialized(claim, plain)).toBe("True/Initialized");
  expect(initialized(claim, plain, [])).toBe("Unknown/DRADriverPoolsNotPublished");
  expect(initialized(claim, plain, [slice(1, 1), slice(2, 2)])).toBe("Unknown/DRADriverPoolsNotPublished");
  expect(initialized(claim, plain, [slice(1, 1), slice(2, 2), slice(2, 2)])).toBe("True/Initialized");
});

test("an initialized claim stays initialized when its node falls ill", () => {
  const claim = nodeClaim({}, {}, { providerID: PROVIDER_ID, nodeName: "n", conditions: [condition("Launched"), condition("Registered"), condition("Initialized"), condition("Ready")] });
  expect(lifecycle(world(claim, node({ ready: "False" })), "nc", { nowMs: NOW_MS }).actions).toEqual([]);
});
