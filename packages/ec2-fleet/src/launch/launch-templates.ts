import { type CapacityType, CAPACITY_TYPE_LABEL, type EC2NodeClass, type NodeClaim, type Taint, UNREGISTERED_TAINT_KEY } from "@groupless/api";
import type { InstanceType } from "@groupless/catalog";
import { amiFamily, defaultBlockDevices } from "../node-class/ami-family.ts";
import { imageFor } from "../node-class/ami-mapping.ts";
import { mountsByDefault } from "../node-class/bottlerocket-version.ts";
import { EFA_RESOURCE, ENCLAVE_RESOURCE } from "../node-class/label.ts";
import type { CreateLaunchTemplateInput, Ec2MetadataOptions } from "../port/launch-template.ts";
import { omit } from "../port/omit.ts";
import { tagList } from "../port/tag.ts";
import type { Bootstrap } from "../user-data/bootstrap.ts";
import { base64, userData } from "../user-data/user-data.ts";
import { amount } from "./amount.ts";
import { blockDevices } from "./block-devices.ts";
import { isIPv6, type ClusterSettings } from "./cluster.ts";
import { contentHash } from "./content-hash.ts";
import { networkInterfaces } from "./network-interfaces.ts";
import { nodeLabels } from "./node-labels.ts";
import { capacityTypeOf, reservationOf, type Reservation } from "./offering.ts";

export const TEMPLATE_NAME_PREFIX = "karpenter.k8s.aws";

/** A launch template and the types that are launched with it. */
export interface PlannedTemplate {
  readonly types: readonly InstanceType[];
  readonly imageId: string;
  /** Of a reserved launch: overrides are limited to it. */
  readonly reservationId?: string;
  readonly request: CreateLaunchTemplateInput;
}

export interface TemplateOptions {
  readonly nodeClass: EC2NodeClass;
  readonly nodeClaim: NodeClaim;
  readonly types: readonly InstanceType[];
  readonly capacityType: CapacityType;
  readonly tenancy: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly cluster: ClusterSettings;
  readonly placementGroup?: { readonly id: string; readonly partition?: number };
}

/** Why no template can be made: nothing to make it from. */
export class TemplateError extends Error {
  override readonly name: string = "TemplateError";
}

/**
 * The launch templates of a launch: one for each group of types that needs the same image, pod limit, EFA interfaces and reservation.
 * Groups that differ only in what a template does not say share a name.
 *
 * Karpenter pkg/providers/amifamily Resolve.
 *
 * @throws TemplateError without security groups or images; UserDataError where the user data cannot be rendered
 */
export function launchTemplates(options: TemplateOptions): readonly PlannedTemplate[] {
  const { nodeClass, types } = options;
  if ((nodeClass.status?.securityGroups ?? []).length === 0) throw new TemplateError("no security groups are present in the status");
  const images = nodeClass.status?.amis ?? [];
  if (images.length === 0) throw new TemplateError("no amis exist given constraints");
  const groups = new Map<string, Group>();
  for (const type of types) {
    const imageId = imageFor(type, images);
    if (imageId === undefined) continue;
    const group = groupOf(type, imageId, options);
    const key = JSON.stringify(group);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { types: [type], ...group });
    else known.types.push(type);
  }
  if (groups.size === 0) throw new TemplateError("no instance types satisfy requirements of amis");
  return [...groups.values()].flatMap((group) => (group.reservations.length === 0 ? [planned(group, undefined, options)] : group.reservations.map((reservation) => planned(group, reservation, options))));
}

interface Group {
  readonly imageId: string;
  readonly efaCount: number;
  readonly maxPods: number;
  readonly reservations: readonly Reservation[];
  readonly types: InstanceType[];
}

function groupOf(type: InstanceType, imageId: string, { nodeClaim, capacityType }: TemplateOptions): Omit<Group, "types"> {
  const wantsEfa = EFA_RESOURCE in (nodeClaim.spec.resources?.requests ?? {});
  const reserved = capacityType === "reserved" ? type.offerings.filter((offering) => capacityTypeOf(offering) === "reserved").map(reservationOf) : [];
  return { imageId, efaCount: wantsEfa ? amount(type.capacity[EFA_RESOURCE]) : 0, maxPods: amount(type.capacity["pods"]), reservations: reserved };
}

