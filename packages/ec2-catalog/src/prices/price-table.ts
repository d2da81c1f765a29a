import { InputError } from "@groupless/api";

/**
 * The prices of a table of lines `type price`, in the table's currency an hour.
 *
 * @throws {InputError} `bad-number`, naming the type
 */
export function parsePrices(text: string): ReadonlyMap<string, number> {
  const prices = new Map<string, number>();
  for (const line of text.split("\n")) {
    const space = line.indexOf(" ");
    const price = Number(line.slice(space + 1));
    if (space < 1 || !Number.isFinite(price) || price <= 0) throw new InputError("bad-number", `price line "${line}"`, { path: line.slice(0, Math.max(space, 0)), expected: "a type, a space and a price above 0" });
    prices.set(line.slice(0, space), price);
  }
  return prices;
}
