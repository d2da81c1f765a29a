import { CAPACITY_TYPE_LABEL } from "@groupless/api";
import type { InstanceType, Offering } from "@groupless/catalog";
import type { Requirements } from "@groupless/requirements/karpenter";
import { allowsCapacityType, type ClaimRequirements } from "./claim-requirements.ts";
import { fittingOfferings, type KnownLabels, requirementsOf } from "./offering-fit.ts";

/** What launching an instance type for a claim may cost. USD an hour. */
interface LaunchPrices {
  /** The cheapest available offering that fits; undefined if none does. */
  readonly cheapest?: number;
  /** The dearest of those in the capacity type that would be launched: reserved before spot before on-demand. Undefined if nothing can be launched. */
  readonly worst?: number;
}

const LAUNCH_ORDER = ["reserved", "spot", "on-demand"] as const;
const NONE: LaunchPrices = {};

/** Prices of instance types under a claim's requirements; the answers are remembered. */
export interface PriceList {
  readonly prices: (instanceType: InstanceType, requirements: ClaimRequirements) => LaunchPrices;
}

interface Memo {
  readonly requirements: Requirements;
  readonly prices: Map<InstanceType, LaunchPrices>;
}

/** A list without memory of other requirements than it was asked about. */
export function priceList(labels: KnownLabels): PriceList {
  const byContent = new Map<string, Memo>();
  const byIdentity = new WeakMap<ClaimRequirements, Memo>();
  const memoOf = (requirements: ClaimRequirements): Memo => {
    let memo = byIdentity.get(requirements);
    if (memo === undefined) {
      const key = JSON.stringify(requirements);
      memo = byContent.get(key) ?? { requirements: requirementsOf(requirements, labels), prices: new Map() };
      byContent.set(key, memo);
      byIdentity.set(requirements, memo);
    }
    return memo;
  };
  return {
    prices: (instanceType, requirements) => {
      const memo = memoOf(requirements);
      let prices = memo.prices.get(instanceType);
      if (prices === undefined) {
        prices = launchPrices(fittingOfferings(instanceType, memo.requirements, labels).filter(({ available }) => available));
        memo.prices.set(instanceType, prices);
      }
      return prices;
    },
  };
}

function launchPrices(offerings: readonly Offering[]): LaunchPrices {
  if (offerings.length === 0) return NONE;
  const cheapest = Math.min(...offerings.map(({ price }) => price));
  for (const capacityType of LAUNCH_ORDER) {
    const launched = offerings.filter(({ requirements }) => allowsCapacityType(requirements.filter(({ key }) => key === CAPACITY_TYPE_LABEL), capacityType));
    if (launched.length > 0) return { cheapest, worst: Math.max(...launched.map(({ price }) => price)) };
  }
  return { cheapest };
}
