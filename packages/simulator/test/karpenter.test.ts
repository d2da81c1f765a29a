import type { KubeObject, NodeClaim, NodePool } from "@groupless/api";
import usEast1 from "@groupless/ec2-catalog/us-east-1";
import { type Ec2Account, type FakeEc2, fakeEc2 } from "@groupless/ec2-fleet/fake";
import { parse } from "@groupless/manifests";
import { deployment } from "@groupless/testing";
import { expect, test } from "vitest";
import { type ChanceOptions, type ClusterOptions, liveCluster, type LiveCluster, replay } from "../src/index.ts";

const HOUR_MS = 3_600_000;
const region = { ...usEast1, types: usEast1.types.filter(({ facts }) => /^m[5-7]i?\.(large|xlarge)$/.test(facts.name)) };
const objectsOf = (spec: string): readonly KubeObject[] => {
  const { nodePools, nodeClasses } = parse(`apiVersion: karpenter.sh/v1
kind: NodePool
metadata: { name: default }
spec:
  ${spec}
  template:
    spec:
      requirements: [{ key: karpenter.sh/capacity-type, operator: In, values: [spot] }, { key: kubernetes.io/arch, operator: In, values: [amd64] }]
      nodeClassRef: { group: karpenter.k8s.aws, kind: EC2NodeClass, name: default }
      expireAfter: Never
---
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata: { name: default }
spec: { amiSelectorTerms: [{ alias: al2023@latest }], role: Nodes, subnetSelectorTerms: [{ tags: { for: nodes } }], securityGroupSelectorTerms: [{ tags: { for: nodes } }] }
`);
  return [...nodeClasses, ...nodePools];
};
const live = (spec: string, more: Partial<ClusterOptions> = {}): Promise<LiveCluster> =>
  liveCluster({ cluster: { name: "test", region: "us-east-1", kubernetesVersion: "1.33", unmanagedNodes: [] }, region, objects: objectsOf(spec), startMs: Date.UTC(2026, 8, 1), seed: "1", ...more });
const claims = ({ server }: LiveCluster): readonly NodeClaim[] => server.list("NodeClaim");
const pool = ({ server }: LiveCluster): NodePool => server.get("NodePool", "default") as NodePool;

test("a static pool is kept at its replicas: it grows, shrinks and makes good what is lost", async () => {
  const cluster = await live("replicas: 3");
  await cluster.play({ do: "settle", ms: HOUR_MS });
  expect(cluster.server.list("Node").length).toBe(3);
  await cluster.play({ do: "patch", kind: "NodePool", name: "default", patch: { spec: { replicas: 5 } } });
  await cluster.play({ do: "advance", ms: 300_000 });
  expect(cluster.server.list("Node").length).toBe(5);
  await cluster.play({ do: "patch", kind: "NodePool", name: "default", patch: { spec: { replicas: 2 } } });
  await cluster.play({ do: "advance", ms: 300_000 });
  expect(cluster.server.list("Node").length).toBe(2);
  await cluster.play({ do: "delete", kind: "NodeClaim", name: claims(cluster)[0]?.metadata.name ?? "" });
  await cluster.play({ do: "advance", ms: 300_000 });
  expect(cluster.server.list("Node").length).toBe(2);
});

test("a pool says whether its nodes register", async () => {
  const health = (cluster: LiveCluster): string | undefined => pool(cluster).status?.conditions?.find(({ type }) => type === "NodeRegistrationHealthy")?.status;
  const cluster = await live("limits: {}");
  expect(health(cluster)).toBe("Unknown");
  await cluster.play({ do: "apply", source: "web.yaml", objects: [deployment("web", 2)] });
  await cluster.play({ do: "settle", ms: HOUR_MS });
  expect(health(cluster)).toBe("True");
  // Nodes that never join: after two of them the pool is unhealthy.
  const ill = await live("limits: {}", { latencies: { joinMs: 24 * HOUR_MS } });
  await ill.play({ do: "apply", source: "web.yaml", objects: [deployment("web", 2)] });
  await ill.play({ do: "advance", ms: HOUR_MS });
  expect(health(ill)).toBe("False");
}, 60_000);

