import type { Offering } from "@groupless/catalog";
import { hasBit, members } from "../intern/bits.ts";
import type { Snapshot } from "../prepare/snapshot.ts";
import type { Template } from "../supply/template.ts";
import type { Demand } from "./demand.ts";
import { isOpen } from "./want.ts";

/** A kind of node some pool can launch: a type in one of its offerings, or several offerings that these pods cannot tell apart. */
export interface NodeBin {
  readonly template: Template;
  readonly variant: number;
  readonly offering: number;
  /** All offerings of that type, price and capacity type that the same wants are open to: rules may tell zones apart that plans do not. */
  readonly offerings: readonly number[];
  readonly priceUsdPerHour: number;
  readonly capacityType: string;
  /** A column each: allocatable less daemons. */
  readonly free: readonly number[];
  /** Indexes of the wants it is open to. */
  readonly wants: readonly number[];
  /** A bit a want, as text. */
  readonly mask: string;
  /** Launches a reservation still allows; as many as wanted if undefined. */
  readonly copies: number | undefined;
}

/** Every kind of node the pods can be given, the cheapest offering of each. */
export function nodeBins(snapshot: Snapshot, demand: Demand): NodeBin[] {
  const bins = new Map<string, NodeBin>();
  snapshot.templates.forEach((template, order) => {
    const { catalog } = template;
    const openings = demand.wants.map((want) => demand.reader.openings(want, template));
    const usable = catalog.typesOf(template.options);
    const free = freeByType(template, demand.columns);
    const within = catalog.offeringsUnder(template.requirements);
    catalog.offerings.forEach(({ price, reservationCapacity }: Offering, offering) => {
      const type = catalog.typeOfOffering[offering] as number;
      const room = free.get(type);
      if (room === undefined || !hasBit(usable, type) || !hasBit(within, offering)) return;
      const wants = openings.flatMap((open, want) => (isOpen(open, type, offering) ? [want] : []));
      if (wants.length === 0) return;
      const capacityType = catalog.capacityTypes[offering] as string;
      const copies = capacityType === "reserved" && (snapshot.options.reservedCapacity ?? true) ? (reservationCapacity ?? 0) : undefined;
      const mask = wants.join();
      const key = `${order}:${type}:${capacityType}:${mask}${copies === undefined ? "" : `:${offering}`}`;
      const known = bins.get(key);
      if (known !== undefined && known.priceUsdPerHour < price) return;
      if (known?.priceUsdPerHour === price) {
        bins.set(key, { ...known, offerings: [...known.offerings, offering] });
        return;
      }
      bins.set(key, { template, variant: room.variant, offering, offerings: [offering], priceUsdPerHour: Math.max(0, price), capacityType, free: room.free, wants, mask, copies });
    });
  });
  return [...bins.values()].sort((a, b) => a.priceUsdPerHour - b.priceUsdPerHour || compare(nameOf(a), nameOf(b)));
}

/** What a node of each type leaves for pods; where its offerings differ, the most any of them does. */
function freeByType({ catalog, daemonGroups }: Template, columns: readonly number[]): Map<number, { readonly variant: number; readonly free: readonly number[] }> {
  const found = new Map<number, { readonly variant: number; readonly free: readonly number[] }>();
  for (const { variants, overhead } of daemonGroups) {
    for (const variant of members(variants)) {
      const type = catalog.typeOf[variant] as number;
      const free = columns.map((column) => Number(catalog.allocatable[variant]?.[column]) - Number(overhead?.amounts[column] ?? 0));
      const other = found.get(type);
      found.set(type, other === undefined ? { variant, free } : { variant: other.variant, free: free.map((amount, r) => Math.max(amount, other.free[r] as number)) });
    }
  }
  return found;
}

function nameOf({ template, offering, mask }: NodeBin): string {
  const type = template.catalog.types[template.catalog.typeOfOffering[offering] as number];
  return `${template.name}/${type?.name}/${JSON.stringify(template.catalog.offerings[offering]?.requirements)}/${mask}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
