// `npx tsx --tsconfig tsconfig.sources.json test/bench/update.ts [NODES] [PODS]`: what a message of a watch costs, and a question after it, beside a preparation from scratch.
import type { KubeObject, Node, NodeClaim, Pod } from "@groupless/api";
import { type Cluster, prepare, type Prepared, solve, stateNodes, update, whatIf, type WatchEvent } from "@groupless/bin-packer";
import { instanceTypes } from "@groupless/ec2-catalog";
import usWest2 from "@groupless/ec2-catalog/us-west-2";

const [nodeCount = 1000, podCount = 8000] = process.argv.slice(2).map(Number);
const NOW_MS = Date.parse("2026-09-01T12:00:00Z");
const ZONES = ["us-west-2a", "us-west-2b", "us-west-2c"];
const NODE_CLASS = { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "default" };

const nodes = Array.from({ length: nodeCount }, (_, index) => node(index));
const cluster: Cluster = {
  nodePools: [{ apiVersion: "karpenter.sh/v1", kind: "NodePool", metadata: { name: "default" }, spec: { disruption: { consolidateAfter: "30s" }, limits: { cpu: "100000" }, template: { metadata: {}, spec: { nodeClassRef: NODE_CLASS, requirements: [{ key: "karpenter.sh/capacity-type", operator: "In", values: ["on-demand"] }] } } } }],
  objects: [...nodes.flat(), ...Array.from({ length: podCount }, (_, index) => pod(index, `node-${index % nodeCount}`))],
  instanceTypes: { default: instanceTypes(usWest2) },
};

/** Turns like those of a simulated day: each some messages, then perhaps a question. */
const turns: Readonly<Record<string, (turn: number) => readonly WatchEvent[]>> = {
  "a pod comes": (turn) => [{ type: "ADDED", object: pod(podCount + turn) }],
  "a pod is bound": (turn) => [{ type: "MODIFIED", object: pod(podCount + turn, `node-${turn % nodeCount}`) }],
  "a pod goes": (turn) => [{ type: "DELETED", object: pod(turn, `node-${turn % nodeCount}`) }],
  "a node's status": (turn) => [{ type: "MODIFIED", object: node(turn % nodeCount)[1] as Node }],
  "a node and its claim come": (turn) => node(nodeCount + turn).map((object) => ({ type: "ADDED", object })),
  "a node and its claim go": (turn) => node(nodeCount + turn).map((object) => ({ type: "DELETED", object })),
};

const cold = timed(() => prepare(cluster, { nowMs: NOW_MS }));
const again = timed(() => prepare({ ...cluster }, { nowMs: NOW_MS }));
console.log(`${nodeCount} nodes, ${podCount} pods: prepare ${cold.ms.toFixed(1)} ms, once more ${again.ms.toFixed(1)} ms`);
let prepared: Prepared = cold.result;
for (const [what, events] of Object.entries(turns)) {
  const updates: number[] = [];
  const solves: number[] = [];
  const asks: number[] = [];
  for (let turn = 0; turn < 600; turn++) {
    const made = timed(() => update(prepared, events(turn), { nowMs: NOW_MS + turn }));
    prepared = made.result;
    updates.push(made.ms);
    if (turn % 20 !== 0) continue;
    solves.push(timed(() => solve(prepared)).ms);
    const { name } = stateNodes(prepared)[turn % nodeCount] as { name: string };
    asks.push(timed(() => whatIf(prepared, { removeNodes: [name] }, { purpose: "disruption" })).ms);
  }
  const { pending } = { pending: solve(prepared) };
  console.log(`${what.padEnd(26)} update ${figures(updates)}   solve ${figures(solves)}   what-if ${figures(asks)}   pods waiting ${pending.newNodeClaims.flatMap(({ pods }) => pods).length + pending.existingNodes.flatMap(({ pods }) => pods).length + pending.podErrors.length}`);
}

/** Processor time: other work on the machine does not show. */
function timed<T>(work: () => T): { readonly result: T; readonly ms: number } {
  const start = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(start);
  return { result, ms: (user + system) / 1000 };
}

function figures(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] as number).toFixed(3);
  return `${at(0.5)} ms (p95 ${at(0.95)}, mean ${(times.reduce((sum, time) => sum + time, 0) / times.length).toFixed(3)})`;
}

function node(index: number): KubeObject[] {
  const name = `node-${index}`;
  const labels = { "kubernetes.io/hostname": name, "topology.kubernetes.io/zone": ZONES[index % 3] as string, "node.kubernetes.io/instance-type": "m5.2xlarge", "karpenter.sh/nodepool": "default", "karpenter.sh/capacity-type": "on-demand", "kubernetes.io/arch": "amd64", "kubernetes.io/os": "linux", "karpenter.sh/registered": "true", "karpenter.sh/initialized": "true" };
  const room = { cpu: "7910m", memory: "31Gi", pods: "58" };
  const claim: NodeClaim = { apiVersion: "karpenter.sh/v1", kind: "NodeClaim", metadata: { name: `claim-${index}`, labels }, spec: { nodeClassRef: NODE_CLASS, requirements: [] }, status: { providerID: `aws:///${name}`, nodeName: name, capacity: room, allocatable: room, conditions: [{ type: "Initialized", status: "True" }] } };
  const object: Node = { apiVersion: "v1", kind: "Node", metadata: { name, labels }, spec: { providerID: `aws:///${name}` }, status: { capacity: room, allocatable: room } };
  return [claim, object];
}

/** Two hundred services, a fifth of them spread over zones, a fifth over hosts, a tenth each alone on its host. */
function pod(index: number, nodeName?: string): Pod {
  const service = index % 200;
  const labels = { app: `app-${service}` };
  const selector = { matchLabels: labels };
  const spread = (topologyKey: string) => ({ topologySpreadConstraints: [{ maxSkew: 1, topologyKey, whenUnsatisfiable: topologyKey.endsWith("zone") ? ("DoNotSchedule" as const) : ("ScheduleAnyway" as const), labelSelector: selector }] });
  const rules = service % 10 < 2 ? spread("topology.kubernetes.io/zone") : service % 10 < 4 ? spread("kubernetes.io/hostname") : service % 10 === 4 ? { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "kubernetes.io/hostname", labelSelector: selector }] } } } : {};
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `pod-${index}`, namespace: "default", labels },
    spec: { containers: [{ name: "main", resources: { requests: { cpu: `${100 + (service % 7) * 100}m`, memory: `${256 + (service % 5) * 256}Mi` } } }], ...rules, ...(nodeName === undefined ? {} : { nodeName }) },
    status: nodeName === undefined ? { phase: "Pending" } : { phase: "Running" },
  };
}
