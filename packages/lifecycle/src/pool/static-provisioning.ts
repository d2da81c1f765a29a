import { type Node, type NodeClaim, NODE_POOL_HASH_ANNOTATION, NODE_POOL_HASH_VERSION, NODE_POOL_HASH_VERSION_ANNOTATION, NODE_POOL_LABEL, type NodePool, nodePoolHash, timeText } from "@groupless/api";
import { decimalText, parseQuantity } from "@groupless/quantity";
import { AWS_LABELS } from "@groupless/requirements";
import { nodeClaimOfNodePool } from "@groupless/requirements/karpenter";
import { isDeleting } from "../object/metadata.ts";
import { isTracked } from "../object/provider-id.ts";
import type { Observed } from "../observed.ts";
import { idle, isManaged, type Outcome } from "../outcome.ts";
import { isReady, poolCounts, STATIC_POOL_CHECK_MS, type StaticOptions } from "./static-pool.ts";
import { guarded } from "../object/guarded.ts";

/** A pool at its limit is looked at again after that long, in milliseconds. */
const LIMIT_REACHED_CHECK_MS = 30_000;

/** A cluster that is not known well enough is looked at again after that long, in milliseconds. */
const SYNC_CHECK_MS = 1_000;

/**
 * Creates the claims that a static pool lacks, within its `limits.nodes`, which nodes that are going take up too (Karpenter pkg/controllers/static/provisioning).
 *
 * The claims are the pool's template with no instance types chosen: that is left to the provider.
 */
export function provisionStatic(observed: Observed, name: string, options: StaticOptions): Outcome {
  return guarded(`NodePool/${name}`, () => lackOf(observed, name, options), idle);
}

function lackOf(observed: Observed, name: string, options: StaticOptions): Outcome {
  const nodePool = observed.nodePools.find(({ metadata }) => metadata.name === name);
  const replicas = nodePool?.spec.replicas;
  if (nodePool === undefined || replicas === undefined || !isManaged({ spec: nodePool.spec.template.spec }, options) || !isReady(nodePool) || isDeleting(nodePool)) return idle;
  if (options.hasSynced !== true && !isSynced(observed)) return { ...idle, requeueAfterMs: SYNC_CHECK_MS };
  const { active, deleting, pendingDisruption } = poolCounts(observed, name, options);
  if (active + pendingDisruption >= replicas) return { ...idle, requeueAfterMs: STATIC_POOL_CHECK_MS };
  const room = nodeLimit(nodePool) - (active + deleting + pendingDisruption) - (options.reserved ?? 0);
  const count = Math.min(replicas - active, Math.max(room, 0));
  if (count <= 0) return { ...idle, requeueAfterMs: LIMIT_REACHED_CHECK_MS };
  const names = freeNames(observed, nodePool, count, options.nowMs);
  return { actions: names.map((claim) => ({ type: "create", object: nodeClaimOfTemplate(nodePool, claim, options.nowMs) })), reasons: [], requeueAfterMs: STATIC_POOL_CHECK_MS };
}

/** The claim that a pool's template makes as it stands. */
export function nodeClaimOfTemplate(nodePool: NodePool, name: string, nowMs: number): NodeClaim {
  const hash = { [NODE_POOL_HASH_ANNOTATION]: nodePoolHash(nodePool), [NODE_POOL_HASH_VERSION_ANNOTATION]: NODE_POOL_HASH_VERSION };
  const { metadata, spec } = nodeClaimOfNodePool(nodePool, hash, AWS_LABELS);
  return { apiVersion: "karpenter.sh/v1", kind: "NodeClaim", metadata: { ...metadata, name, creationTimestamp: timeText(nowMs) }, spec };
}

// What a claim will become is not known before it is launched, nor what a pool's node is before it says so (Karpenter pkg/controllers/state/cluster.go).
function isSynced(observed: Observed): boolean {
  const isKnown = (node: Node): boolean => isTracked(node) && ((node.spec?.providerID ?? "") !== "" || (node.metadata.labels?.[NODE_POOL_LABEL] ?? "") === "");
  return observed.nodeClaims.every(({ status }) => (status?.providerID ?? "") !== "") && observed.nodes.every(isKnown);
}

function nodeLimit({ spec: { limits } }: NodePool): number {
  return limits?.["nodes"] === undefined ? Number.POSITIVE_INFINITY : Math.ceil(Number(decimalText(parseQuantity(limits["nodes"]))));
}

// The API server would append random letters to generateName; here the time and a count keep names apart and steps repeatable.
function freeNames(observed: Observed, nodePool: NodePool, count: number, nowMs: number): readonly string[] {
  const taken = new Set(observed.nodeClaims.map(({ metadata }) => metadata.name));
  const names: string[] = [];
  for (let index = 0; names.length < count; index += 1) {
    const name = `${nodePool.metadata.name}-${Math.floor(nowMs / 1000).toString(36)}${index.toString(36)}`;
    if (!taken.has(name)) names.push(name);
  }
  return names;
}
