import type { InstanceType } from "@groupless/catalog";
import type { Amounts } from "../intern/resources.ts";
import type { DaemonGroup } from "../supply/daemon-groups.ts";
import { hasBit } from "../intern/bits.ts";
import type { Candidates } from "./candidates.ts";

/** Among so many questions of one kind it pays to look for variants that others are never behind. */
const MANY = 8;
/** Shares of a demand that differ by less could come out as equal numbers beside the count of what is missing. */
const TELLABLE = 2 ** -34;

/**
 * The variants one of which is nearest to any demands of some ranks: those that fail in the fewest ways, and of these, once asked about often, none that
 * has no more of anything than another.
 */
export class Contenders {
  readonly #candidates: Candidates;
  readonly #asked: readonly number[];
  readonly #all: Int32Array;
  #few: Int32Array | undefined;
  /** By asked column: the most that may be needed for the few to do. */
  #most: Float64Array | undefined;
  #questions = 0;

  /** `asked`: the columns, `needed`: amounts of these ranks. */
  constructor(candidates: Candidates, group: DaemonGroup, asked: readonly number[], needed: Amounts) {
    this.#candidates = candidates;
    this.#asked = asked;
    this.#all = fewestFailures(candidates, group, asked, needed);
  }

  /** Places among the candidates, in their order. */
  of(needed: Amounts): Int32Array {
    if (++this.#questions < MANY || this.#all.length < MANY) return this.#all;
    this.#few ??= this.#unsurpassed(needed);
    const most = this.#most as Float64Array;
    for (let i = 0; i < most.length; i++) if ((needed[this.#asked[i] as number] as number) > (most[i] as number)) return this.#all;
    return this.#few;
  }

  #unsurpassed(needed: Amounts): Int32Array {
    const { variants, missing, template: { catalog } } = this.#candidates;
    const columns = this.#asked.map((column) => catalog.fits.amounts(column));
    // What is not short of a resource cannot be nearer by having more of it.
    const rooms = [...this.#all].map((at) => columns.map((amounts, i) => {
      const room = amounts[variants[at] as number] as number;
      return (needed[this.#asked[i] as number] as number) > room ? room : Infinity;
    }));
    this.#most = Float64Array.from(this.#asked, (_column, i) => leastGap(rooms.map((room) => room[i] as number)) / TELLABLE);
    const name = (at: number): string => (catalog.types[catalog.typeOf[variants[at] as number] as number] as InstanceType).name;
    const order = [...this.#all.keys()].sort((a, b) => compareRooms(rooms[b] as number[], rooms[a] as number[]) || compareNames(name(this.#all[a] as number), name(this.#all[b] as number)) || a - b);
    const kept: number[] = [];
    for (const one of order) {
      const at = this.#all[one] as number;
      const isBehind = kept.some((other) => missing[this.#all[other] as number] === missing[at] && (rooms[other] as number[]).every((room, i) => room >= (rooms[one] as number[])[i]!));
      if (!isBehind) kept.push(one);
    }
    return Int32Array.from(kept.sort((a, b) => a - b), (one) => this.#all[one] as number);
  }
}

function fewestFailures({ variants, missing, template: { catalog } }: Candidates, group: DaemonGroup, asked: readonly number[], needed: Amounts): Int32Array {
  const columns = asked.map((column) => catalog.fits.amounts(column));
  let fewest = Infinity;
  let found: number[] = [];
  for (let at = 0; at < variants.length; at++) {
    const variant = variants[at] as number;
    let count = missing[at] as number;
    if (count > fewest || !hasBit(group.variants, variant)) continue;
    for (let i = 0; i < asked.length; i++) if ((needed[asked[i] as number] as number) > ((columns[i] as Amounts)[variant] as number)) count++;
    if (count > fewest) continue;
    if (count < fewest) found = [];
    fewest = count;
    found.push(at);
  }
  return Int32Array.from(found);
}

function leastGap(amounts: readonly number[]): number {
  const sorted = amounts.filter((amount) => amount !== Infinity).sort((a, b) => a - b);
  let least = Infinity;
  for (let i = 1; i < sorted.length; i++) {
    const gap = (sorted[i] as number) - (sorted[i - 1] as number);
    if (gap > 0 && gap < least) least = gap;
  }
  return least;
}

function compareRooms(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return (a[i] as number) < (b[i] as number) ? -1 : 1;
  return 0;
}

function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
