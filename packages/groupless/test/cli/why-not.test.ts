import { expect, test } from "vitest";
import { groupless } from "./terminal.ts";

const cluster = (held: boolean): string => `apiVersion: karpenter.sh/v1
kind: NodePool
metadata: { name: default }
spec:
  template: { spec: { requirements: [], nodeClassRef: { group: karpenter.k8s.aws, kind: EC2NodeClass, name: default } } }
  disruption: { consolidateAfter: 0s, budgets: [] }
---
apiVersion: karpenter.sh/v1
kind: NodeClaim
metadata:
  name: default-abcde
  creationTimestamp: "2026-07-31T00:00:00Z"
  labels: { karpenter.sh/nodepool: default, node.kubernetes.io/instance-type: m5.large, topology.kubernetes.io/zone: us-east-1a, karpenter.sh/capacity-type: on-demand }
spec: { requirements: [], nodeClassRef: { group: karpenter.k8s.aws, kind: EC2NodeClass, name: default } }
status:
  providerID: aws:///us-east-1a/i-1
  nodeName: ip-1
  conditions: [{ type: Launched, status: "True" }, { type: Registered, status: "True" }, { type: Initialized, status: "True" }, { type: Consolidatable, status: "True" }]
---
apiVersion: v1
kind: Node
metadata:
  name: ip-1
  labels: { karpenter.sh/nodepool: default, karpenter.sh/registered: "true", karpenter.sh/initialized: "true", node.kubernetes.io/instance-type: m5.large, topology.kubernetes.io/zone: us-east-1a, topology.kubernetes.io/region: us-east-1, karpenter.sh/capacity-type: on-demand }
spec: { providerID: aws:///us-east-1a/i-1 }
status: { capacity: { cpu: "2", memory: 8Gi, pods: "29" }, allocatable: { cpu: 1930m, memory: 6903Mi, pods: "29" }, conditions: [{ type: Ready, status: "True" }] }
${held ? '---\napiVersion: v1\nkind: Pod\nmetadata: { name: job, annotations: { karpenter.sh/do-not-disrupt: "true" } }\nspec: { nodeName: ip-1, containers: [{ name: job }] }\nstatus: { phase: Running }\n' : ""}`;

test("a pod that must not be disrupted keeps its node, and is named", async () => {
  const { code, out } = await groupless(["why-not", "ip-1", "cluster.yaml"], { "cluster.yaml": cluster(true) });
  expect(out).toContain("default/job");
  expect(code).toBe(1);
});

test("--profile exact keeps a node whose pods have no other place; Karpenter lets it go for empty, since they cost nothing to evict", async () => {
  const worthless = `---
apiVersion: v1
kind: Pod
metadata: { name: job, ownerReferences: [{ apiVersion: apps/v1, kind: ReplicaSet, name: job, uid: job, controller: true }], annotations: { controller.kubernetes.io/pod-deletion-cost: "-134217728" } }
spec: { nodeName: ip-1, nodeSelector: { kubernetes.io/hostname: ip-1 }, containers: [{ name: job }] }
status: { phase: Running }
`;
  const why = (...flags: readonly string[]) => groupless(["why-not", "ip-1", "cluster.yaml", ...flags], { "cluster.yaml": `${cluster(false)}${worthless}` });
  expect(await why()).toMatchObject({ code: 0, out: "nothing keeps ip-1: it goes when its turn comes\n" });
  const { code, out } = await why("--profile", "exact", "--format", "json");
  expect((JSON.parse(out) as { code: string }[]).map((blocker) => blocker.code)).toEqual(["pods-would-not-schedule"]);
  expect(code).toBe(1);
});

test("nothing keeps an empty node", async () => {
  expect(await groupless(["why-not", "ip-1", "cluster.yaml"], { "cluster.yaml": cluster(false) })).toMatchObject({ code: 0, out: "nothing keeps ip-1: it goes when its turn comes\n" });
});

test("a node that is in none of the files is bad input", async () => {
  expect(await groupless(["why-not", "ip-2", "cluster.yaml"], { "cluster.yaml": cluster(false) })).toMatchObject({ code: 2, out: "", err: 'none of the files has a Node "ip-2"; expected one of ip-1\n' });
});
