import type { ResourceList } from "@groupless/api";
import { formatQuantity, mergeResources, parseQuantity, signOf, subtractQuantities, subtractResources } from "@groupless/quantity";
import type { Offering } from "../offering/offering.ts";
import type { InstanceType, Overhead } from "./instance-type.ts";

/** Offerings of one instance type that leave pods the same amounts. */
export interface AllocatableGroup {
  readonly allocatable: ResourceList;
  /** The available ones. */
  readonly offerings: readonly Offering[];
}

const noOverrides: Pick<Offering, "capacityOverride" | "overheadOverride"> = {};

/**
 * What pods get of a node of the type: capacity less kube-reserved, system-reserved and eviction threshold, and memory
 * less what is set aside as huge pages, never below 0.
 *
 * An offering's overrides are added to the type's capacity and overhead.
 * Source: Karpenter, pkg/cloudprovider.
 *
 * @throws {InputError} when a quantity is invalid
 *
 * @example
 * ```ts
 * import { allocatable } from "@groupless/catalog";
 * allocatable({ capacity: { cpu: "2", memory: "8Gi" }, overhead: { kubeReserved: { cpu: "70m" } } }); // => { cpu: "1930m", memory: "8Gi" }
 * ```
 */
export function allocatable(type: Pick<InstanceType, "capacity" | "overhead">, offering: Pick<Offering, "capacityOverride" | "overheadOverride"> = noOverrides): ResourceList {
  const { capacityOverride, overheadOverride } = offering;
  const capacity = capacityOverride === undefined ? type.capacity : mergeResources(type.capacity, capacityOverride);
  const overhead = mergeResources(...overheadLists(type.overhead), ...overheadLists(overheadOverride));
  const rest = subtractResources(capacity, overhead);
  const hugePages = Object.keys(capacity).filter((name) => name.startsWith("hugepages-"));
  if (hugePages.length === 0) return rest;
  let memory = parseQuantity(rest["memory"] ?? "0");
  for (const name of hugePages) {
    memory = subtractQuantities(memory, parseQuantity(capacity[name]!));
    if (signOf(memory) === -1) memory = { ...parseQuantity("0"), format: memory.format };
  }
  return { ...rest, memory: formatQuantity(memory) };
}

/**
 * The available offerings of a type by what they leave to pods; the first group is always that of the offerings without
 * overrides, even if there are none.
 */
export function allocatableGroups(type: Pick<InstanceType, "capacity" | "overhead" | "offerings">): readonly AllocatableGroup[] {
  const groups = new Map<string, { allocatable: ResourceList; offerings: Offering[] }>([["", { allocatable: allocatable(type), offerings: [] }]]);
  for (const offering of type.offerings) {
    if (!offering.available) continue;
    const key = overrideKey(offering);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { allocatable: allocatable(type, offering), offerings: [offering] });
    else group.offerings.push(offering);
  }
  return [...groups.values()];
}

/** Equal for offerings with equal overrides; empty without any. */
function overrideKey({ capacityOverride, overheadOverride }: Offering): string {
  const capacity = Object.entries(capacityOverride ?? {}).sort(byName);
  if (capacity.length === 0 && overheadOverride === undefined) return "";
  const overhead = overheadOverride && [overheadOverride.kubeReserved, overheadOverride.systemReserved, overheadOverride.evictionThreshold].map((list) => Object.entries(list ?? {}).sort(byName));
  return JSON.stringify([capacity, overhead]);
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function overheadLists(overhead: Overhead | undefined): readonly ResourceList[] {
  return [overhead?.kubeReserved ?? {}, overhead?.systemReserved ?? {}, overhead?.evictionThreshold ?? {}];
}
