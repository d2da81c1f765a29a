import type { InstanceType, Offering } from "@groupless/catalog";
import type { Amounts, ResourceColumns } from "../intern/resources.ts";

/** What sets an offering's allocatable apart from its type's, as text; empty if nothing does. */
export function overrideText({ capacityOverride, overheadOverride }: Offering): string {
  if (overheadOverride === undefined && (capacityOverride === undefined || Object.keys(capacityOverride).length === 0)) return "";
  return JSON.stringify([sorted(capacityOverride), overheadOverride === undefined ? null : [sorted(overheadOverride.kubeReserved), sorted(overheadOverride.systemReserved), sorted(overheadOverride.evictionThreshold)]]);
}

/**
 * Capacity less overhead, and huge pages less memory, never below none. An override adds to what the type says, as Karpenter's Merge does
 * (pkg/cloudprovider/types.go computeAllocatable), whatever its comment promises.
 */
export function allocatableOf(type: InstanceType, offering: Offering | undefined, columns: ResourceColumns): Amounts {
  const capacity = columns.vector(type.capacity);
  const extra = offering?.capacityOverride;
  for (const name in extra) {
    const column = columns.column(name);
    (capacity[column] as number) += columns.amount(column, extra[name] as string);
  }
  const allocatable = columns.copy(capacity);
  const has = (name: string): boolean => name in type.capacity || (extra !== undefined && name in extra);
  for (const overhead of [type.overhead, offering?.overheadOverride]) {
    if (overhead === undefined) continue;
    for (const list of [overhead.kubeReserved, overhead.systemReserved, overhead.evictionThreshold]) {
      for (const name in list) {
        if (!has(name)) continue;
        const column = columns.column(name);
        (allocatable[column] as number) -= columns.amount(column, list[name] as string);
      }
    }
  }
  for (const list of [type.capacity, extra]) {
    for (const name in list) {
      if (!name.startsWith("hugepages-") || (list === extra && name in type.capacity)) continue;
      // Huge pages are taken from memory; the two columns share their unit.
      const memory = columns.column("memory");
      const room = allocatable[memory] as number | bigint;
      const pages = capacity[columns.column(name)] as number | bigint;
      // Sums of the one may pass 2^53 where those of the other do not: then only the one is kept in bigints.
      const left = ((typeof room === "bigint" ? room - BigInt(pages) : room - Number(pages)) as number);
      allocatable[memory] = left < 0 ? (columns.zero()[memory] as number) : left;
    }
  }
  return allocatable;
}

function sorted(list: Readonly<Record<string, string>> | undefined): unknown {
  return Object.entries(list ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
}