test("a claim whose instance somebody terminated is collected once its node is no longer ready", async () => {
  let account: Ec2Account | undefined;
  const cluster = await live("replicas: 1", { ec2: { make: (options) => (account = fakeEc2(options)) } });
  await cluster.play({ do: "settle", ms: HOUR_MS });
  const [before] = claims(cluster);
  const id = before?.status?.providerID?.split("/").at(-1) ?? "";
  await account?.call("TerminateInstances", { InstanceIds: [id] });
  await cluster.play({ do: "advance", ms: 600_000 });
  // A node that reports proves the list wrong.
  expect(claims(cluster).map(({ metadata }) => metadata.name)).toEqual([before?.metadata.name]);
  const node = cluster.server.list("Node")[0];
  if (node !== undefined) cluster.server.update({ ...node, status: { ...node.status, conditions: [{ type: "Ready", status: "Unknown" }] } });
  await cluster.play({ do: "advance", ms: 600_000 });
  expect(claims(cluster).length).toBe(1);
  expect(claims(cluster)[0]?.metadata.name).not.toBe(before?.metadata.name);
}, 60_000);

test("an instance that no claim knows is terminated", async () => {
  let account: FakeEc2 | undefined;
  const cluster = await live("replicas: 1", { ec2: { make: (options) => (account = fakeEc2(options)) } });
  await cluster.play({ do: "settle", ms: HOUR_MS });
  const calls = account as FakeEc2;
  // As it was asked for before, under another token: nobody waits for what comes of it.
  const request = calls.calls.find(({ name }) => name === "CreateFleet")?.input as Parameters<typeof calls.call<"CreateFleet">>[1];
  const { ClientToken: _, ...again } = request;
  const { Instances = [] } = await calls.call("CreateFleet", { ...again, TagSpecifications: again.TagSpecifications.map((one) => ({ ...one, Tags: one.Tags.filter(({ Key }) => !Key.startsWith("groupless.dev/")) })) });
  const [id = ""] = Instances[0]?.InstanceIds ?? [];
  await cluster.play({ do: "advance", ms: 600_000 });
  expect(calls.instances().filter(({ State }) => State?.Name === "running").map(({ InstanceId }) => InstanceId)).not.toContain(id);
  expect(claims(cluster).length).toBe(1);
}, 60_000);

const trace = { name: "steady", pods: Array.from({ length: 6 }, (_, index) => ({ name: `p${index}`, arrivesMs: index * 1_000, runsForMs: 20 * HOUR_MS, requests: { cpu: "1", memory: "1Gi" } })) };
const run = (chance: ChanceOptions, seed = "1"): ReturnType<typeof replay> => replay({ name: "spot", objects: objectsOf("disruption: { consolidationPolicy: WhenEmpty, consolidateAfter: 1m }") }, trace, { region, durationMs: 12 * HOUR_MS, sampleMs: 600_000, chance, seed });

test("the bill follows spot prices as they move, the same way for the same seed", async () => {
  const [still, moving, again] = [await run({}), await run({ spotPrices: { kind: "mean-reverting", volatility: 0.1 } }), await run({ spotPrices: { kind: "mean-reverting", volatility: 0.1 } })];
  const levels = (samples: Awaited<ReturnType<typeof run>>["samples"]): number => new Set(samples.slice(2).map(({ priceUsdPerHour }) => priceUsdPerHour)).size;
  expect(levels(still.samples)).toBe(1);
  expect(levels(moving.samples)).toBeGreaterThan(8);
  expect(JSON.stringify(again)).toBe(JSON.stringify(moving));
  const paid = still.samples.at(-1)?.priceUsdPerHour ?? 0;
  const points = region.types.flatMap(({ facts, spot }) => Object.keys(spot ?? {}).map((zone) => ({ atMs: 6 * HOUR_MS, instanceType: facts.name, zone, usdPerHour: (spot?.[zone]?.perHour ?? 0) / 2 })));
  const cheaper = await run({ spotPrices: { kind: "recorded", points } });
  expect(cheaper.samples.at(-1)?.priceUsdPerHour).toBeCloseTo(paid / 2, 10);
}, 120_000);

test("calls that fail for a while only delay what is asked of EC2", async () => {
  const fault = await run({ faults: [{ fromMs: 0, forMs: 300_000, calls: ["CreateFleet"], fault: { kind: "refused", code: "InternalError", fault: "server" } }] });
  expect(fault.summary.launchFailures).toBeGreaterThan(0);
  expect(fault.summary.pendingSeconds.p50).toBeGreaterThan(240);
  expect(fault.samples.at(-1)?.runningPods).toBe(6);
}, 120_000);
