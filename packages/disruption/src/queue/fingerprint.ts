import { isTerminal, uidOf } from "@groupless/api";
import type { Prepared } from "@groupless/bin-packer";
import { type ClusterView, clusterView } from "../cluster/cluster-view.ts";
import type { NodeRecord } from "../cluster/node-record.ts";
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
function fingerprintOf({ nodes, nodePools, pods }: ClusterView): string {
  let low = 0;
  let high = 0;
  const add = (of: object, text: () => string): void => {
    let known = hashes.get(of);
    if (known === undefined) {
      const words = text();
      hashes.set(of, (known = [hash(words, 0x811c9dc5), hash(words, 0x01234567)]));
    }
    low = (low + known[0]) >>> 0;
    high = (high + known[1]) >>> 0;
  };
  for (const record of nodes) add(record, () => nodeText(record));
  for (const [name, pool] of nodePools) add(pool, () => `pool ${name} ${pool.metadata.generation ?? JSON.stringify(pool.spec)}`);
  for (const pod of pods) if (!isTerminal(pod)) add(pod, () => `pod ${uidOf(pod)} ${pod.spec.nodeName ?? ""}`);
  return `${nodes.length}-${pods.length}-${low.toString(36)}-${high.toString(36)}`;
}

// Most of a cluster is the same as it was at the last look.
const hashes = new WeakMap<object, readonly [low: number, high: number]>();

function nodeText({ providerID, initialized, deleting, node, nodeClaim }: NodeRecord): string {
  return `node ${providerID} ${initialized} ${deleting} ${node !== undefined} ${nodeClaim !== undefined}`;
}

function hash(text: string, seed: number): number {
  let value = seed;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value ^ (value >>> 15);
}
