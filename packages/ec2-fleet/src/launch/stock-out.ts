import type { CapacityType } from "@groupless/api";
import { markCapacityType, markOffering, markSubnet, noUnavailableOfferings, offeringKey, type OfferingPlace, type UnavailableOfferings, UNAVAILABLE_OFFERINGS_TTL_MS } from "@groupless/catalog";

/** What an answer of EC2 says is out of stock. */
export interface StockOuts {
  readonly pools: readonly OfferingPlace[];
  readonly capacityTypes: readonly CapacityType[];
  readonly subnets: readonly string[];
  /** Reservations without an instance left. */
  readonly reservations: readonly string[];
}

/** How long a stock-out is remembered: `baseMs`, times `factor` for each further one in a row, at most `maxMs`. */
export interface BackOff {
  readonly baseMs: number;
  readonly factor: number;
  readonly maxMs: number;
}

/** Three minutes, whatever happens: what Karpenter does. */
export const FIXED_BACK_OFF: BackOff = { baseMs: UNAVAILABLE_OFFERINGS_TTL_MS, factor: 1, maxMs: UNAVAILABLE_OFFERINGS_TTL_MS };
/** Three minutes, doubled by every stock-out in a row up to an hour. */
export const GROWING_BACK_OFF: BackOff = { baseMs: UNAVAILABLE_OFFERINGS_TTL_MS, factor: 2, maxMs: 3_600_000 };

/** The marks a scheduler reads, and how often in a row each place was out of stock. Plain data: processes can share it. */
export interface StockOutMemory {
  readonly marks: UnavailableOfferings;
  /** By the mark's key, `offering …`, `capacity-type …` or `subnet …`. */
  readonly strikes: Readonly<Record<string, Strike>>;
}

export interface Strike {
  readonly count: number;
  readonly untilMs: number;
}

export const NOTHING_OUT_OF_STOCK: StockOutMemory = { marks: noUnavailableOfferings, strikes: {} };

/**
 * Remembers stock-outs. One seen again while it is remembered extends the memory; one that begins soon after the last ended counts as a further one in a row,
 * and is remembered longer.
 */
export function rememberStockOuts(memory: StockOutMemory, { pools = [], capacityTypes = [], subnets = [] }: Partial<StockOuts>, nowMs: number, backOff: BackOff = FIXED_BACK_OFF): StockOutMemory {
  let { marks } = memory;
  const strikes: Record<string, Strike> = Object.fromEntries(Object.entries(memory.strikes).filter(([, { untilMs }]) => nowMs <= untilMs + backOff.maxMs));
  const struck = (key: string): number => {
    const before = strikes[key];
    const count = before === undefined ? 1 : nowMs <= before.untilMs ? before.count : before.count + 1;
    const ttlMs = Math.min(backOff.baseMs * backOff.factor ** (count - 1), backOff.maxMs);
    strikes[key] = { count, untilMs: nowMs + ttlMs };
    return ttlMs;
  };
  for (const place of new Map(pools.map((one) => [offeringKey(one), one])).values()) marks = markOffering(marks, place, nowMs, struck(`offering ${offeringKey(place)}`));
  for (const capacityType of new Set(capacityTypes)) marks = markCapacityType(marks, capacityType, nowMs, struck(`capacity-type ${capacityType}`));
  for (const subnet of new Set(subnets)) marks = markSubnet(marks, subnet, nowMs, struck(`subnet ${subnet}`));
  return { marks, strikes };
}
