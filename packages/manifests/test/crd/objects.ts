import type { JsonObject } from "@groupless/manifests";

const ref = { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "default" };
const amd64 = { key: "kubernetes.io/arch", operator: "In", values: ["amd64"] };

/** Small valid objects; `at` gives a copy with one value changed. */
export const NODE_POOL: JsonObject = { apiVersion: "karpenter.sh/v1", kind: "NodePool", metadata: { name: "default" }, spec: { template: { spec: { nodeClassRef: ref, requirements: [amd64] } }, disruption: { consolidateAfter: "30s" } } };
export const NODE_CLAIM: JsonObject = { apiVersion: "karpenter.sh/v1", kind: "NodeClaim", metadata: { name: "default-abc" }, spec: { nodeClassRef: ref, requirements: [amd64] } };
export const NODE_OVERLAY: JsonObject = { apiVersion: "karpenter.sh/v1alpha1", kind: "NodeOverlay", metadata: { name: "o" }, spec: { requirements: [amd64] } };
export const CAPACITY_BUFFER: JsonObject = { apiVersion: "autoscaling.x-k8s.io/v1beta1", kind: "CapacityBuffer", metadata: { name: "b", namespace: "ns" }, spec: { replicas: 3 } };
export const EC2_NODE_CLASS: JsonObject = {
  apiVersion: "karpenter.k8s.aws/v1",
  kind: "EC2NodeClass",
  metadata: { name: "default" },
  spec: { role: "r", amiSelectorTerms: [{ alias: "al2023@latest" }], subnetSelectorTerms: [{ id: "subnet-1" }], securityGroupSelectorTerms: [{ id: "sg-1" }] },
};

/** A copy with the value at the dotted path set; undefined removes it. */
export function at(object: JsonObject, path: string, value: unknown): JsonObject {
  const [name, ...rest] = path.split(".") as [string, ...string[]];
  const inner = rest.length === 0 ? value : at((object[name] ?? {}) as JsonObject, rest.join("."), value);
  return Object.fromEntries([...Object.entries(object).filter(([key]) => key !== name), ...(inner === undefined ? [] : [[name, inner]])]) as JsonObject;
}
