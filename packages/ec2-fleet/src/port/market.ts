import type { Filter } from "./tag.ts";

/** The calls that refresh a catalog: types, offerings, prices. Their answers are kept as EC2 sends them. */
export interface DescribeInstanceTypesInput {
  readonly InstanceTypes?: readonly string[];
  readonly Filters?: readonly Filter[];
  readonly MaxResults?: number;
  readonly NextToken?: string;
  readonly DryRun?: boolean;
}

export interface DescribeInstanceTypesOutput {
  readonly InstanceTypes?: readonly Readonly<Record<string, unknown>>[];
  readonly NextToken?: string;
}

export interface DescribeInstanceTypeOfferingsInput {
  readonly LocationType: string;
  readonly Filters?: readonly Filter[];
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

export interface DescribeInstanceTypeOfferingsOutput {
  readonly InstanceTypeOfferings?: readonly { readonly InstanceType?: string; readonly Location?: string; readonly LocationType?: string }[];
  readonly NextToken?: string;
}

export interface DescribeSpotPriceHistoryInput {
  readonly ProductDescriptions?: readonly string[];
  /** RFC 3339. */
  readonly StartTime?: string;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

export interface DescribeSpotPriceHistoryOutput {
  readonly SpotPriceHistory?: readonly SpotPrice[];
  readonly NextToken?: string;
}

export interface SpotPrice {
  readonly InstanceType?: string;
  readonly AvailabilityZone?: string;
  readonly ProductDescription?: string;
  readonly SpotPrice?: string;
  /** RFC 3339. */
  readonly Timestamp?: string;
}

export interface GetProductsInput {
  readonly ServiceCode: string;
  readonly Filters?: readonly { readonly Field: string; readonly Type: string; readonly Value: string }[];
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

export interface GetProductsOutput {
  /** One JSON document a product, as text. */
  readonly PriceList?: readonly string[];
  readonly NextToken?: string;
}
