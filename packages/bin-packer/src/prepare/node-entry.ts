import { durationOrNeverMs, type CSINode, type NodePool, type Taint, timeMs } from "@groupless/api";
import type { HostPort } from "../demand/host-port.ts";
import type { PodEntry } from "../demand/pod-class.ts";
import type { RequirementSet } from "../intern/requirement-set.ts";
import type { Amounts } from "../intern/resources.ts";
import type { StateNode } from "../supply/state-node.ts";

/** A node that exists, indexed. */
export interface NodeEntry {
  readonly index: number;
  readonly state: StateNode;
  /** Its labels, without the hostname. */
  readonly requirements: RequirementSet;
  readonly hostname: string;
  readonly taints: readonly Taint[];
  /** Allocatable, less running pods, less daemons yet to come. */
  readonly remaining: Amounts;
  readonly capacity: Amounts;
  readonly ports: readonly { readonly pod: string; readonly ports: readonly HostPort[] }[];
  /** Claims attached, by driver. */
  readonly attached: ReadonlyMap<string, ReadonlySet<string>>;
  /** Most claims, by driver. */
  readonly attachLimits: ReadonlyMap<string, number>;
  /** Pods that would have to move if it went. */
  readonly pods: readonly PodEntry[];
  readonly underConsolidateAfter: boolean;
}

export function attachLimitsOf(csiNode: CSINode | undefined): Map<string, number> {
  const limits = new Map<string, number>();
  for (const driver of csiNode?.spec.drivers ?? []) if (driver.allocatable !== undefined) limits.set(driver.name, driver.allocatable.count ?? 0);
  return limits;
}

/** Has the node had a pod event too recently to take pods of nodes that are consolidated? Karpenter pkg/utils/disruption IsUnderConsolidateAfter. */
export function isUnderConsolidateAfter(state: StateNode, pool: NodePool | undefined, nowMs: number): boolean {
  if (pool === undefined || state.nodeClaim === undefined) return false;
  const after = durationOrNeverMs(pool.spec.disruption.consolidateAfter ?? "0s");
  if (after === undefined || after === 0) return false;
  const initialized = state.nodeClaim.status?.conditions?.find(({ type }) => type === "Initialized");
  if (initialized?.status !== "True") return false;
  const since = state.nodeClaim.status?.lastPodEventTime ?? initialized.lastTransitionTime;
  return nowMs - (since === undefined ? 0 : timeMs(since)) < after;
}

