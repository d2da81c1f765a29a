import { INITIALIZED_LABEL, type Node, type NodeClaim, NODE_POOL_LABEL, type ResourceList } from "@groupless/api";
import { formatQuantity, isZero, mergeResources, multiplyQuantity, parseQuantity } from "@groupless/quantity";
import { isTracked, poolOf } from "../object/provider-id.ts";
import type { Observed } from "../observed.ts";
import { idle, isManaged, type Outcome } from "../outcome.ts";
import { isGoing, type StaticOptions } from "./static-pool.ts";
import { guarded } from "../object/guarded.ts";

/** A pool's resources are counted that often, in milliseconds. */
export const RESOURCE_COUNT_MS = 5_000;

const NOTHING: ResourceList = { cpu: "0", memory: "0", pods: "0", "ephemeral-storage": "0", nodes: "0" };

/**
 * Writes down what a pool's nodes hold, for its limits: every node that has an instance and is not going, counted by what it reports or,
 * until it is initialized, by what its claim promises (Karpenter pkg/controllers/nodepool/counter).
 */
export function countResources(observed: Observed, name: string, options: StaticOptions): Outcome {
  return guarded(`NodePool/${name}`, () => resourcesOf(observed, name, options), idle);
}

function resourcesOf(observed: Observed, name: string, options: StaticOptions): Outcome {
  const nodePool = observed.nodePools.find(({ metadata }) => metadata.name === name);
  if (nodePool === undefined || !isManaged({ spec: nodePool.spec.template.spec }, options)) return idle;
  const alike = new Map<string, Alike>();
  const nodes = addClaimed(alike, observed, name, options) + addUnclaimed(alike, observed, name);
  const resources = mergeResources(NOTHING, ...[...alike.values()].map(together), { nodes: String(nodes) });
  const before = nodePool.status?.resources ?? {};
  const isSame = nodePool.status?.nodes === nodes && Object.keys(before).length === Object.keys(resources).length && Object.entries(resources).every(([key, value]) => before[key] === value);
  const actions = isSame ? [] : [{ type: "update" as const, object: { ...nodePool, status: { ...nodePool.status, resources, nodes } } }];
  return { actions, reasons: [], requeueAfterMs: RESOURCE_COUNT_MS };
}

/** Nodes that say the same: read once, and taken as often as they occur. */
interface Alike {
  readonly list: ResourceList;
  count: number;
}

function add(alike: Map<string, Alike>, list: ResourceList, text: string): void {
  const known = alike.get(text);
  if (known === undefined) alike.set(text, { list, count: 1 });
  else known.count += 1;
}

function together({ list, count }: Alike): ResourceList {
  if (count === 1) return list;
  const known = multiples.get(list);
  if (known?.count === count) return known.all;
  const all = Object.fromEntries(Object.entries(list).map(([resource, text]) => [resource, formatQuantity(multiplyQuantity(parseQuantity(text), count))]));
  multiples.set(list, { count, all });
  return all;
}

const multiples = new WeakMap<ResourceList, { readonly count: number; readonly all: ResourceList }>();

function addClaimed(alike: Map<string, Alike>, observed: Observed, pool: string, options: StaticOptions): number {
  const tracked = new Map<string, Node>();
  for (const node of observed.nodes) {
    const providerID = node.spec?.providerID ?? "";
    // Another node of that instance counts only where the first is not known yet.
    if (!tracked.has(providerID) || !isTracked(tracked.get(providerID) as Node)) tracked.set(providerID, node);
  }
  const marked = new Set(options.markedForDeletion);
  let count = 0;
  for (const nodeClaim of observed.nodeClaims) {
    const providerID = nodeClaim.status?.providerID ?? "";
    if (providerID === "" || marked.has(providerID)) continue;
    const share = shareOf(nodeClaim, tracked.get(providerID));
    if (share.pool !== pool || share.isGoing) continue;
    add(alike, share.capacity, share.text);
    count += 1;
  }
  return count;
}

/** What a claim with its node adds to the count of which pool. */
interface Share {
  readonly node: Node | undefined;
  readonly pool: string | undefined;
  readonly isGoing: boolean;
  readonly capacity: ResourceList;
  /** The capacity, to compare it by. */
  readonly text: string;
}

// By claim, with the node it was worked out for: from count to count most claims and nodes are the same objects, and those that changed are others.
const shares = new WeakMap<NodeClaim, Share>();

function shareOf(nodeClaim: NodeClaim, node: Node | undefined): Share {
  let share = shares.get(nodeClaim);
  if (share === undefined || share.node !== node) {
    const known = node !== undefined && isTracked(node) ? node : undefined;
    const held = capacity(known, nodeClaim);
    shares.set(nodeClaim, (share = { node, pool: poolOf(nodeClaim, known), isGoing: isGoing(nodeClaim, {}), capacity: held, text: JSON.stringify(held) }));
  }
  return share;
}

// Nodes with the pool's label that nobody claims count too.
function addUnclaimed(alike: Map<string, Alike>, observed: Observed, pool: string): number {
  const claimed = new Set(observed.nodeClaims.map(({ status }) => status?.providerID ?? ""));
  let count = 0;
  for (const node of observed.nodes) {
    const providerID = node.spec?.providerID ?? "";
    if (providerID !== "" && claimed.has(providerID)) continue;
    if (!isTracked(node) || node.metadata.deletionTimestamp !== undefined || node.metadata.labels?.[NODE_POOL_LABEL] !== pool) continue;
    const held = capacity(node, undefined);
    add(alike, held, JSON.stringify(held));
    count += 1;
  }
  return count;
}

function capacity(node: Node | undefined, nodeClaim: NodeClaim | undefined): ResourceList {
  const reported = node?.status?.capacity ?? {};
  if (nodeClaim === undefined || node?.metadata.labels?.[INITIALIZED_LABEL] === "true") return reported;
  const promised = Object.entries(nodeClaim.status?.capacity ?? {}).filter(([resource]) => reported[resource] === undefined || isZero(parseQuantity(reported[resource])));
  return { ...reported, ...Object.fromEntries(promised) };
}
