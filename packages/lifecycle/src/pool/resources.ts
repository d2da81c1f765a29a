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
  const lists = [...claimedCapacities(observed, name, options), ...unclaimedCapacities(observed, name)];
  const resources = mergeResources(NOTHING, ...times(lists), { nodes: String(lists.length) });
  const before = nodePool.status?.resources ?? {};
  const isSame = nodePool.status?.nodes === lists.length && Object.keys(before).length === Object.keys(resources).length && Object.entries(resources).every(([key, value]) => before[key] === value);
  const actions = isSame ? [] : [{ type: "update" as const, object: { ...nodePool, status: { ...nodePool.status, resources, nodes: lists.length } } }];
  return { actions, reasons: [], requeueAfterMs: RESOURCE_COUNT_MS };
}

// Nodes of one type say the same: it is read once, and taken as often as it occurs.
function times(lists: readonly ResourceList[]): readonly ResourceList[] {
  const counts = new Map<string, { readonly list: ResourceList; count: number }>();
  for (const list of lists) {
    const text = textOf(list);
    const known = counts.get(text);
    if (known === undefined) counts.set(text, { list, count: 1 });
    else known.count += 1;
  }
  return [...counts.values()].map(({ list, count }) => (count === 1 ? list : Object.fromEntries(Object.entries(list).map(([resource, text]) => [resource, formatQuantity(multiplyQuantity(parseQuantity(text), count))]))));
}

const texts = new WeakMap<ResourceList, string>();

function textOf(list: ResourceList): string {
  let text = texts.get(list);
  if (text === undefined) texts.set(list, (text = JSON.stringify(list)));
  return text;
}

function claimedCapacities(observed: Observed, pool: string, options: StaticOptions): readonly ResourceList[] {
  const tracked = new Map<string, Node>();
  for (const node of observed.nodes) if (isTracked(node) && !tracked.has(node.spec?.providerID ?? "")) tracked.set(node.spec?.providerID ?? "", node);
  const marked = new Set(options.markedForDeletion);
  return observed.nodeClaims.flatMap((nodeClaim) => {
    const providerID = nodeClaim.status?.providerID ?? "";
    if (providerID === "" || marked.has(providerID)) return [];
    const share = shareOf(nodeClaim, tracked.get(providerID));
    return share.pool === pool && !share.isGoing ? [share.capacity] : [];
  });
}

/** What a claim with its node adds to the count of which pool. */
interface Share {
  readonly node: Node | undefined;
  readonly pool: string | undefined;
  readonly isGoing: boolean;
  readonly capacity: ResourceList;
}

// By claim, with the node it was worked out for: from count to count most claims and nodes are the same objects, and those that changed are others.
const shares = new WeakMap<NodeClaim, Share>();

function shareOf(nodeClaim: NodeClaim, node: Node | undefined): Share {
  let share = shares.get(nodeClaim);
  if (share === undefined || share.node !== node) shares.set(nodeClaim, (share = { node, pool: poolOf(nodeClaim, node), isGoing: isGoing(nodeClaim, {}), capacity: capacity(node, nodeClaim) }));
  return share;
}

// Nodes with the pool's label that nobody claims count too.
function unclaimedCapacities(observed: Observed, pool: string): readonly ResourceList[] {
  const claimed = new Set(observed.nodeClaims.map(({ status }) => status?.providerID ?? ""));
  const isClaimed = ({ spec }: Node): boolean => (spec?.providerID ?? "") !== "" && claimed.has(spec?.providerID as string);
  return observed.nodes
    .filter((node) => !isClaimed(node) && isTracked(node) && node.metadata.deletionTimestamp === undefined && node.metadata.labels?.[NODE_POOL_LABEL] === pool)
    .map((node) => capacity(node, undefined));
}

function capacity(node: Node | undefined, nodeClaim: NodeClaim | undefined): ResourceList {
  const reported = node?.status?.capacity ?? {};
  if (nodeClaim === undefined || node?.metadata.labels?.[INITIALIZED_LABEL] === "true") return reported;
  const promised = Object.entries(nodeClaim.status?.capacity ?? {}).filter(([resource]) => reported[resource] === undefined || isZero(parseQuantity(reported[resource])));
  return { ...reported, ...Object.fromEntries(promised) };
}
