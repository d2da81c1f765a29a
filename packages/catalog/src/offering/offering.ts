import type { NodeSelectorRequirementWithMinValues, ResourceList } from "@groupless/api";
import type { Overhead } from "../instance-type/instance-type.ts";

/** One way to get an instance type: a zone, a capacity type, perhaps a reservation, and its price. */
export interface Offering {
  readonly requirements: readonly NodeSelectorRequirementWithMinValues[];
  /** USD an hour. */
  readonly price: number;
  /** Where the price comes from; absent where the caller did not say. An estimate is never shown as listed. */
  readonly priceSource?: PriceSource;
  readonly available: boolean;
  /** Instances left in the capacity reservation; only reserved offerings have it. */
  readonly reservationCapacity?: number;
  /** What this offering has beside the type's capacity: added to it, as Karpenter's code does (its comments say "replaced"). */
  readonly capacityOverride?: ResourceList;
  /** What this offering keeps beside the type's overhead: added to it likewise. */
  readonly overheadOverride?: Overhead;
  /** Whether a NodeOverlay set the price. */
  readonly priceOverlayApplied?: boolean;
}

export type PriceSource = "listed" | "estimated" | "supplied";
