import type { Form } from "./algebra.ts";

/**
 * The value a label gets of those it may have: the first that is listed, else the number nearest to zero within the bounds that is not
 * excluded, where Karpenter takes a random one. Empty: none, for the label must be absent.
 */
export function someValue({ complement, values, gte, lte }: Form): string {
  if (!complement) return values[0] ?? "";
  const down = gte === undefined && lte !== undefined && lte < 0n;
  let value = gte ?? (down ? (lte as bigint) : 0n);
  while (values.includes(String(value))) value += down ? -1n : 1n;
  return String(value);
}

/** The same, but none where the label may be absent: nobody asks for it. Where all integers of a range are excluded, one is left in another spelling. */
export function neededValue(form: Form): string {
  if (form.absent) return "";
  const value = someValue(form);
  if (form.lte === undefined || !form.complement || BigInt(value) <= form.lte) return value;
  const [sign, digits] = form.lte < 0n ? ["-", String(-form.lte)] : ["", String(form.lte)];
  let zeros = "0";
  while (form.values.includes(`${sign}${zeros}${digits}`)) zeros += "0";
  return `${sign}${zeros}${digits}`;
}
