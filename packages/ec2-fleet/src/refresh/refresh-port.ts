import type { AvailabilityZoneInfo, InstanceTypeInfo, InstanceTypeOffering, SpotPriceRecord } from "@groupless/ec2-catalog";

/** What the calls of a refresh answer a page of. */
export interface RefreshItems {
  readonly DescribeAvailabilityZones: AvailabilityZoneInfo;
  readonly DescribeInstanceTypes: InstanceTypeInfo;
  readonly DescribeInstanceTypeOfferings: InstanceTypeOffering;
  readonly DescribeSpotPriceHistory: SpotPriceRecord;
  /** Price documents as JSON text: of shared tenancy, and of bare metal. */
  readonly "GetProducts shared": unknown;
  readonly "GetProducts dedicated": unknown;
}

export type RefreshCall = keyof RefreshItems;

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Asks for the next page; absent or empty on the last. */
  readonly nextToken?: string | undefined;
}

/** The few AWS calls that a catalog refresh makes, a page at a time; errors are those of the AWS SDK. */
export interface RefreshPort {
  readonly region: string;
  readonly page: <Call extends RefreshCall>(call: Call, nextToken: string | undefined, signal: AbortSignal | undefined) => Promise<Page<RefreshItems[Call]>>;
}
