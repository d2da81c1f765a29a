import type { KubeObject } from "@groupless/api";
import { parse } from "@groupless/manifests";

// What Karpenter's own getting-started has, and its defaults for the rest: consolidation WhenEmptyOrUnderutilized without delay, a budget of 10 %, expiry after 30 days.
const { nodePools, nodeClasses } = parse(`apiVersion: karpenter.sh/v1
kind: NodePool
metadata: { name: default }
spec:
  template:
    spec:
      requirements:
        - { key: kubernetes.io/arch, operator: In, values: [amd64] }
        - { key: kubernetes.io/os, operator: In, values: [linux] }
        - { key: karpenter.sh/capacity-type, operator: In, values: [spot, on-demand] }
        - { key: karpenter.k8s.aws/instance-category, operator: In, values: [c, m, r] }
        - { key: karpenter.k8s.aws/instance-generation, operator: Gt, values: ["2"] }
      nodeClassRef: { group: karpenter.k8s.aws, kind: EC2NodeClass, name: default }
---
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata: { name: default }
spec: { amiSelectorTerms: [{ alias: al2023@latest }], role: Nodes, subnetSelectorTerms: [{ tags: { for: nodes } }], securityGroupSelectorTerms: [{ tags: { for: nodes } }] }
`);

/** A NodePool as most clusters have it, and its node class. */
export const defaultPolicy: readonly KubeObject[] = [...nodeClasses, ...nodePools];
