import type { DescribeInstanceTypesCommandInput, EC2Client } from "@aws-sdk/client-ec2";
import type { GetProductsCommandInput, PricingClient } from "@aws-sdk/client-pricing";
import { describeInstanceTypeOfferingsInput, describeInstanceTypesInput, onDemandQueries, pricingEndpointRegion, spotPriceHistoryInput } from "@groupless/ec2-catalog";
import type { Page, RefreshCall, RefreshItems, RefreshPort } from "./refresh-port.ts";

export interface SdkRefreshOptions {
  readonly region: string;
  /** Where to find EC2, for tests and VPC endpoints. */
  readonly endpoint?: string;
  /** Where to find the Pricing API. */
  readonly pricingEndpoint?: string;
}

/** The calls of a refresh through the AWS SDK, with its usual credentials; the SDK is loaded by the first call. */
export function sdkRefreshPort({ region, endpoint, pricingEndpoint }: SdkRefreshOptions): RefreshPort {
  // Waiting and asking again is done here, where progress is reported.
  const config = { region, maxAttempts: 1, ...(endpoint === undefined ? {} : { endpoint }) };
  let ec2: Promise<{ client: EC2Client; sdk: typeof import("@aws-sdk/client-ec2") }> | undefined;
  let pricing: Promise<{ client: PricingClient; sdk: typeof import("@aws-sdk/client-pricing") }> | undefined;
  const useEc2 = (): NonNullable<typeof ec2> => (ec2 ??= import("@aws-sdk/client-ec2").then((sdk) => ({ sdk, client: new sdk.EC2Client(config) })));
  const pricingConfig = { region: pricingEndpointRegion(region), maxAttempts: 1, ...(pricingEndpoint === undefined ? {} : { endpoint: pricingEndpoint }) };
  const usePricing = (): NonNullable<typeof pricing> => (pricing ??= import("@aws-sdk/client-pricing").then((sdk) => ({ sdk, client: new sdk.PricingClient(pricingConfig) })));

  const getProducts = async (query: "shared" | "dedicated", nextToken: string | undefined, signal: AbortSignal | undefined): Promise<Page<unknown>> => {
    const { client, sdk } = await usePricing();
    const input = onDemandQueries(region)?.[query];
    if (input === undefined) return { items: [] };
    const answer = await client.send(new sdk.GetProductsCommand({ ...(input as unknown as GetProductsCommandInput), NextToken: nextToken }), abort(signal));
    // The SDK wraps each document in a lazily parsed string of its own.
    return { items: (answer.PriceList ?? []).map(String), nextToken: answer.NextToken };
  };
  const calls: { readonly [Call in RefreshCall]: (nextToken: string | undefined, signal: AbortSignal | undefined) => Promise<Page<RefreshItems[Call]>> } = {
    DescribeAvailabilityZones: async (_, signal) => {
      const { client, sdk } = await useEc2();
      return { items: (await client.send(new sdk.DescribeAvailabilityZonesCommand({}), abort(signal))).AvailabilityZones ?? [] };
    },
    DescribeInstanceTypes: async (NextToken, signal) => {
      const { client, sdk } = await useEc2();
      const answer = await client.send(new sdk.DescribeInstanceTypesCommand({ ...(describeInstanceTypesInput as DescribeInstanceTypesCommandInput), NextToken }), abort(signal));
      return { items: answer.InstanceTypes ?? [], nextToken: answer.NextToken };
    },
    DescribeInstanceTypeOfferings: async (NextToken, signal) => {
      const { client, sdk } = await useEc2();
      const answer = await client.send(new sdk.DescribeInstanceTypeOfferingsCommand({ ...describeInstanceTypeOfferingsInput, NextToken }), abort(signal));
      return { items: answer.InstanceTypeOfferings ?? [], nextToken: answer.NextToken };
    },
    DescribeSpotPriceHistory: async (NextToken, signal) => {
      const { client, sdk } = await useEc2();
      const answer = await client.send(new sdk.DescribeSpotPriceHistoryCommand({ ...spotPriceHistoryInput, ProductDescriptions: [...spotPriceHistoryInput.ProductDescriptions], StartTime: new Date(), NextToken }), abort(signal));
      return { items: answer.SpotPriceHistory ?? [], nextToken: answer.NextToken };
    },
    "GetProducts shared": (nextToken, signal) => getProducts("shared", nextToken, signal),
    "GetProducts dedicated": (nextToken, signal) => getProducts("dedicated", nextToken, signal),
  };
  return { region, page: (call, nextToken, signal) => calls[call](nextToken, signal) };
}

function abort(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}
