import { parse } from "@groupless/manifests";
import { describe, expect, test } from "vitest";

const BLOG = `
apiVersion: karpenter.sh/v1beta1
kind: NodePool
metadata:
  name: default
spec:
  template:
    spec:
      requirements:
        - key: kubernetes.io/arch
          operator: In
          values: ["amd64"]
      nodeClassRef:
        name: default
  limits:
    cpu: 1000
  disruption:
    consolidationPolicy: WhenUnderutilized
    expireAfter: 720h
---
apiVersion: karpenter.k8s.aws/v1beta1
kind: EC2NodeClass
metadata:
  name: default
spec:
  amiFamily: AL2
  role: KarpenterNodeRole-demo
  subnetSelectorTerms: [{ tags: { karpenter.sh/discovery: demo } }]
  securityGroupSelectorTerms: [{ tags: { karpenter.sh/discovery: demo } }]
`;

describe("parse", () => {
  test("reads the NodePool and EC2NodeClass of v1beta1 as v1, and says what changed", () => {
    const { nodePools, nodeClasses, conversions } = parse(BLOG);
    expect(nodePools[0]).toEqual({
      apiVersion: "karpenter.sh/v1",
      kind: "NodePool",
      metadata: { name: "default" },
      spec: {
        template: {
          spec: {
            requirements: [{ key: "kubernetes.io/arch", operator: "In", values: ["amd64"] }],
            nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "default" },
            expireAfter: "720h",
          },
        },
        limits: { cpu: "1000" },
        disruption: { consolidationPolicy: "WhenEmptyOrUnderutilized", consolidateAfter: "0s", budgets: [{ nodes: "10%" }] },
      },
    });
    expect(nodeClasses[0]?.spec.amiSelectorTerms).toEqual([{ alias: "al2@latest" }]);
    expect(nodeClasses[0]?.spec.metadataOptions?.httpPutResponseHopLimit).toBe(2);
    expect(conversions).toContainEqual({ object: "NodePool/default", path: "spec.disruption.expireAfter", movedTo: "spec.template.spec.expireAfter", from: "720h", to: "720h" });
  });
});
