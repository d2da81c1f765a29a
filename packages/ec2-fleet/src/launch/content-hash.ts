/** 64-bit FNV-1a of a JSON value whose object keys are in any order, as decimal text: a name for equal content. */
export function contentHash(value: unknown): string {
  // The two halves of the hash: the prime is 2^40 + 435, so that no product passes 2^53.
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (const byte of new TextEncoder().encode(canonicalJson(value))) {
    low = (low ^ byte) >>> 0;
    const product = low * 435;
    high = (Math.imul(high, 435) + Math.floor(product / 0x100000000) + (low << 8)) >>> 0;
    low = product >>> 0;
  }
  return ((BigInt(high) << 32n) | BigInt(low)).toString();
}

/** JSON with sorted keys: equal values are equal text. */
export function canonicalJson(value: unknown): string {
  return textOf(value) ?? "null";
}

function textOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((inner) => textOf(inner) ?? "null").join(",")}]`;
  if ("toJSON" in value && typeof value.toJSON === "function") return textOf(value.toJSON());
  const fields: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const text = textOf((value as Readonly<Record<string, unknown>>)[key]);
    if (text !== undefined) fields.push(`${JSON.stringify(key)}:${text}`);
  }
  return `{${fields.join(",")}}`;
}
