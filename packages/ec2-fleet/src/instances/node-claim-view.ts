import { CAPACITY_TYPE_LABEL, type EC2NodeClass, type NodeClaim, NODE_POOL_LABEL, ZONE_LABEL, type ResourceList } from "@groupless/api";
import { allocatable, type InstanceType } from "@groupless/catalog";
import type { Instance } from "@groupless/lifecycle";
import { amount } from "../launch/amount.ts";
import type { PlacementGroup } from "../launch/launch-plan.ts";
import { requirementSet, singleValue, valuesOf } from "../launch/requirement-set.ts";
import { EFA_RESOURCE, NODE_CLAIM_TAG, PARTITION_LABEL, PLACEMENT_GROUP_LABEL, RESERVATION_ID_LABEL, RESERVATION_INTERRUPTIBLE_LABEL, RESERVATION_TYPE_LABEL, TENANCY_LABEL, ZONE_ID_LABEL } from "../node-class/label.ts";
import type { CloudInstance } from "./instance.ts";
import { providerIdOf } from "./provider-id.ts";

export interface ViewContext {
  /** The instance's type, where the catalog has it. */
  readonly type?: InstanceType;
  /** Only where the claim was launched just now: gives zone ids and placement labels. */
  readonly nodeClass?: EC2NodeClass;
  readonly nodeClaim?: NodeClaim;
  readonly placementGroup?: PlacementGroup;
}

/** Labels that a type has for all its offerings together, so that none says anything about an instance. */
const ofReservations: ReadonlySet<string> = new Set([RESERVATION_ID_LABEL, RESERVATION_TYPE_LABEL, RESERVATION_INTERRUPTIBLE_LABEL]);

/**
 * An instance in the words of a NodeClaim: every label its type has one value for, then what the instance itself settles.
 *
 * Karpenter pkg/cloudprovider instanceToNodeClaim.
 */
export function nodeClaimView(instance: CloudInstance, { type, nodeClass, nodeClaim, placementGroup }: ViewContext = {}): Instance {
  const zoneId = nodeClass?.status?.subnets?.find(({ zone }) => zone === instance.zone)?.zoneID;
  const labels: Record<string, string> = {
    ...(type === undefined ? {} : typeLabels(type)),
    [ZONE_LABEL]: instance.zone,
    ...(zoneId === undefined || zoneId === "" ? {} : { [ZONE_ID_LABEL]: zoneId }),
    [CAPACITY_TYPE_LABEL]: instance.capacityType,
    [TENANCY_LABEL]: instance.tenancy,
    ...(instance.reservation === undefined ? {} : { [RESERVATION_ID_LABEL]: instance.reservation.id, [RESERVATION_TYPE_LABEL]: instance.reservation.type, [RESERVATION_INTERRUPTIBLE_LABEL]: String(instance.reservation.interruptible) }),
    ...(placementGroup === undefined || nodeClass === undefined ? {} : placementLabels(placementGroup, nodeClaim)),
  };
  const pool = instance.tags[NODE_POOL_LABEL];
  if (pool !== undefined) labels[NODE_POOL_LABEL] = pool;
  const claim = instance.tags[NODE_CLAIM_TAG];
  return {
    providerID: providerIdOf(instance),
    imageID: instance.imageId,
    labels,
    ...(type === undefined ? {} : { capacity: advertised(type.capacity, instance), allocatable: advertised(allocatable(type), instance) }),
    ...(claim === undefined ? {} : { nodeClaim: claim }),
    ...(instance.launchedMs === undefined ? {} : { launchedMs: instance.launchedMs }),
    ...(instance.state === "shutting-down" || instance.state === "terminated" ? { terminating: true } : {}),
  };
}

function typeLabels(type: InstanceType): Readonly<Record<string, string>> {
  const set = requirementSet(type.requirements);
  return Object.fromEntries(Object.keys(set).sort().flatMap((key) => {
    const value = ofReservations.has(key) ? undefined : singleValue(set, key);
    return value === undefined ? [] : [[key, value]];
  }));
}

/** Resources there are any of; EFA interfaces only where the instance was launched with them. */
function advertised(resources: ResourceList, { efaCount = 0 }: CloudInstance): ResourceList {
  return Object.fromEntries(Object.entries(resources).filter(([name, value]) => amount(value) !== 0 && (name !== EFA_RESOURCE || efaCount > 0)));
}

/** The partition is the one asked for, or empty until the instance can be asked. */
function placementLabels({ id, strategy }: PlacementGroup, nodeClaim: NodeClaim | undefined): Readonly<Record<string, string>> {
  const partitions = nodeClaim === undefined ? [] : valuesOf(requirementSet(nodeClaim.spec.requirements), PARTITION_LABEL).toSorted();
  return { [PLACEMENT_GROUP_LABEL]: id, ...(strategy === "partition" ? { [PARTITION_LABEL]: partitions[0] ?? "" } : {}) };
}
