import { vectorFiles, readLines } from "./vectors.ts";

/** Row id to the ids of the sampled vectors that exercise it, in name order. */
export function sampledRows(sample: string): ReadonlyMap<string, readonly string[]> {
  const rows = new Map<string, string[]>();
  for (const file of vectorFiles(sample)) for (const { id, covers } of readLines(file)) for (const row of covers) rows.set(row, [...(rows.get(row) ?? []), id]);
  return new Map([...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([row, ids]) => [row, ids.sort()]));
}

/** The title of the test that answers a row from recorded vectors. */
export function rowTitle(row: string, ids: readonly string[]): string {
  const named = ids.slice(0, 2).map((id) => id.replace(/\d+-(?=\D)/, ""));
  return `${row} answered as recorded from Karpenter: ${named.join(", ")}${ids.length > 2 ? ` and ${ids.length - 2} more` : ""}`;
}