function planned(group: Group, reservation: Reservation | undefined, options: TemplateOptions): PlannedTemplate {
  const { types, imageId } = group;
  const request = rendered(group, reservation, options);
  return { types, imageId, ...(reservation === undefined ? {} : { reservationId: reservation.id }), request };
}

const MOST_RENDERED = 200;
const known = new Map<string, CreateLaunchTemplateInput>();

/** Launches of a pool mostly ask for templates that others have asked for. */
function rendered(group: Group, reservation: Reservation | undefined, options: TemplateOptions): CreateLaunchTemplateInput {
  const { nodeClass, nodeClaim, capacityType, tenancy, tags, cluster, placementGroup } = options;
  const { metadata, spec } = nodeClaim;
  const claim = [metadata.labels, spec.taints, spec.startupTaints, ENCLAVE_RESOURCE in (spec.resources?.requests ?? {})];
  const text = `${textOfClass(nodeClass)} ${JSON.stringify([claim, capacityType, tenancy, tags, cluster, placementGroup, reservation, group.imageId, group.efaCount, group.maxPods])}`;
  let found = known.get(text);
  if (found === undefined) {
    found = template(group, reservation, options);
    if (known.size >= MOST_RENDERED) known.clear();
    known.set(text, found);
  }
  return found;
}

const texts = new WeakMap<EC2NodeClass, string>();

// What has been resolved serves for a minute of launches. A template names no subnet, and their order changes with every launch.
function textOfClass(nodeClass: EC2NodeClass): string {
  let text = texts.get(nodeClass);
  if (text === undefined) {
    const status = { ...nodeClass.status, subnets: undefined, conditions: undefined };
    texts.set(nodeClass, (text = JSON.stringify([nodeClass.metadata.name, nodeClass.spec, status])));
  }
  return text;
}

function template(group: Group, reservation: Reservation | undefined, { nodeClass, nodeClaim, capacityType, tenancy, tags, cluster, placementGroup }: TemplateOptions): CreateLaunchTemplateInput {
  const { spec, status } = nodeClass;
  const family = amiFamily(nodeClass);
  const disks = spec.blockDeviceMappings !== undefined && spec.blockDeviceMappings.length > 0 ? spec.blockDeviceMappings : defaultBlockDevices(family);
  const mappings = blockDevices(disks);
  const Tags = tagList(tags);
  const data: CreateLaunchTemplateInput["LaunchTemplateData"] = {
    ...(mappings.length === 0 ? {} : { BlockDeviceMappings: mappings }),
    ...(spec.cpuOptions?.nestedVirtualization === undefined ? {} : { CpuOptions: { NestedVirtualization: spec.cpuOptions.nestedVirtualization } }),
    IamInstanceProfile: { Name: status?.instanceProfile ?? "" },
    Monitoring: { Enabled: spec.detailedMonitoring ?? false },
    UserData: base64(userData(bootstrapOf(nodeClass, nodeClaim, capacityType, cluster, group.maxPods))),
    ImageId: group.imageId,
    MetadataOptions: metadataOptions(nodeClass, cluster),
    NetworkInterfaces: networkInterfaces(nodeClass, group.efaCount, isIPv6(cluster)),
    Placement: { Tenancy: tenancy, ...(placementGroup === undefined ? {} : { GroupId: placementGroup.id, ...(placementGroup.partition === undefined ? {} : { PartitionNumber: placementGroup.partition }) }) },
    EnclaveOptions: { Enabled: ENCLAVE_RESOURCE in (nodeClaim.spec.resources?.requests ?? {}) },
    TagSpecifications: [{ ResourceType: "network-interface", Tags }, ...(capacityType === "spot" ? [{ ResourceType: "spot-instances-request", Tags }] : [])],
    ...(cluster.reservedCapacity === false ? {} : reservationOptions(reservation)),
  };
  const TagSpecifications = [{ ResourceType: "launch-template", Tags }];
  return { LaunchTemplateName: templateName(data, nodeClass, cluster, capacityType), LaunchTemplateData: data, TagSpecifications };
}

