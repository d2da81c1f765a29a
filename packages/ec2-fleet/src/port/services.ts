import type { CallName } from "./ec2-port.ts";

export type Service = "EC2" | "SSM" | "SQS" | "Pricing" | "IAM" | "EKS" | "ARCZonalShift";

/** The service each call belongs to. */
export const SERVICES: Readonly<Record<CallName, Service>> = {
  CreateFleet: "EC2",
  RunInstances: "EC2",
  DescribeInstances: "EC2",
  DescribeInstanceStatus: "EC2",
  TerminateInstances: "EC2",
  CreateTags: "EC2",
  CreateLaunchTemplate: "EC2",
  DescribeLaunchTemplates: "EC2",
  DeleteLaunchTemplate: "EC2",
  DescribeImages: "EC2",
  DescribeSubnets: "EC2",
  DescribeSecurityGroups: "EC2",
  DescribeCapacityReservations: "EC2",
  DescribePlacementGroups: "EC2",
  DescribeInstanceTypes: "EC2",
  DescribeInstanceTypeOfferings: "EC2",
  DescribeSpotPriceHistory: "EC2",
  GetProducts: "Pricing",
  GetParameter: "SSM",
  GetQueueUrl: "SQS",
  ReceiveMessage: "SQS",
  DeleteMessage: "SQS",
  GetInstanceProfile: "IAM",
  CreateInstanceProfile: "IAM",
  AddRoleToInstanceProfile: "IAM",
  RemoveRoleFromInstanceProfile: "IAM",
  DeleteInstanceProfile: "IAM",
  ListInstanceProfiles: "IAM",
  DescribeCluster: "EKS",
  GetManagedResource: "ARCZonalShift",
};
