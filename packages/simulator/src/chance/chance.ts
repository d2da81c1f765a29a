import type { FaultPlan } from "@groupless/ec2-fleet/fake";
import { hash32, type Random } from "../clock/random.ts";
import { faultPlan, type ScheduledFault } from "./scheduled-fault.ts";
import { type SpotPriceOptions, spotPrices, type SpotPrices } from "./spot-prices.ts";

/** What is left to chance; everything off by default. */
export interface ChanceOptions {
  /** Nodes join sooner or later than usual by up to this share, 0 to 1. */
  readonly joinJitter?: number;
  /** How many times an hour EC2 takes back a spot instance, on average. */
  readonly spotInterruptionsPerHour?: number;
  /** Share of pools (instance type, zone, capacity type) that have no capacity in any ten minutes, 0 to 1. */
  readonly withoutCapacity?: number;
  /** Spot prices that move: consolidation decides by them, and the bill follows. */
  readonly spotPrices?: SpotPriceOptions;
  /** When calls to EC2 fail. */
  readonly faults?: readonly ScheduledFault[];
}

/** Chance, drawn from a seed. */
export interface Chance {
  /** Absent: they stay as listed. */
  readonly spotPrices?: SpotPrices;
  readonly faults?: FaultPlan;
  /** A delay about the usual one. */
  joinDelayMs(usualMs: number): number;
  /** How long until EC2 takes a new spot instance back; undefined: never. */
  reclaimAfterMs(): number | undefined;
  /** Has the pool any capacity now? */
  hasCapacity(pool: { readonly type: string; readonly zone: string; readonly capacityType: string }, nowMs: number): boolean;
}

const CAPACITY_WINDOW_MS = 600_000;

/**
 * The chance of one run.
 *
 * @throws InputError `invalid-fault`
 */
export function chanceOf({ joinJitter = 0, spotInterruptionsPerHour = 0, withoutCapacity = 0, spotPrices: moving, faults = [] }: ChanceOptions, random: Random, { startMs, clock }: { readonly startMs: number; readonly clock: { nowMs(): number } }): Chance {
  const joins = random.stream("joins");
  const reclaims = random.stream("reclaims");
  const salt = random.stream("capacity").uuid();
  return {
    ...(moving === undefined ? {} : { spotPrices: spotPrices(moving, random.stream("spot-prices"), startMs) }),
    ...(faults.length === 0 ? {} : { faults: faultPlan(faults, startMs, clock) }),
    joinDelayMs: (usualMs) => (joinJitter === 0 ? usualMs : Math.round(usualMs * (1 + joinJitter * (2 * joins.next() - 1)))),
    // Times between events that happen at a constant rate are exponential.
    reclaimAfterMs: () => (spotInterruptionsPerHour === 0 ? undefined : Math.round((-Math.log(1 - reclaims.next()) * 3_600_000) / spotInterruptionsPerHour)),
    hasCapacity: ({ type, zone, capacityType }, nowMs) => {
      if (withoutCapacity === 0) return true;
      const draw = hash32(`${salt} ${type} ${zone} ${capacityType} ${Math.floor(nowMs / CAPACITY_WINDOW_MS)}`);
      // The low bits of FNV vary little between neighbours; a last mix spreads them.
      return (Math.imul(draw ^ (draw >>> 15), 0x2c1b3c6d) >>> 0) / 0x1_0000_0000 >= withoutCapacity;
    },
  };
}
