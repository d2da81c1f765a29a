import { type Condition, type Node, type NodeClaim, NODE_POOL_LABEL, TERMINATION_TIMESTAMP_ANNOTATION, timeText } from "@groupless/api";
import type { Action } from "../action.ts";
import { isDeleting, withAnnotations } from "../object/metadata.ts";
import { nodeClaimOf } from "../object/provider-id.ts";
import { report } from "../object/report.ts";
import { instantOf } from "../object/timestamp.ts";
import type { Observed } from "../observed.ts";
import { idle, type Outcome, type PassOptions } from "../outcome.ts";

/** A node condition that a provider takes for a sign of illness, and how long it is put up with. */
export interface RepairPolicy {
  readonly conditionType: string;
  readonly conditionStatus: Condition["status"];
  readonly tolerationMs: number;
}

const MINUTE_MS = 60_000;
const HALF_HOUR_MS = 30 * MINUTE_MS;
const policy = (conditionType: string, conditionStatus: Condition["status"], tolerationMs: number): RepairPolicy => ({ conditionType, conditionStatus, tolerationMs });

/** What Karpenter's AWS provider repairs, with the node monitoring agent's conditions. */
export const ec2RepairPolicies: readonly RepairPolicy[] = [
  policy("Ready", "False", HALF_HOUR_MS),
  policy("Ready", "Unknown", HALF_HOUR_MS),
  policy("AcceleratedHardwareReady", "False", 10 * MINUTE_MS),
  policy("StorageReady", "False", HALF_HOUR_MS),
  policy("NetworkingReady", "False", HALF_HOUR_MS),
  policy("KernelReady", "False", HALF_HOUR_MS),
  policy("ContainerRuntimeReady", "False", HALF_HOUR_MS),
];

// Up to a fifth of the nodes, rounded up, may be ill: with more the fault is hardly theirs.
const ALLOWED_UNHEALTHY_PERCENT = 20;
/** A repair that was held back is looked at again after that long, in milliseconds. */
export const REPAIR_RETRY_MS: number = 5 * MINUTE_MS;

/**
 * Replaces a node that has been ill for longer than its policy tolerates: its claim gets a deadline of now and is deleted, whatever budgets and pods say,
 * unless too many nodes of its pool (of the cluster, for a claim without pool) are ill (Karpenter pkg/controllers/node/health; its feature gate NodeRepair is off by default).
 */
export function repair(observed: Observed, name: string, policies: readonly RepairPolicy[], { nowMs }: PassOptions): Outcome {
  const node = observed.nodes.find(({ metadata }) => metadata.name === name);
  const nodeClaim = node === undefined ? undefined : nodeClaimOf(observed, node);
  if (node === undefined || nodeClaim === undefined) return idle;
  const dueMs = repairTimeMs(node, policies);
  if (dueMs === undefined) return idle;
  if (nowMs < dueMs) return { actions: [], reasons: [], requeueAfterMs: dueMs - nowMs };
  const pool = nodeClaim.metadata.labels?.[NODE_POOL_LABEL];
  if (!isHealthy(observed.nodes.filter(({ metadata }) => pool === undefined || metadata.labels?.[NODE_POOL_LABEL] === pool), policies)) return blocked(observed, node, pool);
  const annotated = withDeadline(nodeClaim, nowMs);
  const write: readonly Action[] = annotated === nodeClaim ? [] : [{ type: "update", object: annotated }];
  return { actions: [...write, ...(isDeleting(nodeClaim) ? [] : [{ type: "delete" as const, kind: "NodeClaim" as const, name: nodeClaim.metadata.name }])], reasons: [] };
}

/** When the node is to be replaced, should it stay as ill as it is, in epoch milliseconds: the earliest of its signs; undefined for a healthy one. */
export function repairTimeMs(node: Node, policies: readonly RepairPolicy[]): number | undefined {
  const times = signs(node, policies).map(({ condition, tolerationMs }) => (instantOf(condition.lastTransitionTime) ?? 0) + tolerationMs);
  return times.length === 0 ? undefined : Math.min(...times);
}

function signs(node: Node, policies: readonly RepairPolicy[]): readonly { readonly condition: Condition; readonly tolerationMs: number }[] {
  return policies.flatMap(({ conditionType, conditionStatus, tolerationMs }) => {
    const condition = node.status?.conditions?.find(({ type }) => type === conditionType);
    return condition?.status === conditionStatus ? [{ condition, tolerationMs }] : [];
  });
}

// However short they have been ill.
function isHealthy(nodes: readonly Node[], policies: readonly RepairPolicy[]): boolean {
  const unhealthy = nodes.filter((node) => signs(node, policies).length > 0).length;
  return unhealthy <= Math.ceil((nodes.length * ALLOWED_UNHEALTHY_PERCENT) / 100);
}

// The spelling of the second text is Karpenter's. Of a pool that is gone nothing is said.
function blocked(observed: Observed, node: Node, pool: string | undefined): Outcome {
  const message = pool === undefined ? "more then 20% nodes are unhealthy in the cluster" : "more than 20% nodes are unhealthy in the nodepool";
  const isTold = pool === undefined || observed.nodePools.some(({ metadata }) => metadata.name === pool);
  return { actions: isTold ? [report(node, "Warning", "NodeRepairBlocked", message)] : [], reasons: [], requeueAfterMs: REPAIR_RETRY_MS };
}

// A deadline that has passed already is kept.
function withDeadline(nodeClaim: NodeClaim, nowMs: number): NodeClaim {
  const before = instantOf(nodeClaim.metadata.annotations?.[TERMINATION_TIMESTAMP_ANNOTATION]);
  return before !== undefined && before < nowMs ? nodeClaim : withAnnotations(nodeClaim, { [TERMINATION_TIMESTAMP_ANNOTATION]: timeText(nowMs) });
}
