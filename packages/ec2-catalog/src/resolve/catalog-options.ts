import type { UnavailableOfferings } from "@groupless/catalog";
import type { PlacementGroup } from "./compatibility.ts";
import type { DiscoveredMemory } from "./discovered-memory.ts";

/** Karpenter's settings and state that bear on a catalog; each defaults to Karpenter's default, or to nothing known. */
export interface CatalogOptions {
  /** Share of memory the hypervisor and the kernel keep, 0 to 1. Default 0.075. */
  readonly vmMemoryOverhead?: number;
  /** ENIs that give pods no addresses. Default 0. */
  readonly reservedEnis?: number;
  /**
   * Whose tables of trunking limits and network bandwidths to go by: those compiled into Karpenter 1.14, so that nodes get
   * what it would advertise (types that came later get no pod ENIs), or the latest of the snapshot. Default Karpenter's.
   */
  readonly tables?: "karpenter-1.14" | "latest";
  /** Whether capacity reservations become offerings. Default true. */
  readonly reservedCapacity?: boolean;
  /** Instances left, by capacity reservation id; one that is not named has none. */
  readonly reservationCounts?: Readonly<Record<string, number>>;
  /** Ids of zones that traffic is shifted away from. */
  readonly shiftedZoneIds?: readonly string[];
  /** What the node class's placement group selector found. */
  readonly placementGroup?: PlacementGroup;
  /** Marks of capacity that could not be had; read at `nowMs`. */
  readonly unavailable?: UnavailableOfferings;
  /** Memory that nodes of a type turned out to have; read at `nowMs`. */
  readonly discoveredMemory?: DiscoveredMemory;
  /** Epoch milliseconds; required with marks or memory that expire. Default 0. */
  readonly nowMs?: number;
  /** USD an hour for types that have no price otherwise, by type name; they count as supplied. */
  readonly fallbackPrices?: Readonly<Record<string, number>>;
}
