/**
 * Trims raw answers of EC2's APIs to the fields the catalog reads, and writes them to ../data.
 *
 *     tsx --tsconfig tsconfig.sources.json packages/ec2-catalog/generate/collect.ts FOLDER
 *
 * FOLDER holds describe-instance-types.json (InstanceTypeInfo[]), instance-type-offerings.json ({region: {type: [zone]}}),
 * zone-ids.json ({region: {zone: id}}), on-demand-prices.json ({region: {type: price}}), network-bandwidth-mbps.json
 * ({type: Mbit/s}), vpc-limits.json ({type: {IsTrunkingCompatible, BranchInterface}}) and spot-advisor.json
 * ({interruptionRanges, regions: {region: {type: [saving %, range]}}}).
 *
 * A second folder, Karpenter's pkg/providers/instancetype, adds where the tables compiled into that release differ.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { InstanceTypeInfo } from "../src/facts/instance-type-info.ts";

const folder = process.argv[2];
if (folder === undefined) throw new Error("usage: collect.ts FOLDER");
const read = (name: string): any => JSON.parse(readFileSync(`${folder}/${name}`, "utf8"));
const data = (name: string): string => fileURLToPath(new URL(`../data/${name}`, import.meta.url));
const sorted = <Value>(record: Readonly<Record<string, Value>>): readonly [string, Value][] => Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));

const header = { takenOn: "2026-07-28", source: "EC2 DescribeInstanceTypes, fields the catalog reads" };
const types = (read("describe-instance-types.json") as InstanceTypeInfo[]).toSorted((a, b) => (a.InstanceType! < b.InstanceType! ? -1 : 1)).map(trim);
writeFileSync(data("instance-types.jsonl"), `${[header, ...types].map((each) => JSON.stringify(each)).join("\n")}\n`);

// Types that the same zones offer share a line.
const offerings = read("instance-type-offerings.json") as Record<string, Record<string, string[]>>;
const zoneIds = read("zone-ids.json") as Record<string, Record<string, string>>;
const regions = sorted(offerings).map(([region, byType]) => {
  const byZones: Record<string, string> = {};
  for (const [type, zones] of sorted(byType)) {
    const key = zones.toSorted().map((zone) => zone.slice(region.length)).join(",");
    byZones[key] = byZones[key] === undefined ? type : `${byZones[key]} ${type}`;
  }
  return [region, { zoneIds: zoneIds[region], typesByZones: Object.fromEntries(sorted(byZones)) }];
});
writeJson("offerings.json", { takenOn: "2026-07-28", source: "EC2 DescribeInstanceTypeOfferings by availability zone, DescribeAvailabilityZones", regions: Object.fromEntries(regions) });

writeJson("on-demand-prices.json", { takenOn: "2026-07-20", source: "AWS Price List, Linux on-demand an hour (cn-north-1 in CNY, as of 2024-11-06)", regions: Object.fromEntries(sorted(read("on-demand-prices.json")).map(([region, prices]) => [region, Object.fromEntries(sorted(prices as Record<string, number>))])) });
writeJson("network-bandwidth-mbps.json", { takenOn: "2026-07", source: "EC2 user guide, baseline network bandwidth", types: Object.fromEntries(sorted(read("network-bandwidth-mbps.json"))) });
const limits = sorted(read("vpc-limits.json") as Record<string, { IsTrunkingCompatible: boolean; BranchInterface: number }>);
writeJson("branch-interfaces.json", { takenOn: "2026-08-06", source: "VPC resource controller limits; 0: no trunking", types: Object.fromEntries(limits.map(([type, limit]) => [type, limit.IsTrunkingCompatible ? limit.BranchInterface : 0])) });
const advisor = read("spot-advisor.json");
writeJson("spot-advisor.json", { takenOn: "2025-07", source: "EC2 Spot Instance Advisor, Linux", interruptionRanges: advisor.interruptionRanges, regions: Object.fromEntries(sorted(advisor.regions).map(([region, byType]) => [region, sorted(byType as Record<string, number[]>).map(([type, [saving, range]]) => `${type}:${saving}:${range}`).join(" ")])) });

const karpenter = process.argv[3];
if (karpenter !== undefined) {
  const text = readFileSync(`${karpenter}/zz_generated.vpclimits.go`, "utf8");
  const compiled: Record<string, number> = {};
  for (const [, type, body] of text.matchAll(/\n\t"([\w.-]+)": \{(.*?)\n\t\},/gsu)) compiled[type!] = /IsTrunkingCompatible:\s+true/u.test(body!) ? Number(/BranchInterface:\s+(\d+)/u.exec(body!)![1]) : 0;
  const bandwidths = Object.fromEntries([...readFileSync(`${karpenter}/zz_generated.bandwidth.go`, "utf8").matchAll(/\n\t\t"([\w.-]+)":\s+(\d+),/gu)].map(([, type, mbps]) => [type, Number(mbps)]));
  const latest = Object.fromEntries(limits.map(([type, limit]) => [type, limit.IsTrunkingCompatible ? limit.BranchInterface : 0]));
  const names = types.map((type) => type.InstanceType!);
  const differing = (ours: Record<string, number>, theirs: Record<string, number>): object => Object.fromEntries(names.filter((name) => ours[name] !== theirs[name]).map((name) => [name, theirs[name] ?? null]));
  writeJson("karpenter-tables.json", {
    release: "1.14.1",
    source: "VPC limits (2026-05-18) and network bandwidths compiled into Karpenter, where they differ from those here; null: not in its tables",
    branchInterfaces: differing(latest, compiled),
    networkBandwidthMbps: differing(read("network-bandwidth-mbps.json"), bandwidths),
  });
}

/** One line a key of the last level but one: changes show as changes of lines. */
function writeJson(name: string, value: object): void {
  const text = JSON.stringify(value, null, 1).replaceAll(/\n {4,}/gu, "").replaceAll(/\n {3}(?=\})/gu, "");
  writeFileSync(data(name), `${text}\n`);
}

