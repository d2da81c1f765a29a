import { isTerminal, uidOf } from "@groupless/api";
import type { Prepared } from "@groupless/bin-packer";
import { type ClusterView, clusterView } from "../cluster/cluster-view.ts";
import type { ClusterMark } from "./queue.ts";

const LOOK_AGAIN_MS = 5 * 60_000;

/**
 * The state of the cluster as consolidation sees it: moved on when pods come to nodes or go, nodes come, go, become initialized or are marked,
 * or a pool's spec changes; and every five minutes, for what cannot be seen from here (prices, quiet times that end).
 */
export function clusterMark(prepared: Prepared, before: ClusterMark | undefined): ClusterMark {
  const fingerprint = fingerprintOf(clusterView(prepared));
  const same = before?.fingerprint === fingerprint && prepared.nowMs - before.sinceMs < LOOK_AGAIN_MS;
  return same ? before : { fingerprint, sinceMs: prepared.nowMs };
}

// A sum of hashes, so that order does not matter; two of them, so that different clusters do not meet by chance.
function fingerprintOf({ nodes, nodePools, podOf }: ClusterView): string {
  let low = 0;
  let high = 0;
  const add = (text: string): void => {
    low = (low + hash(text, 0x811c9dc5)) >>> 0;
    high = (high + hash(text, 0x01234567)) >>> 0;
  };
  for (const { providerID, initialized, deleting, node, nodeClaim } of nodes) add(`node ${providerID} ${initialized} ${deleting} ${node !== undefined} ${nodeClaim !== undefined}`);
  for (const [name, { metadata, spec }] of nodePools) add(`pool ${name} ${metadata.generation ?? JSON.stringify(spec)}`);
  for (const pod of podOf.values()) if (!isTerminal(pod)) add(`pod ${uidOf(pod)} ${pod.spec.nodeName ?? ""}`);
  return `${nodes.length}-${podOf.size}-${low.toString(36)}-${high.toString(36)}`;
}

function hash(text: string, seed: number): number {
  let value = seed;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value ^ (value >>> 15);
}
