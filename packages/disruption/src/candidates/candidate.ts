import { CAPACITY_TYPE_LABEL, evictionCost, INSTANCE_TYPE_LABEL, isReschedulable, type NodeClaim, type NodePool, type Pod, ZONE_LABEL } from "@groupless/api";
import type { Profile } from "@groupless/bin-packer";
import type { InstanceType } from "@groupless/catalog";
import type { NodeRecord } from "../cluster/node-record.ts";
import { offeringPrice } from "./node-price.ts";

/** A node that may be disrupted as far as it, its pods and its pool's existence go; methods choose among these. */
export interface Candidate {
  /** The node's name. */
  readonly name: string;
  readonly record: NodeRecord;
  readonly nodeClaim: NodeClaim;
  readonly nodePool: NodePool;
  /** Undefined if the catalog does not know it any more. */
  readonly instanceType?: InstanceType;
  readonly capacityType?: string;
  readonly zone?: string;
  /** USD an hour by today's catalog; 0 if unknown. */
  readonly price: number;
  /** In pods: 1, and the positive eviction costs of the pods that would move. */
  readonly disruptionCost: number;
  /** Price a unit of disruption cost: the more, the sooner. */
  readonly savingsRatio: number;
  /** No pod counts: not even that its pods are gone, only that evicting them costs nothing. */
  readonly empty: boolean;
  /** The pods that would have to find another node, by name. */
  readonly reschedulablePods: readonly Pod[];
}

/** Draining any node costs as much as evicting one pod. */
export const NODE_DISRUPTION_COST = 1;

const candidates = new WeakMap<NodeRecord, { readonly candidate: Candidate; readonly instanceTypes: ReadonlyMap<string, InstanceType> }>();

/** A candidate's figures. The caller has made sure that nothing excludes the node. */
export function candidateOf(record: NodeRecord, nodePool: NodePool, instanceTypes: ReadonlyMap<string, InstanceType>): Candidate {
  const known = candidates.get(record);
  if (known !== undefined && known.candidate.nodePool === nodePool && known.instanceTypes === instanceTypes) return known.candidate;
  const candidate = build(record, nodePool, instanceTypes);
  candidates.set(record, { candidate, instanceTypes });
  return candidate;
}

function build(record: NodeRecord, nodePool: NodePool, instanceTypes: ReadonlyMap<string, InstanceType>): Candidate {
  const { labels, nodeClaim } = record;
  const instanceType = instanceTypes.get(labels[INSTANCE_TYPE_LABEL] ?? "");
  const capacityType = labels[CAPACITY_TYPE_LABEL];
  const zone = labels[ZONE_LABEL];
  const reschedulablePods = record.pods.filter(isReschedulable);
  const found = instanceType === undefined ? undefined : offeringPrice(instanceType, zone ?? "", capacityType ?? "");
  const price = found === undefined || Number.isNaN(found) ? 0 : found;
  const disruptionCost = disruptionCostOf(reschedulablePods);
  return {
    name: record.name,
    record,
    nodeClaim: nodeClaim as NodeClaim,
    nodePool,
    ...(instanceType === undefined ? {} : { instanceType }),
    ...(capacityType === undefined ? {} : { capacityType }),
    ...(zone === undefined ? {} : { zone }),
    price,
    disruptionCost,
    savingsRatio: price / disruptionCost,
    empty: disruptionCost <= NODE_DISRUPTION_COST,
    reschedulablePods,
  };
}

/** What disrupting a node with these pods costs, in pods. A cost that is no number stays one (and such a node is never empty). */
export function disruptionCostOf(pods: readonly Pod[]): number {
  return pods.reduce((sum, pod) => sum + Math.max(0, evictionCost(pod)), NODE_DISRUPTION_COST);
}

/**
 * Is there nothing to move? Karpenter calls a node empty whose pods cost nothing to evict (negative deletion cost or priority), wherever they are
 * going to be; with the profile `exact` it is empty only without pods that need another node.
 */
export function isEmpty({ empty, reschedulablePods }: Candidate, profile: Profile): boolean {
  return profile === "exact" ? reschedulablePods.length === 0 : empty;
}

/** Highest savings ratio first; ties by pool, then node. */
export function bySavingsRatio(candidates: readonly Candidate[]): readonly Candidate[] {
  const rank = ({ savingsRatio }: Candidate): number => (Number.isNaN(savingsRatio) ? -Infinity : savingsRatio);
  return [...candidates].sort((a, b) => (rank(b) === rank(a) ? byPoolAndName(a, b) : rank(b) - rank(a)));
}

export function byPoolAndName(a: Candidate, b: Candidate): number {
  const [left, right] = [a, b].map(({ nodePool, name }) => `${nodePool.metadata.name}\0${name}`) as [string, string];
  return left < right ? -1 : left > right ? 1 : 0;
}
