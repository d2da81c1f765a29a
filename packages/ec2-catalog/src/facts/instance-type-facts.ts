/** What this package knows about one EC2 instance type, whatever the region and the node class. */
export interface InstanceTypeFacts {
  readonly name: string;
  /** EC2's names in EC2's order: `x86_64`, `arm64`, `i386`, `arm64_mac`, … */
  readonly architectures: readonly string[];
  /** Boots images of virtualization type `hvm`; the others are no candidates for nodes. */
  readonly hvm: boolean;
  readonly vcpus: number;
  /** As EC2 advertises it, before any overhead. */
  readonly memoryMiB: number;
  /** `on-demand`, `spot`, `capacity-block`. */
  readonly usageClasses: readonly string[];
  /** `Intel`, `AMD`, `AWS`; absent where EC2 names none. */
  readonly cpuManufacturer?: string;
  /** Sustained clock; absent where EC2 names none. */
  readonly clockMHz?: number;
  /** Largest EBS bandwidth, of types that are EBS-optimized by default only. */
  readonly ebsBandwidthMbps?: number;
  /** Baseline network bandwidth. */
  readonly networkBandwidthMbps?: number;
  readonly instanceStorage?: InstanceStorage;
  readonly gpus: readonly Device[];
  readonly accelerators: readonly Device[];
  /** Absent if EC2 reports no Neuron information at all. */
  readonly neuronDevices?: readonly NeuronDevice[];
  /** `nitro`, `xen`, or empty on bare metal. */
  readonly hypervisor: string;
  readonly bareMetal: boolean;
  readonly encryptionInTransit: boolean;
  readonly nitroEnclaves: boolean;
  /** `SupportedFeatures` of the processor. */
  readonly processorFeatures: readonly string[];
  readonly enaSupported: boolean;
  /** Absent if EC2 reports no EFA information. */
  readonly maxEfaInterfaces?: number;
  /** Most network interfaces of each network card, by card index. */
  readonly interfacesByCard: readonly number[];
  readonly defaultCard: number;
  readonly ipv4PerInterface: number;
  /** Branch interfaces of types that support trunking, 0 of the others; absent if the VPC limits table does not know the type. */
  readonly branchInterfaces?: number;
  readonly placementStrategies: readonly string[];
}

export interface InstanceStorage {
  /** Decimal gigabytes, all disks together. */
  readonly totalGB: number;
  readonly nvme: boolean;
}

export interface Device {
  readonly name: string;
  readonly manufacturer: string;
  readonly count: number;
  readonly memoryMiB: number;
}

export interface NeuronDevice {
  readonly name: string;
  readonly count: number;
  readonly coresPerDevice: number;
}
