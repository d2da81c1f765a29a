import type { Filter, Tag } from "./tag.ts";

/** A capacity reservation as EC2 shows it, the fields read here. */
export interface Ec2CapacityReservation {
  readonly CapacityReservationId: string;
  readonly AvailabilityZone?: string;
  readonly AvailabilityZoneId?: string;
  readonly AvailableInstanceCount?: number;
  readonly TotalInstanceCount?: number;
  /** RFC 3339. */
  readonly EndDate?: string;
  readonly InstanceMatchCriteria?: string;
  readonly InstanceType?: string;
  readonly OwnerId?: string;
  readonly ReservationType?: string;
  readonly Interruptible?: boolean;
  readonly State?: string;
  readonly Tags?: readonly Tag[];
}

export interface DescribeCapacityReservationsInput {
  readonly CapacityReservationIds?: readonly string[];
  readonly Filters?: readonly Filter[];
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

export interface DescribeCapacityReservationsOutput {
  readonly CapacityReservations?: readonly Ec2CapacityReservation[];
  readonly NextToken?: string;
}
