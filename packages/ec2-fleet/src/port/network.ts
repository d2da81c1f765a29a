import type { Filter, Tag } from "./tag.ts";

export interface Ec2Subnet {
  readonly SubnetId: string;
  readonly AvailabilityZone?: string;
  readonly AvailabilityZoneId?: string;
  readonly AvailableIpAddressCount?: number;
  readonly Tags?: readonly Tag[];
}

export interface Ec2SecurityGroup {
  readonly GroupId: string;
  readonly GroupName?: string;
  readonly Tags?: readonly Tag[];
}

export interface Ec2PlacementGroup {
  readonly GroupId?: string;
  readonly GroupName?: string;
  readonly State?: string;
  readonly Strategy?: string;
  readonly PartitionCount?: number;
  readonly SpreadLevel?: string;
  readonly Tags?: readonly Tag[];
}

/** What most describe calls take. */
export interface DescribeInput {
  readonly Filters?: readonly Filter[];
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

export interface DescribeSubnetsOutput {
  readonly Subnets?: readonly Ec2Subnet[];
  readonly NextToken?: string;
}

export interface DescribeSecurityGroupsOutput {
  readonly SecurityGroups?: readonly Ec2SecurityGroup[];
  readonly NextToken?: string;
}

export interface DescribePlacementGroupsInput {
  readonly GroupIds?: readonly string[];
  readonly GroupNames?: readonly string[];
  readonly Filters?: readonly Filter[];
}

export interface DescribePlacementGroupsOutput {
  readonly PlacementGroups?: readonly Ec2PlacementGroup[];
}
