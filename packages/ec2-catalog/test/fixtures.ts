import type { EC2NodeClass, EC2NodeClassSpec, EC2NodeClassStatus, NodeSelectorRequirementWithMinValues } from "@groupless/api";
import { allocatable, type InstanceType } from "@groupless/catalog";
import { type CatalogOptions, instanceTypes, type InstanceTypeInfo, type RegionSnapshot, type RegionType } from "@groupless/ec2-catalog";
import usEast1 from "@groupless/ec2-catalog/us-east-1";

export function nodeClass(spec: Partial<EC2NodeClassSpec> = {}, status?: EC2NodeClassStatus): EC2NodeClass {
  return {
    apiVersion: "karpenter.k8s.aws/v1",
    kind: "EC2NodeClass",
    metadata: { name: "default" },
    spec: { amiSelectorTerms: [{ alias: "al2023@latest" }], subnetSelectorTerms: [], securityGroupSelectorTerms: [], ...spec },
    ...(status === undefined ? {} : { status }),
  };
}

export const subnet = (zone: string, zoneID: string, id = `subnet-${zone}`): { id: string; zone: string; zoneID: string } => ({ id, zone, zoneID });

/** A region's snapshot with only these types: a catalog of few types is made at once. */
export function only(snapshot: RegionSnapshot, ...names: readonly string[]): RegionSnapshot {
  return { ...snapshot, types: snapshot.types.filter((type) => names.includes(type.facts.name)) };
}

/** One type of us-east-1 as a node of a class. */
export function describeType(name: string, spec: Partial<EC2NodeClassSpec> = {}, options: CatalogOptions = {}, status?: EC2NodeClassStatus): InstanceType {
  const [type] = instanceTypes(only(usEast1, name), nodeClass(spec, status), options);
  if (type === undefined) throw new Error(`us-east-1 has no ${name}`);
  return type;
}

export function left(name: string, spec: Partial<EC2NodeClassSpec> = {}, options: CatalogOptions = {}): Readonly<Record<string, string>> {
  return allocatable(describeType(name, spec, options));
}

/** The one value of a label; undefined if it does not exist. */
export function label(type: Pick<InstanceType, "requirements">, key: string): string | undefined {
  const requirement = type.requirements.find((each) => each.key === key);
  if (requirement === undefined) throw new Error(`no requirement of ${key}`);
  return requirement.operator === "DoesNotExist" ? undefined : requirement.values?.join(",");
}

export const labelsOf = (type: Pick<InstanceType, "requirements">): Readonly<Record<string, string | undefined>> => Object.fromEntries(type.requirements.map((requirement: NodeSelectorRequirementWithMinValues) => [requirement.key, requirement.operator === "DoesNotExist" ? undefined : requirement.values?.join(",")]));

export const zones = (type: InstanceType): string[] => [...new Set(type.offerings.filter((offering) => offering.available).map((offering) => offering.requirements.find((each) => each.key === "topology.kubernetes.io/zone")!.values![0]!))];

/** A DescribeInstanceTypes entry with all that a type cannot do without. */
export function entry(name: string, more: Partial<InstanceTypeInfo> = {}): InstanceTypeInfo {
  return {
    InstanceType: name,
    Hypervisor: "nitro",
    SupportedUsageClasses: ["on-demand", "spot"],
    SupportedVirtualizationTypes: ["hvm"],
    VCpuInfo: { DefaultVCpus: 2 },
    MemoryInfo: { SizeInMiB: 8192 },
    ProcessorInfo: { Manufacturer: "Intel", SupportedArchitectures: ["x86_64"], SustainedClockSpeedInGhz: 3.1 },
    NetworkInfo: { DefaultNetworkCardIndex: 0, Ipv4AddressesPerInterface: 10, EnaSupport: "required", NetworkCards: [{ NetworkCardIndex: 0, MaximumNetworkInterfaces: 3, BaselineBandwidthInGbps: 0.75 }] },
    PlacementGroupInfo: { SupportedStrategies: ["cluster", "partition", "spread"] },
    ...more,
  };
}

export function regionType(snapshot: RegionSnapshot, name: string): RegionType {
  const type = snapshot.types.find((each) => each.facts.name === name);
  if (type === undefined) throw new Error(`${snapshot.region} has no ${name}`);
  return type;
}
