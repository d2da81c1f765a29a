/** One filter of GetProducts. */
export interface PriceFilter {
  readonly Type: "TERM_MATCH";
  readonly Field: string;
  readonly Value: string;
}

/** An input of GetProducts. */
export interface GetProductsQuery {
  readonly ServiceCode: "AmazonEC2";
  readonly Filters: readonly PriceFilter[];
  readonly MaxResults: number;
}

/** What to ask DescribeSpotPriceHistory for, beside `StartTime`: now, for the latest price of each type and zone. */
export const spotPriceHistoryInput: { readonly ProductDescriptions: readonly string[]; readonly MaxResults: number } = {
  ProductDescriptions: ["Linux/UNIX", "Linux/UNIX (Amazon VPC)"],
  MaxResults: 2000,
};

/**
 * What to ask the Pricing API for: Linux on-demand of shared tenancy, and of bare metal. Undefined where there is nobody
 * to ask: in GovCloud, and in a VPC without a way out.
 *
 * Source: Karpenter, pkg/providers/pricing.
 */
export function onDemandQueries(region: string, isolatedVpc = false): { readonly shared: GetProductsQuery; readonly dedicated: GetProductsQuery } | undefined {
  if (isolatedVpc || region.startsWith("us-gov")) return undefined;
  const query = (tenancy: string, productFamily: string): GetProductsQuery => ({
    ServiceCode: "AmazonEC2",
    Filters: Object.entries({ regionCode: region, serviceCode: "AmazonEC2", preInstalledSw: "NA", operatingSystem: "Linux", capacitystatus: "Used", marketoption: "OnDemand", tenancy, productFamily }).map(([Field, Value]) => ({ Type: "TERM_MATCH", Field, Value })),
    MaxResults: 100,
  });
  return { shared: query("Shared", "Compute Instance"), dedicated: query("Dedicated", "Compute Instance (bare metal)") };
}

/** The region whose Pricing endpoint knows a region's prices: few regions have one. */
export function pricingEndpointRegion(region: string): string {
  if (region.startsWith("ap-")) return "ap-south-1";
  if (region.startsWith("cn-")) return "cn-northwest-1";
  return region.startsWith("eu-") ? "eu-central-1" : "us-east-1";
}
