import type { ResourceList } from "@groupless/api";
import type { InstanceType, Offering, Overhead } from "@groupless/catalog";
import { amount } from "./amount.ts";

/** Whether the requests fit into what one of the type's offering groups can allocate, together with an offering the predicate accepts. */
export function fitsSomeOffering(type: InstanceType, requests: ResourceList, accepts: (offering: Offering) => boolean): boolean {
  return type.offerings.some((offering) => offering.available && accepts(offering) && fits(requests, type, offering));
}

function fits(requests: ResourceList, type: InstanceType, { capacityOverride, overheadOverride }: Offering): boolean {
  const capacity = { ...type.capacity, ...addTo(type.capacity, capacityOverride) };
  return Object.entries(requests).every(([resource, wanted]) => amount(wanted) <= amount(String(amount(capacity[resource]))) - overheadOf(type.overhead, resource) - (overheadOverride === undefined ? 0 : overheadOf(overheadOverride, resource)) || amount(wanted) === 0);
}

function addTo(base: ResourceList, more: ResourceList | undefined): ResourceList {
  return Object.fromEntries(Object.entries(more ?? {}).map(([resource, value]) => [resource, String(amount(base[resource]) + amount(value))]));
}

function overheadOf({ kubeReserved, systemReserved, evictionThreshold }: Overhead, resource: string): number {
  return amount(kubeReserved?.[resource]) + amount(systemReserved?.[resource]) + amount(evictionThreshold?.[resource]);
}
