import usEast1 from "@groupless/ec2-catalog/us-east-1";
import { parse } from "@groupless/manifests";
import { deployment, holdsBudgets, holdsCapacity, holdsHostPorts, holdsNodeAffinity, observe, planViolations, violations, violationText } from "@groupless/testing";
import { clusterCommands, days, fakeEc2, liveCluster, type LiveCluster, type TransitionCheck, virtualClock } from "@groupless/testing/simulation";
import * as fc from "fast-check";
import { expect, test } from "vitest";

const { nodePools, nodeClasses } = parse(`apiVersion: karpenter.sh/v1
kind: NodePool
metadata: { name: default }
spec:
  template:
    spec:
      requirements:
        - { key: node.kubernetes.io/instance-type, operator: In, values: [m5.large, m5.xlarge, m5.2xlarge] }
        - { key: karpenter.sh/capacity-type, operator: In, values: [spot, on-demand] }
      nodeClassRef: { group: karpenter.k8s.aws, kind: EC2NodeClass, name: default }
      expireAfter: Never
  disruption: { consolidationPolicy: WhenEmptyOrUnderutilized, consolidateAfter: 1m, budgets: [{ nodes: "50%" }] }
---
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata: { name: default }
spec: { amiSelectorTerms: [{ alias: al2023@latest }], role: Nodes, subnetSelectorTerms: [{ tags: { for: nodes } }], securityGroupSelectorTerms: [{ tags: { for: nodes } }] }
`);
const live = (seed = "1"): Promise<LiveCluster> => liveCluster({ cluster: { name: "test", region: "us-east-1", kubernetesVersion: "1.33", unmanagedNodes: [] }, region: usEast1, objects: [...nodeClasses, ...nodePools], startMs: Date.UTC(2026, 8, 1), seed, quiet: true });

/** No node beyond its capacity, no port twice, no pod where its node affinity forbids. */
const holds: TransitionCheck = (before, after) => {
  const { cluster, packing } = observe(before, after);
  const found = violations(cluster, packing, [holdsCapacity, holdsHostPorts, holdsNodeAffinity]);
  if (found.length > 0) throw new Error(found.map(violationText).join("\n"));
};
const RUNS = { numRuns: Number(process.env["LAWS_RUNS"] ?? 4) };

test("whatever is done to a simulated cluster, no node is filled beyond its capacity", async () => {
  let played = 0;
  const counting: TransitionCheck = (before, after, step) => {
    played += 1;
    holds(before, after, step);
  };
  await fc.assert(
    fc.asyncProperty(fc.commands(clusterCommands(counting), { maxCommands: 8 }), async (commands) => {
      await fc.asyncModelRun(async () => ({ model: { there: new Set<string>() }, real: await live() }), commands);
    }),
    RUNS,
  );
  expect(played).toBeGreaterThan(0);
}, 600_000);

test("a simulated day breaks no invariant on its way and ends with every pod on a node", async () => {
  await fc.assert(
    fc.asyncProperty(days({ maxEvents: 8, lengthMs: 6 * 3_600_000 }), fc.nat().map(String), async (day, seed) => {
      const cluster = await live(seed);
      let before = cluster.objects();
      for (const step of day) {
        await cluster.play(step);
        holds(before, cluster.objects(), step);
        before = cluster.objects();
      }
      await cluster.play({ do: "settle", ms: 3_600_000 });
      const pods = cluster.objects().filter((object) => object.kind === "Pod");
      expect(pods.filter(({ spec }) => spec.nodeName === undefined)).toEqual([]);
    }),
    RUNS,
  );
}, 600_000);

test("the same commands find a controller that binds pods without asking whether they fit", async () => {
  const cluster = await live();
  await cluster.play({ do: "apply", source: "web.yaml", objects: [deployment("web", 2, { cpu: "1" })] });
  await cluster.play({ do: "settle", ms: 600_000 });
  const [node] = cluster.objects().filter(({ kind }) => kind === "Node");
  cluster.server.watch(({ object }) => {
    if (object.kind === "Pod" && object.spec.nodeName === undefined) cluster.server.update({ ...object, spec: { ...object.spec, nodeName: node?.metadata.name ?? "" } });
  });
  const before = cluster.objects();
  await cluster.play({ do: "scale", kind: "Deployment", name: "default/web", replicas: 12 });
  expect(() => holds(before, cluster.objects(), { do: "say", text: "" })).toThrow("holdsCapacity");
}, 60_000);

test("nodes that go between two looks are held to their budget", async () => {
  const cluster = await live();
  await cluster.play({ do: "apply", source: "web.yaml", objects: [deployment("web", 8, { cpu: "1900m" })] });
  await cluster.play({ do: "settle", ms: 600_000 });
  const before = cluster.objects();
  for (const node of before.filter(({ kind }) => kind === "Node")) cluster.server.remove("Node", node.metadata.name);
  for (const claim of before.filter(({ kind }) => kind === "NodeClaim")) cluster.server.remove("NodeClaim", claim.metadata.name);
  await cluster.play({ do: "advance", ms: 900_000 });
  const { before: then, commands } = observe(before, cluster.objects());
  expect(commands[0]?.sourceNodes.length).toBeGreaterThan(1);
  expect(planViolations({ before: then, commands, nowMs: cluster.clock.nowMs() }, [holdsBudgets])).toHaveLength(1);
}, 60_000);

test("the fake EC2 and the virtual clock come with the kit", () => {
  expect(virtualClock(5).nowMs()).toBe(5);
  expect(typeof fakeEc2).toBe("function");
});