function trim(info: any): InstanceTypeInfo {
  const { InstanceType, BareMetal, Hypervisor, NitroEnclavesSupport, SupportedUsageClasses, SupportedVirtualizationTypes, PlacementGroupInfo, ProcessorInfo } = info;
  const pick = (object: any, ...keys: string[]): any => object && Object.fromEntries(keys.filter((key) => object[key] !== undefined).map((key) => [key, object[key]]));
  const deviceOf = (each: any): any => ({ ...pick(each, "Name", "Manufacturer", "Count"), MemoryInfo: pick(each.MemoryInfo, "SizeInMiB") });
  return {
    InstanceType, BareMetal, Hypervisor, NitroEnclavesSupport, SupportedUsageClasses, SupportedVirtualizationTypes, PlacementGroupInfo, ProcessorInfo,
    VCpuInfo: pick(info.VCpuInfo, "DefaultVCpus"),
    MemoryInfo: pick(info.MemoryInfo, "SizeInMiB"),
    EbsInfo: info.EbsInfo && { ...pick(info.EbsInfo, "EbsOptimizedSupport"), EbsOptimizedInfo: pick(info.EbsInfo.EbsOptimizedInfo, "MaximumBandwidthInMbps") },
    InstanceStorageInfo: pick(info.InstanceStorageInfo, "TotalSizeInGB", "NvmeSupport"),
    GpuInfo: info.GpuInfo && { Gpus: info.GpuInfo.Gpus.map(deviceOf) },
    InferenceAcceleratorInfo: info.InferenceAcceleratorInfo && { Accelerators: info.InferenceAcceleratorInfo.Accelerators.map(deviceOf) },
    NeuronInfo: info.NeuronInfo && { NeuronDevices: info.NeuronInfo.NeuronDevices.map((each: any) => ({ ...pick(each, "Name", "Count"), CoreInfo: pick(each.CoreInfo, "Count") })) },
    NetworkInfo: {
      ...pick(info.NetworkInfo, "DefaultNetworkCardIndex", "Ipv4AddressesPerInterface", "EnaSupport", "EfaInfo", "EncryptionInTransitSupported"),
      NetworkCards: info.NetworkInfo.NetworkCards.map((card: any) => pick(card, "NetworkCardIndex", "MaximumNetworkInterfaces", "BaselineBandwidthInGbps")),
    },
  };
}
