import type { NetworkInterface } from "@groupless/api";
import type { InstanceTypeFacts } from "../facts/instance-type-facts.ts";
import type { NodeSettings } from "./node-settings.ts";

/**
 * Pods that get an address from the ENIs of a type: `ENIs × (addresses − 1) + 2`, over the default network card only,
 * less ENIs reserved or used up by EFA-only interfaces on card 0.
 *
 * Source: amazon-eks-ami, eni-max-pods.txt; Karpenter, pkg/providers/instancetype.
 */
export function eniLimitedPods(facts: InstanceTypeFacts, reservedEnis: number, networkInterfaces: readonly NetworkInterface[] | undefined): number {
  const efaOnly = networkInterfaces === undefined ? 0 : networkInterfaces.filter((each) => each.networkCardIndex === 0 && each.interfaceType === "efa-only").length;
  const usable = Math.max(facts.interfacesByCard[facts.defaultCard]! - reservedEnis - efaOnly, 0);
  return usable === 0 ? 0 : usable * (facts.ipv4PerInterface - 1) + 2;
}

/** The pod capacity of a node: kubelet's `maxPods`, else what the ENIs allow, else 110; `podsPerCore` lowers it. */
export function podCapacity(facts: InstanceTypeFacts, settings: NodeSettings, reservedEnis: number): number {
  const { kubelet, traits, networkInterfaces } = settings;
  const limit = kubelet.maxPods ?? (traits.eniLimitedPods ? eniLimitedPods(facts, reservedEnis, networkInterfaces) : 110);
  const perCore = kubelet.podsPerCore ?? 0;
  return perCore > 0 && traits.podsPerCore ? Math.min(perCore * facts.vcpus, limit) : limit;
}

/**
 * Pods that prefix delegation makes room for: sixteen addresses a slot, at most 110 below 30 vCPUs and 250 above.
 *
 * Karpenter does not count them by itself: pass the result as kubelet's `maxPods`.
 * Source: amazon-eks-ami, max-pods-calculator.
 *
 * @example
 * ```ts
 * import { knownFactsOf, prefixDelegationPods } from "@groupless/ec2-catalog";
 * prefixDelegationPods(knownFactsOf("m5.large")!); // => 110
 * ```
 */
export function prefixDelegationPods(facts: InstanceTypeFacts, reservedEnis = 0): number {
  const usable = Math.max(facts.interfacesByCard[facts.defaultCard]! - reservedEnis, 0);
  const addressed = usable * (facts.ipv4PerInterface - 1) * 16 + 2;
  return usable === 0 ? 0 : Math.min(addressed, facts.vcpus > 30 ? 250 : 110);
}
