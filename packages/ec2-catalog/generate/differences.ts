/**
 * Where the catalog differs from a table of labels and allocatable resources such as Karpenter's documentation has
 * ({type: {labels, resources}}), by field:
 *
 *     tsx --tsconfig tsconfig.sources.json packages/ec2-catalog/generate/differences.ts TABLE.json
 *
 * writes ../test/documented/known-differences.json, which a test holds the catalog to.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type CatalogOptions, describeType, knownFactsOf } from "@groupless/ec2-catalog";
import { allocatable } from "@groupless/catalog";
import { formatQuantity, isZero, parseQuantity } from "@groupless/quantity";

/** A row of the table. */
export interface Documented {
  readonly labels: Readonly<Record<string, string>>;
  readonly resources: Readonly<Record<string, string>>;
}

/** Types that differ alike. */
export interface Difference {
  readonly documented: string | null;
  readonly ours: string | null;
  readonly types: readonly string[];
}

export type Tables = NonNullable<CatalogOptions["tables"]>;

/** By field, what differs; a type the catalog does not know differs in the field `type`. */
export function differences(table: Readonly<Record<string, Documented>>, tables: Tables): Readonly<Record<string, readonly Difference[]>> {
  const found = new Map<string, Map<string, string[]>>();
  const note = (field: string, documented: string | undefined, ours: string | undefined, type: string): void => {
    if (documented === ours) return;
    const values = JSON.stringify([documented ?? null, ours ?? null]);
    const byValues = found.get(field) ?? new Map<string, string[]>();
    found.set(field, byValues.set(values, [...(byValues.get(values) ?? []), type]));
  };
  for (const [name, documented] of Object.entries(table).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const facts = knownFactsOf(name);
    if (facts === undefined) {
      note("type", name, undefined, name);
      continue;
    }
    const type = describeType({ region: "us-east-1", zones: [] }, { facts, zones: [] }, undefined, { tables });
    // The table has labels of one value, and neither places nor capacity types.
    const labels = Object.fromEntries(type.requirements.flatMap(({ key, operator, values }) => (operator === "In" && values?.length === 1 && !/zone|region|capacity/u.test(key.replace("instance-capability", "")) ? [[key, values[0]!]] : [])));
    for (const key of new Set([...Object.keys(labels), ...Object.keys(documented.labels)])) note(key, documented.labels[key], labels[key], name);
    const resources = canonical(allocatable(type));
    const theirs = canonical(documented.resources);
    for (const key of new Set([...Object.keys(resources), ...Object.keys(theirs)])) note(key, theirs[key], resources[key], name);
  }
  const groups = (byValues: Map<string, string[]>): Difference[] => [...byValues].map(([values, types]) => {
    const [documented, ours] = JSON.parse(values);
    return { documented, ours, types };
  });
  return Object.fromEntries([...found].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([field, byValues]) => [field, groups(byValues)]));
}

function canonical(resources: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(resources).flatMap(([name, text]) => (isZero(parseQuantity(text)) ? [] : [[name, formatQuantity(parseQuantity(text))]])));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const table = JSON.parse(readFileSync(process.argv[2]!, "utf8"));
  const known = { "karpenter-1.14": differences(table, "karpenter-1.14"), latest: differences(table, "latest") };
  const text = JSON.stringify(known, null, 2).replaceAll(/\n {8,}/gu, " ").replaceAll(/\n {6}(?=\})/gu, " ");
  writeFileSync(fileURLToPath(new URL("../test/documented/known-differences.json", import.meta.url)), `${text}\n`);
}
