import type { Pod, PodSpec, ResourceList } from "@groupless/api";
import { addQuantities } from "../quantity/arithmetic.ts";
import { isZero, quantityOf } from "../quantity/quantity.ts";
import { type Amounts, addInto, readResources, writeResources } from "../resources/resource-list.ts";
import { type PodResources, containerResources } from "./container-resources.ts";

/** Resources a pod may set for itself as a whole (KEP-2837); others in `spec.resources` are passed over. */
const isPodLevel = (resource: string): boolean => resource === "cpu" || resource === "memory" || resource.startsWith("hugepages-");

function requests(pod: PodResources): Amounts {
  const total = containerResources(pod, "requests");
  for (const [name, amount] of readResources(pod.spec.resources?.requests)) if (isPodLevel(name)) total.set(name, amount);
  addInto(total, readResources(pod.spec.overhead));
  return total;
}

function limits(spec: PodSpec): Amounts {
  const total = containerResources({ spec }, "limits");
  for (const [name, amount] of readResources(spec.resources?.limits)) if (isPodLevel(name)) total.set(name, amount);
  for (const [name, amount] of readResources(spec.overhead)) {
    const limit = total.get(name);
    if (limit !== undefined && !isZero(limit)) total.set(name, addQuantities(limit, amount));
  }
  return total;
}

function together(lists: readonly Amounts[]): ResourceList {
  const sum: Amounts = new Map();
  for (const list of lists) addInto(sum, list);
  // Karpenter's own count of pods takes the place of any request for the resource `pods`.
  sum.set("pods", quantityOf(lists.length, 0, "DecimalExponent"));
  return writeResources(sum);
}

/** What a pod needs, and what it may use. */
export interface PodCeiling {
  readonly requests: ResourceList;
  readonly limits: ResourceList;
}

/** A pod's own requests, in-place resizes included, and limits; without the count of pods. */
export function podCeiling(pod: Pick<Pod, "spec" | "status">): PodCeiling {
  return { requests: writeResources(requests(pod)), limits: writeResources(limits(pod.spec)) };
}

/** What a pod of this spec needs, before any kubelet has seen it; without the count of pods. */
export function specRequests(spec: PodSpec): ResourceList {
  return writeResources(requests({ spec }));
}

/**
 * What a pod needs of a node: containers, sidecars, init containers, overhead, pod-level resources, resizes in place, and one of `pods`.
 *
 * @throws InputError when a quantity is invalid; `location.path` is the resource.
 *
 * @example
 * ```ts
 * import { podRequests } from "@groupless/quantity";
 * podRequests({ spec: { containers: [{ name: "web", resources: { requests: { cpu: "500m" } } }] } }); // => { cpu: "500m", pods: "1" }
 * ```
 */
export function podRequests(pod: Pick<Pod, "spec" | "status">): ResourceList {
  return podsRequests([pod]);
}

/** What pods need together; `pods` is how many they are. */
export function podsRequests(pods: readonly Pick<Pod, "spec" | "status">[]): ResourceList {
  return together(pods.map(requests));
}

/** What pods may use together; `pods` is how many they are. */
export function podsLimits(pods: readonly Pick<Pod, "spec">[]): ResourceList {
  return together(pods.map(({ spec }) => limits(spec)));
}
