import type { PodEntry } from "../demand/pod-class.ts";
import type { ExistingNodePlacement } from "../packing.ts";
import type { NodeEntry } from "../prepare/node-entry.ts";

/** The placements by pod, in their order; names nobody knows are left out, and a name that two nodes have is the first's. */
export function wishedPlaces(nodes: readonly NodeEntry[], pods: readonly PodEntry[], placements: readonly ExistingNodePlacement[]): ReadonlyMap<PodEntry, NodeEntry> {
  const nodeOf = new Map<string, NodeEntry>();
  for (const node of nodes) if (!nodeOf.has(node.state.name)) nodeOf.set(node.state.name, node);
  const entryOf = new Map(pods.map((pod) => [pod.name, pod]));
  const places = new Map<PodEntry, NodeEntry>();
  for (const { node: name, pods: names } of placements) {
    const node = nodeOf.get(name);
    if (node === undefined) continue;
    for (const each of names) {
      const pod = entryOf.get(each);
      if (pod !== undefined) places.set(pod, node);
    }
  }
  return places;
}
