import { InputError } from "@groupless/api";
import { onDemandPrice, onDemandQueries, type PriceBook, pricingEndpointRegion, spotPrice, spotPriceHistoryInput, staticPriceBook, withOnDemandPages, withSpotPages } from "@groupless/ec2-catalog";
import type { Suite } from "../suite.ts";

function ask(book: PriceBook, args: any): Record<string, unknown> {
  return {
    onDemand: Object.fromEntries((args.askOnDemand ?? []).map((type: string) => [type, onDemandPrice(book, type)?.perHour ?? null])),
    spot: Object.fromEntries((args.askSpot ?? []).map(([type, zone]: [string, string]) => [`${type}/${zone}`, spotPrice(book, type, zone)?.perHour ?? null])),
  };
}

/** One refresh; a failed call never gets as far as pages. */
function refresh(book: PriceBook, update: any, args: any): PriceBook {
  if (update.spot !== undefined) return withSpotPages(book, update.spot.pages ?? []);
  if (onDemandQueries(args.region, args.isolatedVPC) === undefined) return book;
  if (Object.keys(update.onDemand.fail ?? {}).length > 0) throw new InputError("api-error", "the Pricing API failed");
  return withOnDemandPages(book, { shared: update.onDemand.shared ?? [], dedicated: update.onDemand.dedicated ?? [] });
}

function prices(args: any): unknown {
  let book = staticPriceBook(args.region);
  const out: unknown[] = [ask(book, args)];
  for (const update of args.updates ?? []) {
    let error = false;
    try {
      book = refresh(book, update, args);
    } catch (thrown) {
      if (!(thrown instanceof InputError)) throw thrown;
      error = true;
    }
    out.push({ ...ask(book, args), error });
  }
  return out;
}

function inputs(args: any): unknown {
  const queries = onDemandQueries(args.region, args.isolatedVPC);
  const compact = Object.values(queries ?? {}).map((query) => ({ ...query, Filters: query.Filters.toSorted((a, b) => (a.Field < b.Field ? -1 : 1)) }));
  const family = (query: (typeof compact)[number]): string => query.Filters.find((filter) => filter.Field === "tenancy")!.Value;
  return { GetProducts: compact.toSorted((a, b) => (family(a) < family(b) ? -1 : 1)), DescribeSpotPriceHistory: [{ ...spotPriceHistoryInput, StartTime: "now" }] };
}

export const ec2Pricing: Suite = { functions: { prices, inputs, endpointRegion: (args) => pricingEndpointRegion(args.region) } };
