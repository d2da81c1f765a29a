import type { Condition, ObjectMeta, QuantityText } from "./object-meta.ts";
import type { NodeSelectorRequirement } from "./selector.ts";

type Tags = Readonly<Record<string, string>>;

/** `karpenter.k8s.aws/v1` EC2NodeClass. */
export interface EC2NodeClass {
  readonly apiVersion: "karpenter.k8s.aws/v1";
  readonly kind: "EC2NodeClass";
  readonly metadata: ObjectMeta;
  readonly spec: EC2NodeClassSpec;
  readonly status?: EC2NodeClassStatus;
}

export type AMIFamily = "AL2" | "AL2023" | "Bottlerocket" | "Windows2019" | "Windows2022" | "Windows2025" | "Custom";

export interface EC2NodeClassSpec {
  readonly subnetSelectorTerms: readonly SubnetSelectorTerm[];
  readonly securityGroupSelectorTerms: readonly SecurityGroupSelectorTerm[];
  readonly amiSelectorTerms: readonly AMISelectorTerm[];
  readonly capacityReservationSelectorTerms?: readonly CapacityReservationSelectorTerm[];
  readonly placementGroupSelector?: { readonly name?: string; readonly id?: string };
  readonly amiFamily?: AMIFamily;
  readonly associatePublicIPAddress?: boolean;
  readonly ipPrefixCount?: number;
  readonly userData?: string;
  readonly role?: string;
  readonly instanceProfile?: string;
  readonly tags?: Tags;
  readonly kubelet?: KubeletConfiguration;
  readonly blockDeviceMappings?: readonly BlockDeviceMapping[];
  readonly instanceStorePolicy?: "RAID0";
  readonly networkInterfaces?: readonly NetworkInterface[];
  readonly detailedMonitoring?: boolean;
  readonly metadataOptions?: MetadataOptions;
  readonly connectionTracking?: ConnectionTracking;
  readonly cpuOptions?: { readonly nestedVirtualization?: string };
  readonly context?: string;
}

export interface SubnetSelectorTerm {
  readonly tags?: Tags;
  readonly id?: string;
}

export interface SecurityGroupSelectorTerm {
  readonly tags?: Tags;
  readonly id?: string;
  readonly name?: string;
}

export interface AMISelectorTerm {
  /** `family@version`, e.g. `al2023@latest`. */
  readonly alias?: string;
  readonly tags?: Tags;
  readonly id?: string;
  readonly name?: string;
  readonly owner?: string;
  readonly ssmParameter?: string;
}

export interface CapacityReservationSelectorTerm {
  readonly tags?: Tags;
  readonly id?: string;
  readonly ownerID?: string;
  readonly instanceMatchCriteria?: string;
}

export interface KubeletConfiguration {
  readonly clusterDNS?: readonly string[];
  readonly maxPods?: number;
  readonly podsPerCore?: number;
  readonly systemReserved?: Readonly<Record<string, QuantityText>>;
  readonly kubeReserved?: Readonly<Record<string, QuantityText>>;
  /** Signal to quantity or percentage. */
  readonly evictionHard?: Readonly<Record<string, string>>;
  readonly evictionSoft?: Readonly<Record<string, string>>;
  /** Signal to Go duration text. */
  readonly evictionSoftGracePeriod?: Readonly<Record<string, string>>;
  readonly evictionMaxPodGracePeriod?: number;
  readonly imageGCHighThresholdPercent?: number;
  readonly imageGCLowThresholdPercent?: number;
  readonly cpuCFSQuota?: boolean;
}

export interface MetadataOptions {
  readonly httpEndpoint?: string;
  readonly httpProtocolIPv6?: string;
  readonly httpPutResponseHopLimit?: number;
  readonly httpTokens?: string;
}

export interface ConnectionTracking {
  readonly tcpEstablishedTimeout?: number;
  readonly udpStreamTimeout?: number;
  readonly udpTimeout?: number;
}

export interface BlockDeviceMapping {
  readonly deviceName?: string;
  readonly ebs?: BlockDevice;
  readonly rootVolume?: boolean;
}

export interface BlockDevice {
  readonly deleteOnTermination?: boolean;
  readonly encrypted?: boolean;
  readonly iops?: number;
  readonly kmsKeyID?: string;
  readonly snapshotID?: string;
  readonly throughput?: number;
  readonly volumeInitializationRate?: number;
  readonly volumeSize?: QuantityText;
  readonly volumeType?: string;
}

export interface NetworkInterface {
  readonly networkCardIndex: number;
  readonly deviceIndex: number;
  readonly interfaceType: string;
}

export interface EC2NodeClassStatus {
  readonly subnets?: readonly { readonly id: string; readonly zone: string; readonly zoneID?: string }[];
  readonly securityGroups?: readonly { readonly id: string; readonly name?: string }[];
  readonly capacityReservations?: readonly CapacityReservation[];
  readonly amis?: readonly AMI[];
  readonly instanceProfile?: string;
  readonly conditions?: readonly Condition[];
}

export interface AMI {
  readonly id: string;
  readonly name?: string;
  readonly deprecated?: boolean;
  readonly requirements: readonly NodeSelectorRequirement[];
}

export interface CapacityReservation {
  readonly id: string;
  readonly availabilityZone: string;
  readonly instanceType: string;
  readonly instanceMatchCriteria: string;
  readonly ownerID: string;
  readonly reservationType: "default" | "capacity-block";
  readonly state: "active" | "expiring";
  readonly interruptible?: boolean;
  readonly endTime?: string;
}
