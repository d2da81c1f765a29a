import { createHash } from "node:crypto";
import { type EC2NodeClass, INSTANCE_TYPE_LABEL, InputError, type NodeOverlay, type NodeSelectorRequirement } from "@groupless/api";
import { allocatable, type InstanceType, markCapacityType, markOffering, markSubnet, noUnavailableOfferings, type Offering, overlayPrices, type UnavailableOfferings } from "@groupless/catalog";
import { type CatalogOptions, describeInstanceTypeOfferingsInput, describeInstanceTypesInput, describeType, type DiscoveredMemory, discoverMemory, instanceTypes, isCompatible, knownFactsOf, nodeSettings, type PlacementGroup, type RegionSnapshot, type RegionType } from "@groupless/ec2-catalog";
import { formatQuantity, isZero, parseQuantity } from "@groupless/quantity";
import type { Suite } from "../suite.ts";

const afterMarking = "then";
const nowMs = Date.parse("2026-08-01T12:00:00Z");

function typeNamed(name: string, zones: readonly string[] = []): RegionType {
  const facts = knownFactsOf(name);
  if (facts === undefined) throw new Error(`no facts of ${name}`);
  return { facts, zones };
}

/** Karpenter reads a status without subnets as one without zones. */
function withSubnets(nodeClass: EC2NodeClass): EC2NodeClass {
  return { ...nodeClass, status: { ...nodeClass.status, subnets: nodeClass.status?.subnets ?? [] } };
}

function resolve(args: any): { requirements: Record<string, unknown>; capacity: any; allocatable: any; overhead: any } {
  const zones = (args.offeringZones ?? []) as string[];
  const options: CatalogOptions = { ...(args.options?.vmMemoryOverheadPercent === undefined ? {} : { vmMemoryOverhead: args.options.vmMemoryOverheadPercent }), ...(args.options?.reservedENIs === undefined ? {} : { reservedEnis: args.options.reservedENIs }) };
  const region = { region: args.region ?? "us-east-1", zones: zones.map((name) => ({ name, kind: "availability-zone" as const })) };
  const type = describeType(region, typeNamed(args.type, zones), withSubnets(args.nodeClass), options);
  const overhead = Object.fromEntries(["kubeReserved", "systemReserved", "evictionThreshold"].map((key) => [key, canonicalList((type.overhead as any)[key] ?? {}, true)]));
  return { requirements: compact(type.requirements), capacity: canonicalList(type.capacity), allocatable: canonicalList(allocatable(type)), overhead };
}

function canonicalList(list: Readonly<Record<string, string>>, zeros = false): Record<string, string> {
  const entries = Object.entries(list).map(([name, text]) => [name, parseQuantity(text)] as const);
  return Object.fromEntries(entries.filter(([, quantity]) => zeros || !isZero(quantity)).map(([name, quantity]) => [name, formatQuantity(quantity, name === "memory" || name === "ephemeral-storage" ? "BinarySI" : "DecimalSI")]));
}

