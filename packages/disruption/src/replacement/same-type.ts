import type { InstanceType } from "@groupless/catalog";
import { fromLabels } from "@groupless/requirements/karpenter";
import type { Candidate } from "../candidates/candidate.ts";
import { fittingOfferings, type KnownLabels } from "./offering-fit.ts";

/**
 * Below which price a replacement of several nodes must stay so that it is not just one of them kept: that of the cheapest of those whose
 * type it could have. Without a common type there is no bound; a node none of whose type's offerings fits it counts as free.
 *
 * Replacing [2xlarge, 2xlarge, small] by a small is deleting two nodes with more moving about (Karpenter `filterOutSameInstanceType`).
 */
export function sameTypeLimit(candidates: readonly Candidate[], options: readonly InstanceType[], labels: KnownLabels): number {
  const prices = new Map<string, number | undefined>();
  for (const { instanceType, record } of candidates) {
    if (instanceType === undefined) continue;
    const fitting = fittingOfferings(instanceType, fromLabels(record.labels, labels.tables), labels).map(({ price }) => price);
    const known = prices.get(instanceType.name);
    prices.set(instanceType.name, fitting.length === 0 ? known : Math.min(known ?? Number.MAX_VALUE, ...fitting));
  }
  return options.reduce((limit, { name }) => (prices.has(name) ? Math.min(limit, prices.get(name) ?? 0) : limit), Number.MAX_VALUE);
}
