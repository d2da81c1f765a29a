import { CAPACITY_TYPE_LABEL, type CapacityType, type EC2NodeClass, type NodeClaim } from "@groupless/api";
import type { InstanceType } from "@groupless/catalog";
import { MIN_VALUES_RELAXED_ANNOTATION, PARTITION_LABEL, PRICE_OVERLAY_ANNOTATION } from "../node-class/label.ts";
import type { CreateFleetInput, LaunchTemplateConfig } from "../port/create-fleet.ts";
import { UserDataError } from "../user-data/bootstrap.ts";
import { chooseCapacityType, chooseTenancy } from "./capacity-type.ts";
import type { ClusterSettings } from "./cluster.ts";
import { launchTypesOf } from "./filter/filters.ts";
import { fleetRequest } from "./fleet-request.ts";
import { launchTags } from "./launch-tags.ts";
import { launchTemplates, TemplateError, type PlannedTemplate } from "./launch-templates.ts";
import { capacityTypeOf, reservationOf, type Reservation } from "./offering.ts";
import { overrides } from "./overrides.ts";
import type { LaunchRefusal } from "./refusal.ts";
import { valuesOf, withValues, type RequirementSet } from "./requirement-set.ts";
import { debit, type SubnetAddresses, type ZonalSubnet } from "./subnet-addresses.ts";

export interface LaunchInput {
  readonly nodeClass: EC2NodeClass;
  readonly nodeClaim: NodeClaim;
  readonly instanceTypes: readonly InstanceType[];
  readonly cluster: ClusterSettings;
  readonly addresses: SubnetAddresses;
  readonly placementGroup?: PlacementGroup;
  readonly minValuesPolicy?: "Strict" | "BestEffort";
}

/** The placement group a node class selects, as EC2 resolved it. */
export interface PlacementGroup {
  readonly id: string;
  /** `cluster`, `spread` or `partition`. */
  readonly strategy: string;
}

/** All that a launch sends, and what its answer must be read with. */
export interface LaunchPlan {
  readonly capacityType: CapacityType;
  readonly tenancy: "default" | "dedicated";
  readonly types: readonly InstanceType[];
  readonly tags: Readonly<Record<string, string>>;
  readonly byZone: Readonly<Record<string, ZonalSubnet>>;
  readonly templates: readonly PlannedTemplate[];
  readonly request: CreateFleetInput;
  /** Where in a placement group stock-outs are remembered. */
  readonly placement?: { readonly group: string; readonly partition?: string };
}

export type PlannedLaunch =
  | { readonly plan: LaunchPlan; readonly addresses: SubnetAddresses }
  /** `templates` are those that were good before it turned out that no pool is. */
  | { readonly refusal: LaunchRefusal; readonly addresses: SubnetAddresses; readonly templates?: readonly PlannedTemplate[] };

/**
 * From a claim to the launch templates and the one CreateFleet request that launch it; nothing is sent.
 *
 * Karpenter pkg/providers/instance Create. The addresses come back debited by what the launch will use.
 */