function compact(requirements: readonly NodeSelectorRequirement[]): Record<string, unknown> {
  const entries = requirements.map(({ key, operator, values }) => [key, operator === "DoesNotExist" ? null : operator === "In" ? values?.toSorted() : { operator, values }] as const);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function region(args: any): RegionSnapshot {
  const zoneNames = [...new Set((Object.values(args.instanceTypeZones ?? {}) as string[][]).flat())].toSorted();
  const types = (args.types as string[]).map((name): RegionType => {
    const zones = (args.instanceTypeZones?.[name] ?? []) as string[];
    const onDemand = args.onDemandPrices?.[name];
    const spot = args.spotPrices?.[name];
    return {
      ...typeNamed(name, zones),
      ...(onDemand === undefined ? {} : { onDemand: { perHour: onDemand, source: "supplied" as const } }),
      ...(spot === undefined ? {} : { spot: Object.fromEntries(Object.entries(spot).map(([zone, perHour]) => [zone, { perHour: perHour as number, source: "supplied" as const }])) }),
    };
  });
  return { format: 1, region: args.region ?? "us-east-1", takenOn: "2026-08-01", source: "", currency: "USD", zones: zoneNames.map((name) => ({ name, kind: "availability-zone" })), types, leftOut: [] };
}

function placementGroupOf(group: any): PlacementGroup {
  return { id: group.GroupId, strategy: group.Strategy, ...(group.PartitionCount == null ? {} : { partitionCount: group.PartitionCount }) };
}

function listOfferings(args: any): unknown {
  const nodeClass = withSubnets(args.nodeClass);
  const selector = nodeClass.spec.placementGroupSelector;
  const group = selector && (args.placementGroups ?? []).find((each: any) => each.GroupName === selector.name || each.GroupId === selector.id);
  const mark = (marks: UnavailableOfferings, key: any): UnavailableOfferings => markOffering(marks, { instanceType: key.type, zone: key.zone, capacityType: key.capacityType, placementGroupId: key.placementGroup, placementGroupPartition: key.partition }, nowMs);
  let marks: UnavailableOfferings = (args.unavailable ?? []).reduce(mark, noUnavailableOfferings);
  for (const subnet of args.unavailableSubnets ?? []) marks = markSubnet(marks, subnet, nowMs);
  for (const capacityType of args.unavailableCapacityTypes ?? []) marks = markCapacityType(marks, capacityType, nowMs);
  const options: CatalogOptions = {
    nowMs,
    unavailable: marks,
    reservationCounts: args.reservationCounts ?? {},
    reservedCapacity: args.reservedCapacity ?? true,
    shiftedZoneIds: args.shiftedZoneIds ?? [],
    ...(group === undefined ? {} : { placementGroup: placementGroupOf(group) }),
    ...(args.nodeOverlay === true ? { fallbackPrices: overlayPrices((args.nodeOverlays ?? []) as NodeOverlay[]) } : {}),
  };
  try {
    const offerings = (unavailable: UnavailableOfferings): unknown => compactOfferings(instanceTypes(region(args), nodeClass, { ...options, unavailable }));
    return { offerings: offerings(marks), ...(args.thenUnavailable === undefined ? {} : { [afterMarking]: offerings(args.thenUnavailable.reduce(mark, marks)) }) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { error: error.message.slice(error.message.indexOf(": ") + 2) };
  }
}

function compactOfferings(types: readonly InstanceType[]): unknown {
  const labels = { capacityType: "karpenter.sh/capacity-type", zone: "topology.kubernetes.io/zone", zoneId: "topology.k8s.aws/zone-id", reservationId: "karpenter.k8s.aws/capacity-reservation-id", reservationType: "karpenter.k8s.aws/capacity-reservation-type", interruptible: "karpenter.k8s.aws/capacity-reservation-interruptible", partition: "karpenter.k8s.aws/placement-group-partition" };
  const row = (offering: Offering): Record<string, unknown> => {
    const out: Record<string, unknown> = { available: offering.available, price: offering.price };
    for (const [name, key] of Object.entries(labels)) {
      const requirement = offering.requirements.find((each) => each.key === key);
      if (requirement?.operator === "In") out[name] = requirement.values?.[0];
    }
    if ((offering.reservationCapacity ?? 0) !== 0) out["reservationCapacity"] = offering.reservationCapacity;
    return out;
  };
  return Object.fromEntries(types.map((type) => [type.name, type.offerings.map(row)]));
}

/** Offerings are compared as sets. */
function sortOfferings(output: any): any {
  const sorted = (byType: any): any => byType && Object.fromEntries(Object.entries(byType).map(([name, rows]) => [name, (rows as any[]).map((row) => JSON.stringify(Object.fromEntries(Object.entries(row).toSorted()))).toSorted()]));
  if (output?.offerings === undefined) return output;
  return { ...output, offerings: sorted(output.offerings), ...(output[afterMarking] === undefined ? {} : { [afterMarking]: sorted(output[afterMarking]) }) };
}

function discoveredMemory(args: any): unknown {
  const type = typeNamed(args.type, ["us-east-1a"]);
  const where = { region: "us-east-1", zones: [{ name: "us-east-1a", kind: "availability-zone" as const }] };
  let nodeClass: EC2NodeClass = args.nodeClass;
  let known: DiscoveredMemory = {};
  const describe = (): ReturnType<typeof describeType> => describeType(where, type, nodeClass, { discoveredMemory: known, nowMs });
  const labels = Object.fromEntries(describe().requirements.flatMap(({ key, operator, values }) => (operator === "In" && values?.length === 1 ? [[key, values[0]!]] : [])));
  const memory = [describe().capacity["memory"]];
  for (const update of args.updates) {
    if (update.amis !== undefined) nodeClass = { ...nodeClass, status: { ...nodeClass.status, amis: update.amis } };
    else known = discoverMemory(known, { labels: { ...labels, [INSTANCE_TYPE_LABEL]: args.type }, memory: update.memory, imageId: update.imageId }, nodeClass, nowMs);
    memory.push(describe().capacity["memory"]);
  }
  return memory;
}

export const ec2InstanceTypes: Suite = {
  functions: {
    resolveInstanceType: resolve,
    resolveResources: (args) => {
      const { capacity, allocatable: left, overhead } = resolve(args);
      return { capacity, allocatable: left, overhead };
    },
    resolveSummary: (args) => {
      const { allocatable: left, requirements } = resolve(args);
      return { allocatable: left, requirementsSha256: createHash("sha256").update(JSON.stringify(requirements)).digest("hex").slice(0, 16) };
    },
    listOfferings,
    compatible: (args) => (args.types as string[]).filter((name) => isCompatible(typeNamed(name).facts, nodeSettings(args.nodeClass), args.placementGroup && placementGroupOf(args.placementGroup))),
    discoveredMemory,
    describeInputs: () => ({
      DescribeInstanceTypeOfferings: [describeInstanceTypeOfferingsInput],
      DescribeInstanceTypes: [{ ...describeInstanceTypesInput, Filters: describeInstanceTypesInput.Filters.map((each) => ({ ...each, Values: each.Values.toSorted() })).toSorted((a, b) => (a.Name < b.Name ? -1 : 1)) }],
    }),
  },
  canonical: sortOfferings,
};
