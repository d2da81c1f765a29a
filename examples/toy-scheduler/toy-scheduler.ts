import { isKind, nameOf } from "@groupless/api";
import type { Cluster, Packing } from "@groupless/bin-packer";
import { fits, podsRequests } from "@groupless/quantity";

/** First fit: each waiting pod goes to the first node with room. */
export function toyScheduler(cluster: Cluster): Packing {
  const pods = cluster.objects.filter((object) => isKind(object, "Pod"));
  const nodes = cluster.objects.filter((object) => isKind(object, "Node"));
  const running = new Map(nodes.map(({ metadata }) => [metadata.name, pods.filter(({ spec }) => spec.nodeName === metadata.name)]));
  const placed = new Map<string, string[]>();
  const refused: string[] = [];
  for (const pod of pods.filter(({ spec }) => spec.nodeName === undefined)) {
    const node = nodes.find(({ metadata, status }) => fits(podsRequests([...(running.get(metadata.name) ?? []), pod]), status?.capacity ?? {}));
    if (node === undefined) {
      refused.push(nameOf(pod));
      continue;
    }
    running.get(node.metadata.name)?.push(pod);
    placed.set(node.metadata.name, [...(placed.get(node.metadata.name) ?? []), nameOf(pod)]);
  }
  return {
    newNodeClaims: [],
    existingNodes: [...placed].map(([node, names]) => ({ node, pods: names })),
    podErrors: refused.map((pod) => ({ pod, classes: [], reasons: [], message: "no node has room" })),
    ignoredPods: [],
    priceUsdPerHour: 0,
  };
}
