import type { TagSpecification } from "./tag.ts";

/** `CreateFleet`, the fields Karpenter sets. */
export interface CreateFleetInput {
  readonly Type: "instant";
  readonly ClientToken?: string;
  readonly DryRun?: boolean;
  readonly Context?: string;
  readonly LaunchTemplateConfigs: readonly LaunchTemplateConfig[];
  readonly TargetCapacitySpecification: { readonly DefaultTargetCapacityType: TargetCapacityType; readonly TotalTargetCapacity: number };
  readonly SpotOptions?: { readonly AllocationStrategy: string };
  readonly OnDemandOptions?: { readonly AllocationStrategy: string };
  readonly ReservedCapacityOptions?: { readonly ReservationTypes: readonly string[] };
  readonly TagSpecifications: readonly TagSpecification[];
}

export type TargetCapacityType = "spot" | "on-demand" | "capacity-block" | "reserved-capacity";

export interface LaunchTemplateConfig {
  readonly LaunchTemplateSpecification: LaunchTemplateSpecification;
  readonly Overrides: readonly FleetOverride[];
}

export interface LaunchTemplateSpecification {
  readonly LaunchTemplateName?: string;
  readonly LaunchTemplateId?: string;
  readonly Version?: string;
}

/** One pool the fleet may take an instance from. */
export interface FleetOverride {
  readonly InstanceType: string;
  readonly AvailabilityZone?: string;
  readonly SubnetId?: string;
  readonly ImageId?: string;
  /** USD an hour; EC2 reads it only with the prioritized strategies. */
  readonly Priority?: number;
}

export interface CreateFleetOutput {
  readonly FleetId?: string;
  readonly Instances?: readonly FleetInstances[];
  readonly Errors?: readonly CreateFleetError[];
}

/** Instances of one pool. */
export interface FleetInstances {
  readonly InstanceIds: readonly string[];
  readonly InstanceType?: string;
  readonly Lifecycle?: string;
  readonly LaunchTemplateAndOverrides?: LaunchTemplateAndOverrides;
}

export interface LaunchTemplateAndOverrides {
  readonly LaunchTemplateSpecification?: LaunchTemplateSpecification;
  readonly Overrides?: Partial<FleetOverride>;
}

/** Why one pool gave nothing. */
export interface CreateFleetError {
  readonly ErrorCode?: string;
  readonly ErrorMessage?: string;
  readonly Lifecycle?: string;
  readonly LaunchTemplateAndOverrides?: LaunchTemplateAndOverrides;
}
