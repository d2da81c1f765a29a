import { int64Value, parseQuantity, podsRequests } from "@groupless/quantity";
import type { Blocker } from "../blockers/blocker.ts";
import type { Candidate } from "../candidates/candidate.ts";

/** What Karpenter does not ask of a consolidation, and users do. Without any, a method decides as Karpenter's does. */
export interface ConsolidationOptions {
  /** The method's name in reports; default: Karpenter's. */
  readonly name?: string;
  /** Moves must save at least so many USD an hour. */
  readonly minSavingsUsdPerHour?: number;
  /** Only nodes of whose cpu and memory less than this share is requested, 0 to 1, are looked at. */
  readonly utilizationBelow?: number;
}

/** Why a candidate is too full to be looked at. */
export function utilizationBlockers(candidate: Candidate, { utilizationBelow }: ConsolidationOptions): readonly Blocker[] {
  if (utilizationBelow === undefined) return [];
  const utilization = utilizationOf(candidate);
  return utilization < utilizationBelow ? [] : [{ code: "well-utilized", canResolve: true, utilization, threshold: utilizationBelow }];
}

/** Why a move is not worth it. */
export function savingsBlockers(savingsUsdPerHour: number, { minSavingsUsdPerHour }: ConsolidationOptions): readonly Blocker[] {
  return minSavingsUsdPerHour === undefined || savingsUsdPerHour >= minSavingsUsdPerHour ? [] : [{ code: "savings-too-small", canResolve: true, savingsUsdPerHour, leastUsdPerHour: minSavingsUsdPerHour }];
}

/** The larger of the shares of cpu and memory that the node's pods, daemons included, request; 1 if it has none to share. */
function utilizationOf({ record }: Pick<Candidate, "record">): number {
  const requests = podsRequests(record.pods);
  const shares = ["cpu", "memory"].map((resource) => {
    const has = amount(record.node?.status?.allocatable?.[resource]);
    return has > 0 ? amount(requests[resource]) / has : 1;
  });
  return Math.max(...shares);
}

function amount(quantity: string | undefined): number {
  return quantity === undefined ? 0 : Number(int64Value(parseQuantity(quantity), -3));
}
