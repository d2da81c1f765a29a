/**
 * One entry of EC2's DescribeInstanceTypes answer: the fields this package reads, under the API's names.
 *
 * Every field is optional as in the API's own model; {@link factsOf} says which ones a type cannot do without.
 * Source: EC2 API reference, InstanceTypeInfo.
 */
export interface InstanceTypeInfo {
  readonly InstanceType?: string | undefined;
  readonly BareMetal?: boolean | undefined;
  readonly Hypervisor?: string | undefined;
  readonly NitroEnclavesSupport?: string | undefined;
  readonly SupportedUsageClasses?: readonly string[] | undefined;
  readonly SupportedVirtualizationTypes?: readonly string[] | undefined;
  readonly VCpuInfo?: { readonly DefaultVCpus?: number | undefined } | undefined;
  readonly MemoryInfo?: { readonly SizeInMiB?: number | undefined } | undefined;
  readonly ProcessorInfo?: ProcessorInfo | undefined;
  readonly EbsInfo?: EbsInfo | undefined;
  readonly InstanceStorageInfo?: { readonly TotalSizeInGB?: number | undefined; readonly NvmeSupport?: string | undefined } | undefined;
  readonly GpuInfo?: { readonly Gpus?: readonly DeviceInfo[] | undefined } | undefined;
  readonly InferenceAcceleratorInfo?: { readonly Accelerators?: readonly DeviceInfo[] | undefined } | undefined;
  readonly NeuronInfo?: { readonly NeuronDevices?: readonly NeuronDeviceInfo[] | undefined } | undefined;
  readonly NetworkInfo?: NetworkInfo | undefined;
  readonly PlacementGroupInfo?: { readonly SupportedStrategies?: readonly string[] | undefined } | undefined;
}

export interface ProcessorInfo {
  readonly Manufacturer?: string | undefined;
  readonly SupportedArchitectures?: readonly string[] | undefined;
  readonly SupportedFeatures?: readonly string[] | undefined;
  readonly SustainedClockSpeedInGhz?: number | undefined;
}

export interface EbsInfo {
  readonly EbsOptimizedSupport?: string | undefined;
  readonly EbsOptimizedInfo?: { readonly MaximumBandwidthInMbps?: number | undefined } | undefined;
}

/** A GPU or an inference accelerator. */
export interface DeviceInfo {
  readonly Name?: string | undefined;
  readonly Manufacturer?: string | undefined;
  readonly Count?: number | undefined;
  readonly MemoryInfo?: { readonly SizeInMiB?: number | undefined } | undefined;
}

export interface NeuronDeviceInfo {
  readonly Name?: string | undefined;
  readonly Count?: number | undefined;
  readonly CoreInfo?: { readonly Count?: number | undefined } | undefined;
}

export interface NetworkInfo {
  readonly DefaultNetworkCardIndex?: number | undefined;
  readonly NetworkCards?: readonly NetworkCardInfo[] | undefined;
  readonly Ipv4AddressesPerInterface?: number | undefined;
  readonly EnaSupport?: string | undefined;
  readonly EfaInfo?: { readonly MaximumEfaInterfaces?: number | undefined } | undefined;
  readonly EncryptionInTransitSupported?: boolean | undefined;
}

export interface NetworkCardInfo {
  readonly NetworkCardIndex?: number | undefined;
  readonly MaximumNetworkInterfaces?: number | undefined;
  readonly BaselineBandwidthInGbps?: number | undefined;
}
