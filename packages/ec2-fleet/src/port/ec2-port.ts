import type { CreateFleetInput, CreateFleetOutput } from "./create-fleet.ts";
import type { DescribeCapacityReservationsInput, DescribeCapacityReservationsOutput } from "./ec2-capacity-reservation.ts";
import type { CreateTagsInput, DescribeInstanceStatusInput, DescribeInstanceStatusOutput, DescribeInstancesInput, DescribeInstancesOutput, RunInstancesInput, TerminateInstancesInput, TerminateInstancesOutput } from "./ec2-instance.ts";
import type { CreateInstanceProfileInput, IamInstanceProfile, ListInstanceProfilesInput, ListInstanceProfilesOutput, ProfileRoleInput } from "./iam-profile.ts";
import type { DescribeImagesInput, DescribeImagesOutput, GetParameterInput, GetParameterOutput } from "./image.ts";
import type { CreateLaunchTemplateInput, DescribeLaunchTemplatesInput, DescribeLaunchTemplatesOutput, LaunchTemplate } from "./launch-template.ts";
import type { DescribeInstanceTypeOfferingsInput, DescribeInstanceTypeOfferingsOutput, DescribeInstanceTypesInput, DescribeInstanceTypesOutput, DescribeSpotPriceHistoryInput, DescribeSpotPriceHistoryOutput, GetProductsInput, GetProductsOutput } from "./market.ts";
import type { GetManagedResourceInput, GetManagedResourceOutput } from "./managed-resource.ts";
import type { DescribeInput, DescribePlacementGroupsInput, DescribePlacementGroupsOutput, DescribeSecurityGroupsOutput, DescribeSubnetsOutput } from "./network.ts";
import type { DeleteMessageInput, ReceiveMessageInput, ReceiveMessageOutput } from "./queue.ts";

interface Call<Input, Output> {
  readonly input: Input;
  readonly output: Output;
}

type Nothing = Readonly<Record<never, never>>;

/** Every AWS call this package makes, by the name AWS gives it. */
export interface Ec2Calls {
  readonly CreateFleet: Call<CreateFleetInput, CreateFleetOutput>;
  readonly RunInstances: Call<RunInstancesInput, Nothing>;
  readonly DescribeInstances: Call<DescribeInstancesInput, DescribeInstancesOutput>;
  readonly DescribeInstanceStatus: Call<DescribeInstanceStatusInput, DescribeInstanceStatusOutput>;
  readonly TerminateInstances: Call<TerminateInstancesInput, TerminateInstancesOutput>;
  readonly CreateTags: Call<CreateTagsInput, Nothing>;
  readonly CreateLaunchTemplate: Call<CreateLaunchTemplateInput, { readonly LaunchTemplate?: LaunchTemplate }>;
  readonly DescribeLaunchTemplates: Call<DescribeLaunchTemplatesInput, DescribeLaunchTemplatesOutput>;
  readonly DeleteLaunchTemplate: Call<{ readonly LaunchTemplateName: string }, Nothing>;
  readonly DescribeImages: Call<DescribeImagesInput, DescribeImagesOutput>;
  readonly DescribeSubnets: Call<DescribeInput, DescribeSubnetsOutput>;
  readonly DescribeSecurityGroups: Call<DescribeInput, DescribeSecurityGroupsOutput>;
  readonly DescribeCapacityReservations: Call<DescribeCapacityReservationsInput, DescribeCapacityReservationsOutput>;
  readonly DescribePlacementGroups: Call<DescribePlacementGroupsInput, DescribePlacementGroupsOutput>;
  readonly DescribeInstanceTypes: Call<DescribeInstanceTypesInput, DescribeInstanceTypesOutput>;
  readonly DescribeInstanceTypeOfferings: Call<DescribeInstanceTypeOfferingsInput, DescribeInstanceTypeOfferingsOutput>;
  readonly DescribeSpotPriceHistory: Call<DescribeSpotPriceHistoryInput, DescribeSpotPriceHistoryOutput>;
  readonly GetProducts: Call<GetProductsInput, GetProductsOutput>;
  readonly GetParameter: Call<GetParameterInput, GetParameterOutput>;
  readonly GetQueueUrl: Call<{ readonly QueueName: string }, { readonly QueueUrl?: string }>;
  readonly ReceiveMessage: Call<ReceiveMessageInput, ReceiveMessageOutput>;
  readonly DeleteMessage: Call<DeleteMessageInput, Nothing>;
  readonly GetInstanceProfile: Call<{ readonly InstanceProfileName: string }, { readonly InstanceProfile?: IamInstanceProfile }>;
  readonly CreateInstanceProfile: Call<CreateInstanceProfileInput, { readonly InstanceProfile?: IamInstanceProfile }>;
  readonly AddRoleToInstanceProfile: Call<ProfileRoleInput, Nothing>;
  readonly RemoveRoleFromInstanceProfile: Call<ProfileRoleInput, Nothing>;
  readonly DeleteInstanceProfile: Call<{ readonly InstanceProfileName: string }, Nothing>;
  readonly ListInstanceProfiles: Call<ListInstanceProfilesInput, ListInstanceProfilesOutput>;
  readonly DescribeCluster: Call<{ readonly name: string }, { readonly cluster?: EksCluster }>;
  readonly GetManagedResource: Call<GetManagedResourceInput, GetManagedResourceOutput>;
}

/** An EKS cluster, the fields read here. */
export interface EksCluster {
  readonly arn?: string;
  readonly version?: string;
  readonly endpoint?: string;
  readonly certificateAuthority?: { readonly data?: string };
  readonly kubernetesNetworkConfig?: { readonly serviceIpv4Cidr?: string; readonly serviceIpv6Cidr?: string; readonly ipFamily?: string };
}

export type CallName = keyof Ec2Calls;
export type CallInput<N extends CallName> = Ec2Calls[N]["input"];
export type CallOutput<N extends CallName> = Ec2Calls[N]["output"];

export interface CallOptions {
  readonly signal?: AbortSignal;
}

/**
 * The way to AWS: one method, so that logging, throttling back-off, fault injection and the IAM policy see every call alike.
 * Inputs and outputs have the SDK's field names; times are RFC 3339 text.
 *
 * @throws ApiError where AWS refuses the call.
 */
export interface Ec2Port {
  call<N extends CallName>(name: N, input: CallInput<N>, options?: CallOptions): Promise<CallOutput<N>>;
}
