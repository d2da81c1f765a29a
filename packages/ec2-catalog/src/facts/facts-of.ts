import { InputError } from "@groupless/api";
import type { DeviceInfo, InstanceTypeInfo, NetworkInfo } from "./instance-type-info.ts";
import type { Device, InstanceTypeFacts, NeuronDevice } from "./instance-type-facts.ts";

/** What DescribeInstanceTypes does not say about a type. */
export interface ExtraFacts {
  /** Baseline Mbit/s; absent: taken from the network cards. */
  readonly networkBandwidthMbps?: number | undefined;
  /** See {@link InstanceTypeFacts.branchInterfaces}; absent: unknown. */
  readonly branchInterfaces?: number | undefined;
}

/**
 * The facts in one entry of DescribeInstanceTypes.
 *
 * @param path where the entry stands in its page, for errors
 * @throws {InputError} `missing-field`, `bad-number` or `contradictory-fields`, naming the type and the field
 */
export function factsOf(info: InstanceTypeInfo, extra: ExtraFacts = {}, path = "InstanceTypes[]"): InstanceTypeFacts {
  const name = info.InstanceType;
  if (typeof name !== "string" || name === "") throw new InputError("missing-field", "an instance type without a name", { path: `${path}.InstanceType`, expected: "a name such as m5.large" });
  const read = reader(name, path);
  const network = read.object("NetworkInfo", info.NetworkInfo) as NetworkInfo;
  const cards = cardsOf(network, read);
  const defaultCard = network.DefaultNetworkCardIndex ?? 0;
  if (cards[defaultCard] === undefined) throw read.error("contradictory-fields", "NetworkInfo.DefaultNetworkCardIndex", `no network card ${defaultCard}`, `an index below ${cards.length}`);
  const processor = read.object("ProcessorInfo", info.ProcessorInfo) as NonNullable<InstanceTypeInfo["ProcessorInfo"]>;
  const architectures = processor.SupportedArchitectures ?? [];
  if (architectures.length === 0) throw read.error("missing-field", "ProcessorInfo.SupportedArchitectures", "no architecture", "at least one, such as x86_64");
  const bandwidth = extra.networkBandwidthMbps;
  const ebs = info.EbsInfo;
  const ebsOptimized = ebs?.EbsOptimizedSupport === "default" ? ebs.EbsOptimizedInfo?.MaximumBandwidthInMbps : undefined;
  const storageGB = info.InstanceStorageInfo?.TotalSizeInGB;
  const efa = network.EfaInfo?.MaximumEfaInterfaces;
  return {
    name,
    architectures,
    hvm: (info.SupportedVirtualizationTypes ?? ["hvm"]).includes("hvm"),
    vcpus: read.positive("VCpuInfo.DefaultVCpus", info.VCpuInfo?.DefaultVCpus),
    memoryMiB: read.positive("MemoryInfo.SizeInMiB", info.MemoryInfo?.SizeInMiB),
    usageClasses: info.SupportedUsageClasses ?? [],
    ...(processor.Manufacturer === undefined ? {} : { cpuManufacturer: processor.Manufacturer }),
    ...(processor.SustainedClockSpeedInGhz === undefined ? {} : { clockMHz: Math.round(read.finite("ProcessorInfo.SustainedClockSpeedInGhz", processor.SustainedClockSpeedInGhz) * 1000) }),
    ...(ebsOptimized === undefined ? {} : { ebsBandwidthMbps: read.finite("EbsInfo.EbsOptimizedInfo.MaximumBandwidthInMbps", ebsOptimized) }),
    ...(bandwidth === undefined ? {} : { networkBandwidthMbps: bandwidth }),
    ...(storageGB === undefined
      ? {}
      : { instanceStorage: { totalGB: read.finite("InstanceStorageInfo.TotalSizeInGB", storageGB), nvme: info.InstanceStorageInfo?.NvmeSupport !== "unsupported" } }),
    gpus: (info.GpuInfo?.Gpus ?? []).map((gpu, index) => device(gpu, `GpuInfo.Gpus[${index}]`, read)),
    accelerators: (info.InferenceAcceleratorInfo?.Accelerators ?? []).map((each, index) => device(each, `InferenceAcceleratorInfo.Accelerators[${index}]`, read)),
    ...(info.NeuronInfo === undefined ? {} : { neuronDevices: (info.NeuronInfo.NeuronDevices ?? []).map((each, index): NeuronDevice => ({
      name: each.Name ?? "",
      count: read.finite(`NeuronInfo.NeuronDevices[${index}].Count`, each.Count),
      coresPerDevice: read.finite(`NeuronInfo.NeuronDevices[${index}].CoreInfo.Count`, each.CoreInfo?.Count),
    })) }),
    hypervisor: info.Hypervisor ?? "",
    bareMetal: info.BareMetal ?? false,
    encryptionInTransit: network.EncryptionInTransitSupported ?? false,
    nitroEnclaves: info.NitroEnclavesSupport === "supported",
    processorFeatures: processor.SupportedFeatures ?? [],
    enaSupported: network.EnaSupport !== "unsupported",
    ...(efa === undefined ? {} : { maxEfaInterfaces: read.finite("NetworkInfo.EfaInfo.MaximumEfaInterfaces", efa) }),
    interfacesByCard: cards,
    defaultCard,
    ipv4PerInterface: read.positive("NetworkInfo.Ipv4AddressesPerInterface", network.Ipv4AddressesPerInterface),
    ...(extra.branchInterfaces === undefined ? {} : { branchInterfaces: extra.branchInterfaces }),
    placementStrategies: info.PlacementGroupInfo?.SupportedStrategies ?? [],
  };
}

