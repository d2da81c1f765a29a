import { ARCH_LABEL, HOSTNAME_LABEL, INSTANCE_TYPE_LABEL, type Node, type NodeClaim, OS_LABEL, REGION_LABEL, UNREGISTERED_TAINT_KEY, ZONE_LABEL } from "@groupless/api";
import type { Instance } from "@groupless/lifecycle";
import type { Chance } from "../chance/chance.ts";
import type { World } from "../controllers/world.ts";
import type { Cloud } from "./cloud.ts";

/** What the instance's kubelet and the cloud provider say about a node when it registers. */
const KUBELET_LABELS: readonly string[] = [ARCH_LABEL, OS_LABEL, INSTANCE_TYPE_LABEL, ZONE_LABEL, REGION_LABEL];
const CLOUD_CHECK_MS = 40_000;

/** Lets the node of a launched instance join the cluster after a while, and makes nodes whose instance is gone disappear. */
export function nodeJoin(world: World, cloud: Cloud, chance: Chance): { launched(claim: NodeClaim, instance: Instance): void; lost(instanceID: string): void } {
  const { server, clock, latencies, recorder } = world;
  const addresses = world.random.stream("addresses");
  const used = new Set<string>();

  const address = (): string => {
    for (;;) {
      const candidate = `192-168-${addresses.integer(256)}-${1 + addresses.integer(254)}`;
      if (used.has(candidate)) continue;
      used.add(candidate);
      return candidate;
    }
  };
  const join = (claim: NodeClaim, instance: Instance): void => {
    const id = instanceIDOf(instance.providerID);
    if (!cloud.isAlive(id)) return;
    const region = instance.labels[REGION_LABEL] ?? (instance.labels[ZONE_LABEL] ?? "").replace(/[a-z]$/, "");
    const name = `ip-${address()}.${region}.compute.internal`;
    server.create(nodeOf(name, region, claim, instance, cloud.versionOf(instance.imageID ?? "")));
    recorder.cluster("node-joined", `Node/${name}`, `${id} joined the cluster`);
  };

  return {
    launched: (claim, instance) => void clock.after(chance.joinDelayMs(latencies.joinMs), () => join(claim, instance)),
    // A node that stops reporting is NotReady after 40 s; the cloud provider then finds its instance gone and deletes it.
    lost: (instanceID) =>
      void clock.after(CLOUD_CHECK_MS, () => {
        const node = server.list("Node").find(({ spec }) => instanceIDOf(spec?.providerID ?? "") === instanceID);
        if (node === undefined) return;
        const conditions = (node.status?.conditions ?? []).map((condition) => (condition.type === "Ready" ? { ...condition, status: "Unknown" as const, reason: "NodeStatusUnknown" } : condition));
        server.update({ ...node, status: { ...node.status, conditions } });
        server.remove("Node", node.metadata.name);
      }),
  };
}

/** The instance id in `aws:///ZONE/ID`. */
export function instanceIDOf(providerID: string): string {
  return providerID.slice(providerID.lastIndexOf("/") + 1);
}

function nodeOf(name: string, region: string, claim: NodeClaim, instance: Instance, version: string): Node {
  const known = Object.fromEntries(KUBELET_LABELS.flatMap((key) => (instance.labels[key] === undefined ? [] : [[key, instance.labels[key]]])));
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { [OS_LABEL]: "linux", [REGION_LABEL]: region, ...known, [HOSTNAME_LABEL]: name } },
    spec: {
      providerID: instance.providerID,
      taints: [{ key: UNREGISTERED_TAINT_KEY, effect: "NoExecute" }, { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" }, ...(claim.spec.taints ?? []), ...(claim.spec.startupTaints ?? [])],
    },
    status: {
      ...(instance.capacity === undefined ? {} : { capacity: instance.capacity }),
      ...(instance.allocatable === undefined ? {} : { allocatable: instance.allocatable }),
      conditions: [{ type: "Ready", status: "False", reason: "KubeletNotReady" }],
      nodeInfo: { kubeletVersion: `v${version}` },
    },
  };
}