export function planLaunch(input: LaunchInput): PlannedLaunch {
  const { nodeClass, nodeClaim, cluster } = input;
  const refuse = (refusal: LaunchRefusal, addresses = input.addresses): PlannedLaunch => ({ refusal, addresses });
  const tagging = launchTags(nodeClass, nodeClaim, cluster.clusterName);
  if ("restrictedTags" in tagging) return refuse({ kind: "node-class-not-ready", reason: { code: "restricted-tags", canResolve: false, tags: tagging.restrictedTags }, message: `tags failed validation requirements: ${tagging.restrictedTags.join(", ")}` });
  const { claim, types: filtered } = launchTypesOf(input.instanceTypes, nodeClaim.spec, input.minValuesPolicy);
  if ("emptiedBy" in filtered) {
    const message = filtered.emptiedBy === "min-values" ? "truncating instance types based on the passed-in requirements, minValues requirement is not met" : "all requested instance types were unavailable during launch";
    return refuse({ kind: "insufficient-capacity", reason: { code: "no-launchable-type", canResolve: true, filter: filtered.emptiedBy }, message });
  }
  const { types } = filtered;
  const capacityType = chooseCapacityType(types, claim);
  const tenancy = chooseTenancy(claim);
  const subnets = nodeClass.status?.subnets ?? [];
  if (subnets.length === 0) return refuse({ kind: "create", reason: { code: "no-subnet", canResolve: true, nodeClass: nodeClass.metadata.name }, message: "getting subnets, no subnets matched selector", condition: { reason: "SubnetResolutionFailed", message: "Error getting subnets" } });
  const { addresses, byZone } = debit(input.addresses, subnets, types, capacityType);
  const placement = placementOf(input.placementGroup, claim);
  let templates: readonly PlannedTemplate[];
  try {
    const partition = input.placementGroup?.strategy === "partition" ? numberOf(placement?.partition) : undefined;
    const placementGroup = placement === undefined ? {} : { placementGroup: { id: placement.group, ...(partition === undefined ? {} : { partition }) } };
    templates = launchTemplates({ nodeClass, nodeClaim, types, capacityType, tenancy, tags: tagging.tags, cluster, ...placementGroup });
  } catch (error) {
    if (error instanceof UserDataError || error instanceof TemplateError) return refuse(templateRefusal(error, nodeClass), addresses);
    throw error;
  }
  const pinned = withValues(claim, CAPACITY_TYPE_LABEL, [capacityType]);
  const configs = templates.flatMap(({ types: group, imageId, reservationId, request }): LaunchTemplateConfig[] => {
    const pools = overrides(group, byZone, pinned, imageId, reservationId);
    return pools.length === 0 ? [] : [{ LaunchTemplateSpecification: { LaunchTemplateName: request.LaunchTemplateName, Version: "$Latest" }, Overrides: pools }];
  });
  if (configs.length === 0) return { refusal: templateRefusal(new TemplateError("no capacity offerings are currently available given the constraints"), nodeClass), addresses, templates };
  const reservation = capacityType === "reserved" ? reservedKind(types) : undefined;
  const annotations = nodeClaim.metadata.annotations ?? {};
  const request = fleetRequest({
    capacityType,
    tags: tagging.tags,
    configs,
    ...(reservation === undefined ? {} : { reservation }),
    priceOverlay: PRICE_OVERLAY_ANNOTATION in annotations,
    ...(nodeClass.spec.context === undefined || annotations[MIN_VALUES_RELAXED_ANNOTATION] === "true" ? {} : { context: nodeClass.spec.context }),
  });
  return { plan: { capacityType, tenancy, types, tags: tagging.tags, byZone, templates, request, ...(placement === undefined ? {} : { placement }) }, addresses };
}

function templateRefusal(error: UserDataError | TemplateError, nodeClass: EC2NodeClass): LaunchRefusal {
  if (error instanceof UserDataError && error.code === "cluster-cidr") {
    return { kind: "node-class-not-ready", reason: { code: "node-class-not-ready", canResolve: true, nodeClass: nodeClass.metadata.name, detail: "resolving cluster CIDR" }, message: "resolving cluster CIDR" };
  }
  return {
    kind: "create",
    reason: { code: "launch-template", canResolve: true, detail: error.message },
    message: `getting launch template configs, ${error.message}`,
    condition: { reason: "LaunchFailed", message: "Error getting launch template configs: Instance launch failed" },
  };
}

/** The group, and the lowest partition the claim allows, by text: EC2 takes one. */
function placementOf(group: PlacementGroup | undefined, claim: RequirementSet): LaunchPlan["placement"] {
  if (group === undefined) return undefined;
  const [partition] = valuesOf(claim, PARTITION_LABEL).toSorted();
  return { group: group.id, ...(partition === undefined ? {} : { partition }) };
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** The filters left one kind of reservation. */
function reservedKind(types: readonly InstanceType[]): Omit<Reservation, "id"> | undefined {
  const first = types.flatMap(({ offerings }) => offerings).find((offering) => capacityTypeOf(offering) === "reserved");
  return first === undefined ? undefined : reservationOf(first);
}
