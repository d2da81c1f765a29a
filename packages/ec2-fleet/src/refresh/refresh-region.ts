import { InputError } from "@groupless/api";
import { onDemandQueries, type PriceBook, type RegionSnapshot, snapshotOfPages, staticPriceBook, withOnDemandPages, withSpotPages } from "@groupless/ec2-catalog";
import { systemClock } from "../port/clock.ts";
import { errorCode, fetchPages, type FetchOptions } from "./fetch-pages.ts";
import type { RefreshPort } from "./refresh-port.ts";

export interface RefreshOptions extends FetchOptions {
  /** No way out to the Pricing API: on-demand prices stay those of the tables. */
  readonly isolatedVpc?: boolean;
  /** Prices of an earlier refresh, kept where this one finds none. Default: the tables'. */
  readonly prices?: PriceBook;
}

export interface Refreshed {
  readonly snapshot: RegionSnapshot;
  /** Pass it to the next refresh. */
  readonly prices: PriceBook;
  /** Kinds of prices that could not be read, and why; those known before stand. */
  readonly failed: readonly { readonly prices: "on-demand" | "spot"; readonly errorCode: string; readonly message: string }[];
}

/**
 * A region's snapshot as EC2 and the Pricing API answer today.
 *
 * Types, zones and offerings must be readable; prices that are not keep what is known, and `failed` says so.
 *
 * @throws an error of the AWS SDK, or {@link InputError} for an empty or contradictory answer; then nothing has changed
 */
export async function refreshRegion(port: RefreshPort, options: RefreshOptions = {}): Promise<Refreshed> {
  const { region } = port;
  const [zones, instanceTypes, offerings] = await Promise.all([fetchPages(port, "DescribeAvailabilityZones", options), fetchPages(port, "DescribeInstanceTypes", options), fetchPages(port, "DescribeInstanceTypeOfferings", options)]);
  const failed: { prices: "on-demand" | "spot"; errorCode: string; message: string }[] = [];
  let prices = options.prices ?? staticPriceBook(region);
  const attempt = async (kind: "on-demand" | "spot", read: (book: PriceBook) => Promise<PriceBook>): Promise<void> => {
    try {
      prices = await read(prices);
    } catch (error) {
      if (options.signal?.aborted === true || !(error instanceof Error)) throw error;
      const code = error instanceof InputError ? error.code : errorCode(error);
      failed.push({ prices: kind, errorCode: code, message: error.message });
      options.onProgress?.({ type: "failed", call: kind === "spot" ? "DescribeSpotPriceHistory" : "GetProducts shared", errorCode: code });
    }
  };
  if (onDemandQueries(region, options.isolatedVpc) !== undefined) {
    await attempt("on-demand", async (book) => {
      const [shared, dedicated] = await Promise.all([fetchPages(port, "GetProducts shared", options), fetchPages(port, "GetProducts dedicated", options)]);
      return withOnDemandPages(book, { shared, dedicated });
    });
  }
  await attempt("spot", async (book) => withSpotPages(book, await fetchPages(port, "DescribeSpotPriceHistory", options)));
  const takenOn = new Date((options.clock ?? systemClock).nowMs()).toISOString().slice(0, 10);
  return { snapshot: snapshotOfPages({ region, takenOn, instanceTypes, offerings, zones, prices }), prices, failed };
}
