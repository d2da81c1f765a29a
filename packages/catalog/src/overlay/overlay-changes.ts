import type { ResourceList } from "@groupless/api";
import type { InstanceType } from "../instance-type/instance-type.ts";
import type { Offering } from "../offering/offering.ts";
import { adjustedPrice } from "../price/adjusted-price.ts";
import { mapShared } from "../price/update-offerings.ts";

/** What overlays do to one instance type in one pool. */
export interface TypeChanges {
  /** By offering: the heaviest overlay's price or adjustment, and the weight of the last overlay that had one. */
  readonly prices: ReadonlyMap<string, { readonly change: string; readonly lastWeight: number }>;
  /** Resources to set. */
  readonly capacity: ResourceList;
  /** Weight and resources of the last overlay with a capacity. */
  readonly lastCapacityWeight: number | undefined;
  readonly lastResources: readonly string[];
}

/** The type under the changes; the same value if there are none. */
export function applyChanges(type: InstanceType, changes: TypeChanges | undefined, keyOf: (offering: Offering) => string): InstanceType {
  if (changes === undefined) return type;
  const offerings = changes.prices.size === 0 ? type.offerings : mapShared(type.offerings, (offering) => priced(offering, changes.prices.get(keyOf(offering))?.change));
  const more = Object.keys(changes.capacity).length > 0;
  if (!more && offerings === type.offerings) return type;
  return { ...type, offerings, ...(more ? { capacity: { ...type.capacity, ...changes.capacity }, capacityOverlayApplied: true } : {}) };
}

function priced(offering: Offering, change: string | undefined): Offering {
  return change === undefined ? offering : { ...offering, price: adjustedPrice(offering.price, change), priceSource: "supplied", priceOverlayApplied: true };
}
