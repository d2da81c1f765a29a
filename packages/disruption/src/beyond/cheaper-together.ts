import type { NewNodeClaim } from "@groupless/bin-packer";
import { typesOf } from "../methods/consolidation.ts";
import type { Turn } from "../methods/turn.ts";
import { allowsCapacityType, withCapacityType } from "../replacement/claim-requirements.ts";
import { flexibility } from "../replacement/min-values.ts";
import { narrowed } from "../replacement/price-filter.ts";

/**
 * The claims with only those types that keep the sum of their worst launch prices below a limit, what is left over shared evenly; undefined if
 * there is no such choice. What may be spot or on demand becomes spot, since it is priced as spot.
 */
export function cheaperTogether(claims: readonly NewNodeClaim[], limitUsdPerHour: number, turn: Turn): readonly NewNodeClaim[] | undefined {
  const planned = claims.map(spotOnly);
  const options = planned.map((claim) => typesOf(claim, turn).map((type) => ({ type, worst: turn.prices.prices(type, claim.requirements).worst ?? Infinity })));
  const least = options.map((types) => Math.min(...types.map(({ worst }) => worst)));
  const spare = (limitUsdPerHour - least.reduce((sum, price) => sum + price, 0)) / claims.length;
  if (!(spare > 0)) return undefined;
  const kept = options.map((types, i) => types.filter(({ worst }) => worst < (least[i] ?? 0) + spare).map(({ type }) => type));
  if (planned.some((claim, i) => flexibility(kept[i] ?? [], claim.requirements).unmet.length > 0)) return undefined;
  return planned.map((claim, i) => narrowed(claim, kept[i] ?? [], claim.requirements, turn.prices));
}

function spotOnly(claim: NewNodeClaim): NewNodeClaim {
  const requirements = claim.plannedRequirements ?? claim.requirements;
  const both = allowsCapacityType(requirements, "spot") && allowsCapacityType(requirements, "on-demand");
  return { ...claim, requirements: both ? withCapacityType(requirements, "spot") : requirements };
}
