import type { PriceSource } from "@groupless/catalog";
import type { InstanceTypeFacts } from "../facts/instance-type-facts.ts";

/** EC2 in one region on one day: what is offered where, and at what price. Plain data; JSON in and out. */
export interface RegionSnapshot {
  readonly format: 1;
  readonly region: string;
  /** The day the facts were taken, `YYYY-MM-DD`. */
  readonly takenOn: string;
  /** Where they were taken from, in words. */
  readonly source: string;
  /** Of every price in it: China's regions are listed in CNY. */
  readonly currency: "USD" | "CNY";
  /** By name. */
  readonly zones: readonly Zone[];
  /** By name. */
  readonly types: readonly RegionType[];
  /** Types that EC2 named and this snapshot does not hold. */
  readonly leftOut: readonly LeftOutType[];
}

export interface Zone {
  readonly name: string;
  /** The same physical place in every account, e.g. `usw2-az2`; absent where unknown. */
  readonly id?: string;
  readonly kind: "availability-zone" | "local-zone" | "wavelength-zone";
}

export interface RegionType {
  readonly facts: InstanceTypeFacts;
  /** Zones that offer it, by name. */
  readonly zones: readonly string[];
  readonly onDemand?: Price;
  /** By zone name. */
  readonly spot?: Readonly<Record<string, Price>>;
  /** How often spot capacity of it was taken back within a month, e.g. `5-10%`. */
  readonly spotInterruption?: string;
  /** Facts that no source states and that were assumed, on the safe side; absent: none. */
  readonly assumed?: readonly string[];
}

export interface Price {
  /** In the snapshot's currency. */
  readonly perHour: number;
  readonly source: PriceSource;
}

export interface LeftOutType {
  readonly name: string;
  /** Kebab-case: `missing-field`, `bad-number`, `contradictory-fields`, `duplicate-type`, `not-hvm`, `unknown-architecture`. */
  readonly code: string;
  readonly message: string;
}
