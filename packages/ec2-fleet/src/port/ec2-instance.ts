import type { Filter, Tag } from "./tag.ts";

/** An instance as `DescribeInstances` shows it, the fields read here. */
export interface Ec2Instance {
  readonly InstanceId: string;
  readonly InstanceType?: string;
  readonly ImageId?: string;
  readonly State?: { readonly Name: InstanceStateName };
  readonly Placement?: { readonly AvailabilityZone?: string; readonly AvailabilityZoneId?: string; readonly Tenancy?: string; readonly PartitionNumber?: number };
  /** RFC 3339. */
  readonly LaunchTime?: string;
  readonly SubnetId?: string;
  readonly PrivateDnsName?: string;
  readonly InstanceLifecycle?: string;
  readonly SpotInstanceRequestId?: string;
  readonly CapacityReservationId?: string;
  readonly CapacityReservationSpecification?: { readonly CapacityReservationPreference?: string };
  readonly SecurityGroups?: readonly { readonly GroupId?: string; readonly GroupName?: string }[];
  readonly NetworkInterfaces?: readonly { readonly InterfaceType?: string }[];
  readonly Tags?: readonly Tag[];
}

export type InstanceStateName = "pending" | "running" | "stopping" | "stopped" | "shutting-down" | "terminated";

export interface DescribeInstancesInput {
  readonly InstanceIds?: readonly string[];
  readonly Filters?: readonly Filter[];
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

export interface DescribeInstancesOutput {
  readonly Reservations?: readonly { readonly Instances?: readonly Ec2Instance[] }[];
  readonly NextToken?: string;
}

export interface TerminateInstancesInput {
  readonly InstanceIds: readonly string[];
  readonly DryRun?: boolean;
}

export interface TerminateInstancesOutput {
  readonly TerminatingInstances?: readonly { readonly InstanceId?: string; readonly PreviousState?: { readonly Name?: string }; readonly CurrentState?: { readonly Name?: string } }[];
}

export interface CreateTagsInput {
  readonly Resources: readonly string[];
  readonly Tags: readonly Tag[];
}

/** `RunInstances`, only ever sent with `DryRun` to validate a node class. */
export interface RunInstancesInput {
  readonly DryRun: true;
  readonly MinCount: number;
  readonly MaxCount: number;
  readonly InstanceType: string;
  readonly SubnetId?: string;
  readonly LaunchTemplate: { readonly LaunchTemplateName: string; readonly Version: string };
}

export interface DescribeInstanceStatusInput {
  readonly Filters?: readonly Filter[];
  readonly IncludeAllInstances?: boolean;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

export interface DescribeInstanceStatusOutput {
  readonly InstanceStatuses?: readonly Ec2InstanceStatus[];
  readonly NextToken?: string;
}

export interface Ec2InstanceStatus {
  readonly InstanceId?: string;
  readonly InstanceState?: { readonly Name?: string };
  readonly InstanceStatus?: StatusSummary;
  readonly SystemStatus?: StatusSummary;
  readonly Events?: readonly StatusEvent[];
}

export interface StatusSummary {
  readonly Status?: string;
  readonly Details?: readonly { readonly Name?: string; readonly Status?: string; readonly ImpairedSince?: string }[];
}

export interface StatusEvent {
  readonly Code?: string;
  readonly Description?: string;
  readonly NotBefore?: string;
  readonly NotAfter?: string;
  readonly InstanceEventId?: string;
}
