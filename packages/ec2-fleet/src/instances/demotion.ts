import { CAPACITY_TYPE_LABEL, type Node, type NodeClaim, REGISTERED_LABEL } from "@groupless/api";
import { RESERVATION_ID_LABEL, RESERVATION_TYPE_LABEL } from "../node-class/label.ts";
import { omit } from "../port/omit.ts";
import type { CloudInstance } from "./instance.ts";
import { providerIdOf } from "./provider-id.ts";

/**
 * Claims and registered nodes that say `reserved` while their instance has fallen back to on-demand, with labels that say so.
 *
 * Karpenter pkg/controllers/capacityreservation/capacitytype. As there, the label that says whether the reservation was interruptible stays.
 */
export function demoted(instances: readonly CloudInstance[], nodeClaims: readonly NodeClaim[], nodes: readonly Node[]): { readonly nodeClaims: readonly NodeClaim[]; readonly nodes: readonly Node[] } {
  const onDemand = new Set(instances.filter(({ capacityType }) => capacityType === "on-demand").map(providerIdOf));
  const fallen = nodeClaims.filter(({ metadata, status }) => metadata.deletionTimestamp === undefined && status?.providerID !== undefined && onDemand.has(status.providerID));
  const providerIds = new Set(fallen.map(({ status }) => status?.providerID));
  return {
    nodeClaims: fallen.filter(isReserved).map(relabelled),
    nodes: nodes.filter((node) => providerIds.has(node.spec?.providerID) && node.metadata.deletionTimestamp === undefined && node.metadata.labels?.[REGISTERED_LABEL] === "true" && isReserved(node)).map(relabelled),
  };
}

function isReserved({ metadata }: NodeClaim | Node): boolean {
  return metadata.labels?.[CAPACITY_TYPE_LABEL] === "reserved";
}

function relabelled<T extends NodeClaim | Node>(object: T): T {
  const labels = omit(object.metadata.labels ?? {}, RESERVATION_ID_LABEL, RESERVATION_TYPE_LABEL);
  return { ...object, metadata: { ...object.metadata, labels: { ...labels, [CAPACITY_TYPE_LABEL]: "on-demand" } } };
}
