import { InputError } from "@groupless/api";
import type { Price } from "../snapshot/region-snapshot.ts";
import type { PriceBook } from "./price-book.ts";

/** Pages of two GetProducts queries; a page is a list of price documents, as JSON text or parsed. */
export interface OnDemandPages {
  /** Tenancy `Shared`. */
  readonly shared: readonly (readonly unknown[])[];
  /** Tenancy `Dedicated`: bare metal. */
  readonly dedicated: readonly (readonly unknown[])[];
}

/**
 * The book with newly listed on-demand prices; types the pages do not name keep theirs. Prices that are zero or no number
 * are left out, and so are documents that cannot be read.
 *
 * @throws {InputError} `no-prices` if either query found none: then the answers are not complete
 */
export function withOnDemandPages(book: PriceBook, pages: OnDemandPages): PriceBook {
  const shared = readPages(pages.shared, book.currency);
  const dedicated = readPages(pages.dedicated, book.currency);
  for (const [query, found] of [["shared", shared], ["dedicated", dedicated]] as const) {
    if (Object.keys(found).length === 0) throw new InputError("no-prices", `no on-demand price in ${book.currency} for tenancy ${query}`, { path: query, expected: "at least one price" });
  }
  return { ...book, onDemand: { ...book.onDemand, ...shared, ...dedicated } };
}

function readPages(pages: readonly (readonly unknown[])[], currency: string): Record<string, Price> {
  const prices: Record<string, Price> = {};
  for (const document of pages.flat()) {
    const product = parse(document);
    const type = field(field(field(product, "product"), "attributes"), "instanceType");
    if (typeof type !== "string" || type === "") continue;
    for (const term of Object.values(record(field(field(product, "terms"), "OnDemand")))) {
      for (const dimension of Object.values(record(field(term, "priceDimensions")))) {
        const perHour = priceNumber(field(field(dimension, "pricePerUnit"), currency));
        if (perHour !== undefined && perHour > 0) prices[type] = { perHour, source: "listed" };
      }
    }
  }
  return prices;
}

function parse(document: unknown): unknown {
  if (typeof document !== "string") return document;
  try {
    return JSON.parse(document);
  } catch {
    return undefined;
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function field(value: unknown, name: string): unknown {
  return record(value)[name];
}

/** A finite price of at least 0 in decimal text; undefined for anything else. */
export function priceNumber(text: unknown): number | undefined {
  if (typeof text !== "string" || !/^\+?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/iu.test(text)) return undefined;
  const price = Number(text);
  return Number.isFinite(price) ? price : undefined;
}
