import usWest2 from "@groupless/ec2-catalog/us-west-2";
import { parseStory, simulate } from "@groupless/simulator";
import { expect, test } from "vitest";

const MANIFESTS = `apiVersion: karpenter.sh/v1
kind: NodePool
metadata: { name: default }
spec:
  template:
    spec:
      requirements:
        - { key: node.kubernetes.io/instance-type, operator: In, values: [m5.large, m6i.large] }
        - { key: karpenter.sh/capacity-type, operator: In, values: [spot, on-demand] }
      nodeClassRef: { group: karpenter.k8s.aws, kind: EC2NodeClass, name: default }
---
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata: { name: default }
spec:
  amiSelectorTerms: [{ alias: al2023@latest }]
  role: Nodes
  subnetSelectorTerms: [{ tags: { karpenter.sh/discovery: x } }]
  securityGroupSelectorTerms: [{ tags: { karpenter.sh/discovery: x } }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 1
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, resources: { requests: { cpu: 1 } } }] }
`;
const STORY = `name: out of capacity
start: "2026-01-05T09:00:00Z"
cluster: { name: x, region: us-west-2, kubernetesVersion: "1.33" }
scenes:
  main:
    - exhaust: { capacityType: spot, for: 30m }
    - apply: manifests.yaml
    - settle: 10m
`;

test("a launch that EC2 refuses for want of spot capacity is planned anew, and lands on demand", async () => {
  const { entries, unplaced, objects } = await simulate(parseStory(STORY, { read: () => MANIFESTS }), { region: usWest2 });
  const messages = entries.flatMap((entry) => (entry.kind === "log" ? [entry.message] : []));
  expect(messages.some((message) => message.startsWith("failed launching nodeclaim, "))).toBe(true);
  const claims = objects.filter((object) => object.kind === "NodeClaim");
  expect(claims.map(({ metadata }) => metadata.labels?.["karpenter.sh/capacity-type"])).toEqual(["on-demand"]);
  expect(objects.filter((object) => object.kind === "Pod").map(({ status }) => status?.phase)).toEqual(["Running"]);
  expect(unplaced).toEqual([]);
});