/** Equal content has an equal name; the order of security groups does not count, their names do. */
function templateName(data: CreateLaunchTemplateInput["LaunchTemplateData"], { metadata, status }: EC2NodeClass, cluster: ClusterSettings, capacityType: CapacityType): string {
  const groups = (status?.securityGroups ?? []).map(({ id, name = "" }) => `${id}/${name}`).sort();
  const interfaces = data.NetworkInterfaces.map((one) => ({ ...one, Groups: [] }));
  // The reservation gate only says how a launch relates to reservations, which names have never counted.
  const content = omit({ ...data, NetworkInterfaces: interfaces }, "CapacityReservationSpecification");
  const reservation = data.CapacityReservationSpecification?.CapacityReservationTarget?.CapacityReservationId ?? "";
  return `${TEMPLATE_NAME_PREFIX}/${contentHash({ content, groups, reservation, capacityType, nodeClass: metadata.name, clusterName: cluster.clusterName })}`;
}

/** What the node's first script is made of. */
export function bootstrapOf(nodeClass: EC2NodeClass, nodeClaim: NodeClaim, capacityType: string | undefined, cluster: ClusterSettings, maxPods: number): Bootstrap {
  const { spec } = nodeClass;
  const family = amiFamily(nodeClass);
  const taints: Taint[] = [...(nodeClaim.spec.taints ?? []), ...(nodeClaim.spec.startupTaints ?? [])];
  if (!taints.some(({ key, effect }) => key === UNREGISTERED_TAINT_KEY && effect === "NoExecute")) taints.push({ key: UNREGISTERED_TAINT_KEY, effect: "NoExecute" });
  const clusterDNS = spec.kubelet?.clusterDNS !== undefined && spec.kubelet.clusterDNS.length > 0 ? spec.kubelet.clusterDNS : cluster.kubeDNSIP === undefined ? undefined : [cluster.kubeDNSIP];
  return {
    family,
    clusterName: cluster.clusterName,
    clusterEndpoint: cluster.clusterEndpoint ?? "",
    ...(cluster.clusterCIDR === undefined ? {} : { clusterCIDR: cluster.clusterCIDR }),
    ...(cluster.caBundle === undefined ? {} : { caBundle: cluster.caBundle }),
    kubelet: { ...spec.kubelet, maxPods: spec.kubelet?.maxPods ?? maxPods, ...(clusterDNS === undefined ? {} : { clusterDNS }) },
    taints,
    labels: nodeLabels(family, { ...nodeClaim.metadata.labels, ...(capacityType === undefined ? {} : { [CAPACITY_TYPE_LABEL]: capacityType }) }),
    ...(spec.userData === undefined ? {} : { custom: spec.userData }),
    ...(spec.instanceStorePolicy === undefined ? {} : { instanceStorePolicy: spec.instanceStorePolicy }),
    ...(family === "Bottlerocket" ? { defaultMountPaths: mountsByDefault(nodeClass) } : {}),
  };
}

const withoutIPv6Metadata = new Set(["us-iso-east-1", "us-iso-west-1", "us-isob-east-1", "us-isob-west-1", "us-isof-south-1", "us-isof-east-1"]);

function metadataOptions({ spec }: EC2NodeClass, cluster: ClusterSettings): Ec2MetadataOptions {
  const given = spec.metadataOptions ?? { httpEndpoint: "disabled", httpProtocolIPv6: isIPv6(cluster) ? "enabled" : "disabled", httpPutResponseHopLimit: 2, httpTokens: "required" };
  return {
    ...(given.httpEndpoint === undefined ? {} : { HttpEndpoint: given.httpEndpoint }),
    ...(given.httpProtocolIPv6 === undefined || withoutIPv6Metadata.has(cluster.region) ? {} : { HttpProtocolIpv6: given.httpProtocolIPv6 }),
    HttpPutResponseHopLimit: given.httpPutResponseHopLimit ?? 0,
    ...(given.httpTokens === undefined ? {} : { HttpTokens: given.httpTokens }),
    // Account-wide defaults could switch instance tags on, and these tags' keys are not allowed there.
    InstanceMetadataTags: "disabled",
  };
}

function reservationOptions(reservation: Reservation | undefined): Pick<CreateLaunchTemplateInput["LaunchTemplateData"], "CapacityReservationSpecification" | "InstanceMarketOptions"> {
  if (reservation === undefined) return { CapacityReservationSpecification: { CapacityReservationPreference: "none" } };
  const market = reservation.type === "capacity-block" ? "capacity-block" : reservation.interruptible ? "interruptible-capacity-reservation" : undefined;
  return {
    CapacityReservationSpecification: { CapacityReservationPreference: "capacity-reservations-only", CapacityReservationTarget: { CapacityReservationId: reservation.id } },
    ...(market === undefined ? {} : { InstanceMarketOptions: { MarketType: market } }),
  };
}
