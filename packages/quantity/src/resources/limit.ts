import type { QuantityText, Reason, ResourceList } from "@groupless/api";
import { compareQuantities } from "../quantity/compare.ts";
import { readResources } from "./resource-list.ts";

/** A NodePool uses more of a resource than its limit. */
export interface LimitExceeded extends Reason {
  readonly code: "limit-exceeded";
  readonly resource: string;
  readonly usage: QuantityText;
  readonly limit: QuantityText;
}

/**
 * The limits that usage exceeds, in name order; empty when all hold. Resources without a limit have none.
 *
 * @example
 * ```ts
 * import { exceededBy } from "@groupless/quantity";
 * exceededBy({ cpu: "10" }, { cpu: "10001m", memory: "1Ti" }).map(({ resource }) => resource); // => ["cpu"]
 * ```
 */
export function exceededBy(limits: ResourceList, usage: ResourceList): readonly LimitExceeded[] {
  const allowed = readResources(limits);
  const exceeded: LimitExceeded[] = [];
  for (const [resource, used] of readResources(usage)) {
    const limit = allowed.get(resource);
    if (limit === undefined || compareQuantities(used, limit) <= 0) continue;
    exceeded.push({ code: "limit-exceeded", canResolve: true, resource, usage: usage[resource] as string, limit: limits[resource] as string });
  }
  return exceeded.sort((a, b) => (a.resource < b.resource ? -1 : 1));
}

/** The reason in English. */
export function explain(reason: LimitExceeded): string {
  return `${reason.resource} usage of ${reason.usage} exceeds limit of ${reason.limit}`;
}
