import { portsConflict } from "../demand/host-port.ts";
import type { PodEntry } from "../demand/pod-class.ts";
import { andBits, anyBit, type Bits, bits, hasBit, members } from "../intern/bits.ts";
import type { RequirementSet } from "../intern/requirement-set.ts";
import { add } from "../intern/amounts.ts";
import type { Amounts } from "../intern/resources.ts";
import type { Snapshot } from "../prepare/snapshot.ts";
import type { CatalogIndex } from "../supply/catalog-index.ts";
import type { Template } from "../supply/template.ts";
import { NOTHING_HELD, type OpenClaim } from "./open-claim.ts";
import type { Reservations } from "./reservations.ts";

/** Finds the types left to a claim: those that meet its requirements, can be had, and have room beside their daemons. */
export class TypeFilter {
  readonly #snapshot: Snapshot;
  /** One list for every sum: what is needed in all, and on a group with daemons. */
  readonly #total: Amounts;
  readonly #withDaemons: Amounts;
  readonly #work = new Map<CatalogIndex, { readonly room: Bits; readonly kept: Bits }>();

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
    this.#total = snapshot.columns.zero();
    this.#withDaemons = snapshot.columns.zero();
  }

  /**
   * The options left with the pod on board, or undefined if none is. `offered` off: what has room at all, whatever the requirements.
   * The set is the filter's own and changes with the next call unless nothing was lost.
   */
  options(claim: OpenClaim, pod: PodEntry, requirements: RequirementSet, offered: boolean, count = 1): Bits | undefined {
    const { catalog, daemonGroups } = claim.template;
    const { hostPorts, requests } = pod.class;
    if (hostPorts.length > 0 && claim.portsTaken(pod, hostPorts)) return undefined;
    const total = this.#total;
    for (let column = 0; column < total.length; column++) total[column] = (claim.requests[column] as number) + (count === 1 ? (requests.amounts[column] as number) : count * (requests.amounts[column] as number));
    let work = this.#work.get(catalog);
    if (work === undefined) this.#work.set(catalog, (work = { room: bits(catalog.typeOf.length), kept: bits(catalog.typeOf.length) }));
    const { room, kept } = work;
    const from = claim.options;
    const candidates = offered ? catalog.matches(requirements).candidates : from;
    kept.fill(0);
    for (const group of daemonGroups) {
      if (hostPorts.length > 0 && portsConflict(hostPorts, group.hostPorts)) continue;
      for (let word = 0; word < from.length; word++) {
        const ofGroup = (from[word] as number) & (group.variants[word] as number);
        room[word] = ofGroup & (candidates[word] as number);
      }
      catalog.fits.keep(room, this.#needed(group.overhead?.amounts));
      for (let word = 0; word < from.length; word++) (kept[word] as number) |= room[word] as number;
    }
    if (!anyBit(kept)) return undefined;
    if (!catalog.hasVariants) return same(kept, from) ? from : kept;
    return catalog.variantsOfTypes(kept);
  }

  /** How many pods like one it has a claim takes on some type it has left. */
  most(claim: OpenClaim, { class: { requests } }: PodEntry): number {
    const { catalog, daemonGroups } = claim.template;
    const { candidates } = catalog.matches(claim.lane.requirements);
    let most = 0;
    for (const { variants, overhead } of daemonGroups) {
      for (const variant of members(andBits(andBits(claim.options, candidates), variants))) {
        const room = catalog.allocatable[variant] as Amounts;
        let here = Infinity;
        for (const column of requests.columns) {
          const amount = requests.amounts[column] as number;
          // Where sums could pass 2^53 amounts are bigints: those pods are placed one by one.
          if (typeof amount !== "number") return 0;
          const left = (room[column] as number) - (claim.requests[column] as number) - (overhead === undefined ? 0 : (overhead.amounts[column] as number));
          if (amount > 0) here = Math.min(here, Math.floor(left / amount));
        }
        if (here > most) most = here;
      }
    }
    return most;
  }

  /** The types left to a claim with so many more pods like one it has; see {@link most}. */
  with(claim: OpenClaim, pod: PodEntry, count: number): Bits {
    return TypeFilter.keep(this.options(claim, pod, claim.lane.requirements, true, count) as Bits, claim.options);
  }

  /** What a claim of the options must not be told apart by: a set of one's own to keep. */
  static keep(options: Bits, before: Bits): Bits {
    return options === before ? before : options.slice();
  }

  /** What the pod and all before it need together: for telling, not for deciding. */
  total(claim: OpenClaim, pod: PodEntry): Amounts {
    const total = this.#snapshot.columns.copy(claim.requests);
    add(total, pod.class.requests.amounts);
    return total;
  }

  #needed(overhead: Amounts | undefined): Amounts {
    if (overhead === undefined) return this.#total;
    const needed = this.#withDaemons;
    for (let column = 0; column < needed.length; column++) needed[column] = (this.#total[column] as number) + (overhead[column] as number);
    return needed;
  }
}

/**
 * The reservations to hold, or undefined where none can be had though there are some for it: pessimistically one of each it might be
 * launched into.
 */
export function reservationsFor(claim: OpenClaim, options: Bits, requirements: RequirementSet, reservations: Reservations, strict: boolean): ReadonlySet<string> | undefined {
  const { catalog }: Template = claim.template;
  if (catalog.reserved.length === 0 && claim.reserved.size === 0) return NOTHING_HELD;
  let compatible = false;
  let held: Set<string> | undefined;
  const matching = catalog.offeringsUnder(requirements);
  const types = catalog.typesOf(options);
  for (const index of catalog.reserved) {
    if (!hasBit(matching, index) || !hasBit(types, catalog.typeOfOffering[index] as number)) continue;
    compatible = true;
    const id = catalog.reservationOf(index);
    if (reservations.canReserve(claim.reserved, id)) (held ??= new Set()).add(id);
  }
  if (strict && held === undefined && (compatible || claim.reserved.size > 0)) return undefined;
  return held ?? NOTHING_HELD;
}

function same(a: Bits, b: Bits): boolean {
  for (let word = 0; word < a.length; word++) if (a[word] !== b[word]) return false;
  return true;
}
