import type { PodEntry } from "../demand/pod-class.ts";
import { bits, setBit } from "../intern/bits.ts";
import type { PlannedNode } from "../place/planned-node.ts";
import type { Demand } from "./demand.ts";
import type { Batch } from "./model.ts";
import type { NodeBin } from "./node-bins.ts";

/** A plan of classes and counts as nodes with pods; dearest first, so that reservations save most. */
export function plannedNodes(demand: Demand, bins: readonly NodeBin[], groups: readonly number[], plan: readonly Batch[], pods: ReadonlySet<PodEntry>): PlannedNode[] {
  const queues = groups.map((index) => (demand.groups[index] as Demand["groups"][number]).pods.filter((pod) => pods.has(pod)));
  const next = new Int32Array(queues.length);
  const nodes: PlannedNode[] = [];
  for (const { bin, pattern, copies } of [...plan].sort((a, b) => (bins[b.bin]?.priceUsdPerHour ?? 0) - (bins[a.bin]?.priceUsdPerHour ?? 0))) {
    const { template, variant, offerings: among } = bins[bin] as NodeBin;
    const offerings = bits(template.catalog.offerings.length);
    for (const offering of among) setBit(offerings, offering);
    for (let copy = 0; copy < copies; copy++) {
      const chosen: PodEntry[] = [];
      for (const [podClass, count] of pattern) {
        const from = next[podClass] as number;
        for (const pod of queues[podClass]?.slice(from, from + count) ?? []) chosen.push(pod);
        next[podClass] = from + count;
      }
      nodes.push({ template, variant, offerings, pods: chosen });
    }
  }
  return nodes;
}
