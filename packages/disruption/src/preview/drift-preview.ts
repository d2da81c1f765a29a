import { type NodeClaim, type NodePool, NODE_POOL_HASH_ANNOTATION, NODE_POOL_HASH_VERSION, NODE_POOL_HASH_VERSION_ANNOTATION, NODE_POOL_LABEL, nameOf, nodePoolHash } from "@groupless/api";
import { type Cluster, type NewNodeClaim, prepare, type Prepared } from "@groupless/bin-packer";
import { fromLabels, fromSelectorRequirements, isCompatible } from "@groupless/requirements/karpenter";
import type { Blocker } from "../blockers/blocker.ts";
import { UNBOUNDED } from "../budgets/budget.ts";
import { poolBudgets } from "../budgets/pool-budgets.ts";
import { candidateOf } from "../candidates/candidate.ts";
import { clusterView } from "../cluster/cluster-view.ts";
import { drift } from "../methods/drift.ts";
import { staticDrift } from "../methods/static-drift.ts";
import { staticClaim } from "../replacement/static-claim.ts";
import { knownLabels } from "../pass/method-report.ts";
import { whyNot } from "../pass/why-not.ts";
import { priceList } from "../replacement/launch-prices.ts";
import { estimatedSavings } from "../replacement/savings.ts";
import { NoNodePoolsError, simulate } from "../simulation/simulate.ts";

/** What a change of pools would do to the nodes there are: which drift, what comes in their place, how long budgets make it take. */
export interface DriftPreview {
  /** Those that would drift, by name. */
  readonly nodes: readonly DriftedNode[];
  readonly nodePools: readonly DriftedPool[];
  /** Pods that would be evicted, `namespace/name`, sorted. */
  readonly pods: readonly string[];
  /** What the cluster would cost more in the end, USD an hour; negative: less. */
  readonly priceChangeUsdPerHour: number;
}

/** A node that would drift, and what would become of it. */
export interface DriftedNode {
  readonly node: string;
  readonly nodePool: string;
  readonly reason: "NodePoolDrifted" | "RequirementsDrifted";
  /** The pods that would move. */
  readonly pods: readonly string[];
  /** What would be launched if it were the next to go. */
  readonly replacements: readonly NewNodeClaim[];
  /** USD an hour; negative: what comes costs more. */
  readonly savingsUsdPerHour: number;
  /** What keeps it from being replaced now. */
  readonly blockers: readonly Blocker[];
}

/** How a pool's drift would go. */
export interface DriftedPool {
  readonly nodePool: string;
  readonly drifted: number;
  readonly nodes: number;
  /** How many its budgets let go at once, now; 2147483647: no bound. */
  readonly atOnce: number;
  /** In so many rounds; undefined while its budgets let none go. */
  readonly rounds?: number;
}

/**
 * The blast radius of a change of NodePools, before it is made (k#3197): compares the cluster as it is with the one that has the new pools.
 *
 * A node drifts if its pool's template (but for requirements) hashes differently, or if its labels do not meet the pool's requirements any more.
 *
 * @example
 * ```ts
 * import { cluster, node, nodePool } from "@groupless/testing";
 * import { prepare } from "@groupless/bin-packer";
 * import { driftPreview } from "@groupless/disruption";
 * const today = cluster({ objects: node("a", { nodePool: "default" }).objects });
 * const proposed = { ...today, nodePools: [nodePool("default", { labels: { team: "a" } })] };
 * const nowMs = Date.parse("2026-09-01T13:00:00Z");
 * driftPreview(prepare(today, { nowMs }), prepare(proposed, { nowMs })).nodes.map(({ node: name, reason }) => [name, reason]); // => [["a", "NodePoolDrifted"]]
 * ```
 */
