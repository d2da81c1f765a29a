import type { Filter, TagSpecification } from "./tag.ts";

/** `CreateLaunchTemplate`, the fields Karpenter sets. */
export interface CreateLaunchTemplateInput {
  readonly LaunchTemplateName: string;
  readonly ClientToken?: string;
  readonly DryRun?: boolean;
  readonly LaunchTemplateData: LaunchTemplateData;
  readonly TagSpecifications?: readonly TagSpecification[];
}

export interface LaunchTemplateData {
  readonly ImageId: string;
  /** Base64. */
  readonly UserData: string;
  readonly BlockDeviceMappings?: readonly Ec2BlockDeviceMapping[];
  readonly CpuOptions?: { readonly NestedVirtualization?: string };
  readonly IamInstanceProfile: { readonly Name: string };
  readonly Monitoring: { readonly Enabled: boolean };
  readonly MetadataOptions: Ec2MetadataOptions;
  readonly NetworkInterfaces: readonly NetworkInterfaceSpecification[];
  readonly Placement: { readonly Tenancy: string; readonly GroupId?: string; readonly PartitionNumber?: number };
  readonly EnclaveOptions: { readonly Enabled: boolean };
  readonly CapacityReservationSpecification?: { readonly CapacityReservationPreference: string; readonly CapacityReservationTarget?: { readonly CapacityReservationId: string } };
  readonly InstanceMarketOptions?: { readonly MarketType: string };
  readonly TagSpecifications: readonly TagSpecification[];
}

export interface Ec2MetadataOptions {
  readonly HttpEndpoint?: string;
  readonly HttpProtocolIpv6?: string;
  readonly HttpPutResponseHopLimit: number;
  readonly HttpTokens?: string;
  readonly InstanceMetadataTags: string;
}

export interface Ec2BlockDeviceMapping {
  readonly DeviceName?: string;
  readonly Ebs?: Ec2BlockDevice;
}

export interface Ec2BlockDevice {
  readonly DeleteOnTermination?: boolean;
  readonly Encrypted?: boolean;
  readonly Iops?: number;
  readonly KmsKeyId?: string;
  readonly SnapshotId?: string;
  readonly Throughput?: number;
  readonly VolumeInitializationRate?: number;
  /** GiB. */
  readonly VolumeSize?: number;
  readonly VolumeType?: string;
}

export interface NetworkInterfaceSpecification {
  readonly NetworkCardIndex?: number;
  readonly DeviceIndex: number;
  readonly InterfaceType?: string;
  readonly Groups: readonly string[];
  readonly AssociatePublicIpAddress?: boolean;
  readonly Ipv4PrefixCount?: number;
  readonly Ipv6PrefixCount?: number;
  readonly Ipv6AddressCount?: number;
  readonly PrimaryIpv6?: boolean;
  readonly ConnectionTrackingSpecification?: { readonly TcpEstablishedTimeout?: number; readonly UdpStreamTimeout?: number; readonly UdpTimeout?: number };
}

/** A launch template as EC2 lists it. */
export interface LaunchTemplate {
  readonly LaunchTemplateName: string;
  readonly LaunchTemplateId?: string;
}

export interface DescribeLaunchTemplatesInput {
  readonly LaunchTemplateNames?: readonly string[];
  readonly Filters?: readonly Filter[];
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

export interface DescribeLaunchTemplatesOutput {
  readonly LaunchTemplates?: readonly LaunchTemplate[];
  readonly NextToken?: string;
}