/** Baseline Mbit/s of the network cards together; undefined where EC2 states none. */
export function baselineBandwidthMbps(info: InstanceTypeInfo): number | undefined {
  const gbps = (info.NetworkInfo?.NetworkCards ?? []).reduce((sum, card) => sum + (card.BaselineBandwidthInGbps ?? Number.NaN), 0);
  return Number.isFinite(gbps) && gbps > 0 ? Math.round(gbps * 1000) : undefined;
}

interface Reader {
  error(code: string, field: string, problem: string, expected: string): InputError;
  object(field: string, value: object | undefined): object;
  /** A number above 0. */
  positive(field: string, value: number | undefined): number;
  /** A number of at least 0. */
  finite(field: string, value: number | undefined): number;
}

function reader(name: string, path: string): Reader {
  const error = (code: string, field: string, problem: string, expected: string): InputError =>
    new InputError(code, `${name}: ${problem}`, { path: `${path}.${field}`, expected });
  const number = (field: string, value: number | undefined, least: number, expected: string): number => {
    if (value === undefined || value === null) throw error("missing-field", field, "no value", expected);
    if (typeof value !== "number" || !Number.isFinite(value) || value < least) throw error("bad-number", field, `got ${String(value)}`, expected);
    return value;
  };
  return {
    error,
    object: (field, value) => {
      if (value === undefined || value === null) throw error("missing-field", field, "no value", "an object");
      return value;
    },
    positive: (field, value) => number(field, value, 1, "a number of at least 1"),
    finite: (field, value) => number(field, value, 0, "a number of at least 0"),
  };
}

function cardsOf(network: NetworkInfo, read: Reader): readonly number[] {
  const cards: number[] = [];
  for (const [position, card] of (network.NetworkCards ?? []).entries()) {
    const index = card.NetworkCardIndex ?? position;
    if (cards[index] !== undefined) throw read.error("contradictory-fields", "NetworkInfo.NetworkCards", `two network cards ${index}`, "one entry a card");
    cards[index] = read.finite(`NetworkInfo.NetworkCards[${position}].MaximumNetworkInterfaces`, card.MaximumNetworkInterfaces);
  }
  if (cards.length === 0) throw read.error("missing-field", "NetworkInfo.NetworkCards", "no network card", "at least one");
  for (let index = 0; index < cards.length; index += 1) {
    if (cards[index] === undefined) throw read.error("contradictory-fields", "NetworkInfo.NetworkCards", `no network card ${index} of ${cards.length}`, "consecutive indices");
  }
  return cards;
}

function device(info: DeviceInfo, path: string, read: Reader): Device {
  return {
    name: info.Name ?? "",
    manufacturer: info.Manufacturer ?? "",
    count: read.finite(`${path}.Count`, info.Count),
    memoryMiB: info.MemoryInfo?.SizeInMiB ?? 0,
  };
}