export function driftPreview(before: Prepared, after: Prepared): DriftPreview {
  const pools = new Map(before.cluster.nodePools.map((pool) => [pool.metadata.name, pool]));
  const view = clusterView(after);
  const { tables } = knownLabels(after);
  const reasons = new Map<string, DriftedNode["reason"]>();
  for (const { name, nodeClaim, labels } of view.nodes) {
    const next = view.nodePools.get(labels[NODE_POOL_LABEL] ?? "");
    if (nodeClaim === undefined || next === undefined) continue;
    if (hashOf(nodeClaim, pools.get(next.metadata.name)) !== nodePoolHash(next)) reasons.set(name, "NodePoolDrifted");
    else if (!isCompatible(fromLabels(nodeClaim.metadata.labels, tables), fromSelectorRequirements(next.spec.template.spec.requirements, tables))) reasons.set(name, "RequirementsDrifted");
  }
  const drifted = prepare(marked(after.cluster, view.nodes.filter(({ name }) => reasons.has(name)).map(({ nodeClaim }) => nodeClaim?.metadata.name ?? "")), { nowMs: after.nowMs, profile: after.profile });
  const nodes = [...reasons].map(([node, reason]) => previewOf(drifted, node, reason)).sort((a, b) => (a.node < b.node ? -1 : 1));
  return {
    nodes,
    nodePools: poolsOf(drifted, nodes),
    pods: [...new Set(nodes.flatMap(({ pods: moved }) => moved))].sort(),
    priceChangeUsdPerHour: 0 - nodes.reduce((sum, { savingsUsdPerHour }) => sum + savingsUsdPerHour, 0),
  };
}

// What the claim was made from: by its annotation, or by the pool as it is where it has none of the present kind.
function hashOf({ metadata }: NodeClaim, before: NodePool | undefined): string | undefined {
  const { [NODE_POOL_HASH_ANNOTATION]: hash, [NODE_POOL_HASH_VERSION_ANNOTATION]: version } = metadata.annotations ?? {};
  return hash !== undefined && version === NODE_POOL_HASH_VERSION ? hash : before === undefined ? undefined : nodePoolHash(before);
}

function marked(cluster: Cluster, claims: readonly string[]): Cluster {
  const names = new Set(claims);
  return {
    ...cluster,
    objects: cluster.objects.map((object) => {
      if (object.kind !== "NodeClaim" || !names.has(object.metadata.name)) return object;
      const conditions = (object.status?.conditions ?? []).filter(({ type }) => type !== "Drifted");
      return { ...object, status: { ...object.status, conditions: [...conditions, { type: "Drifted", status: "True" as const }] } };
    }),
  };
}

function previewOf(prepared: Prepared, node: string, reason: DriftedNode["reason"]): DriftedNode {
  const view = clusterView(prepared);
  const record = view.nodeOf.get(node);
  const nodePool = record?.labels[NODE_POOL_LABEL] ?? "";
  const pool = view.nodePools.get(nodePool);
  const types = view.instanceTypes(nodePool);
  const none = { node, nodePool, reason, pods: [], replacements: [], savingsUsdPerHour: 0 };
  // Budgets are the pools' matter; they are counted there.
  const blockers = whyNot(prepared, node, { methods: [drift, staticDrift] }).filter(({ code }) => code !== "node-pool-budget");
  if (record === undefined || pool === undefined || types === undefined) return { ...none, blockers };
  const candidate = candidateOf(record, pool, types);
  const prices = priceList(knownLabels(prepared));
  try {
    const { newNodeClaims } = pool.spec.replicas === undefined ? simulate(prepared, view, [candidate], { prices }) : { newNodeClaims: [staticClaim(pool, knownLabels(prepared))] };
    const savings = pool.spec.replicas === undefined ? estimatedSavings([candidate], newNodeClaims, view, prices) : 0;
    return { ...none, pods: candidate.reschedulablePods.map(nameOf), replacements: newNodeClaims, savingsUsdPerHour: savings, blockers };
  } catch (error) {
    if (error instanceof NoNodePoolsError) return { ...none, pods: candidate.reschedulablePods.map(nameOf), blockers: [...blockers, { code: "no-node-pools", canResolve: true }] };
    throw error;
  }
}

function poolsOf(prepared: Prepared, nodes: readonly DriftedNode[]): readonly DriftedPool[] {
  const budgets = poolBudgets(clusterView(prepared), { reason: drift.reason, nowMs: prepared.nowMs });
  const names = [...new Set(nodes.map(({ nodePool }) => nodePool))].sort();
  return names.map((nodePool) => {
    const drifted = nodes.filter((node) => node.nodePool === nodePool).length;
    const { left: atOnce = UNBOUNDED, nodes: all = 0 } = budgets.get(nodePool) ?? {};
    return { nodePool, drifted, nodes: all, atOnce, ...(atOnce > 0 ? { rounds: Math.ceil(drifted / Math.min(atOnce, drifted)) } : {}) };
  });
}
