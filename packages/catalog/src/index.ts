export type { InstanceType, Overhead } from "./instance-type.ts";
export type { Offering, PriceSource } from "./offering.ts";
