export type { InstanceType, Overhead } from "./instance-type/instance-type.ts";
export { type AllocatableGroup, allocatable, allocatableGroups } from "./instance-type/allocatable.ts";
export type { Offering, PriceSource } from "./offering/offering.ts";
export { type OfferingPlace, UNAVAILABLE_OFFERINGS_TTL_MS, type UnavailableOfferings, isUnavailable, markCapacityType, markOffering, markSubnet, nextExpiryMs, noUnavailableOfferings, offeringKey, unmarkOffering, withoutExpired } from "./offering/unavailable-offerings.ts";
export { adjustedPrice } from "./price/adjusted-price.ts";
export { overlayPrices } from "./overlay/overlay-prices.ts";
