import type { NodeBin } from "./node-bins.ts";

/** A claim's types count as an alternative to its cheapest one up to this multiple of its price. */
export const FLEXIBLE_PRICE_FACTOR = 1.3;
const SPOT_TYPES = 15;

/** How many types a node of the bin is to have to choose from. Spot capacity comes and goes, so it takes more of them. */
export function typesWanted(capacityType: string, minInstanceTypes: number | undefined): number {
  return minInstanceTypes ?? (capacityType === "spot" ? SPOT_TYPES : 1);
}

/**
 * Bins cut down to what enough other types of the pool hold as well, at no more than the price factor; without those that cannot be.
 *
 * A want that would be left without any bin keeps those it had.
 */
export function flexibleBins(bins: readonly NodeBin[], minInstanceTypes: number | undefined): NodeBin[] {
  const kept = bins.flatMap((bin): NodeBin[] => {
    const wanted = typesWanted(bin.capacityType, minInstanceTypes);
    if (wanted <= 1) return [bin];
    const free = sharedRoom(bin, bins, wanted);
    return free === undefined ? [] : [{ ...bin, free }];
  });
  const served = new Set(kept.flatMap(({ wants }) => wants));
  return [...kept, ...bins.filter(({ wants }) => wants.some((want) => !served.has(want)))];
}

/** What the bin and the types most like it all hold; undefined without enough of them. */
function sharedRoom(bin: NodeBin, bins: readonly NodeBin[], wanted: number): readonly number[] | undefined {
  const near = new Map<number, { share: number; free: readonly number[] }>();
  for (const other of bins) {
    if (other.priceUsdPerHour > bin.priceUsdPerHour * FLEXIBLE_PRICE_FACTOR) break;
    if (other.template !== bin.template || other.capacityType !== bin.capacityType || (other.mask !== bin.mask && !bin.wants.every((want) => other.wants.includes(want)))) continue;
    let share = Infinity;
    bin.free.forEach((amount, r) => (share = amount > 0 ? Math.min(share, (other.free[r] as number) / amount) : share));
    const type = bin.template.catalog.typeOfOffering[other.offering] as number;
    if ((near.get(type)?.share ?? -Infinity) < share) near.set(type, { share, free: other.free });
  }
  if (near.size < wanted) return undefined;
  const most = [...near.values()].sort((a, b) => b.share - a.share).slice(0, wanted);
  const free = bin.free.map((amount, r) => Math.min(amount, ...most.map((other) => other.free[r] as number)));
  return free.some((amount) => amount > 0) ? free : undefined;
}
