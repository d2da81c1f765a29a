import type { InstanceTypeFacts } from "./instance-type-facts.ts";
import { unpackFacts } from "./packed-facts.ts";
import { lines } from "./table.ts";

let table: FactsTable | undefined;
let byName: ReadonlyMap<string, number> | undefined;

/** Types by their place in a table; a line is unpacked when it is first asked for. */
export interface FactsTable {
  readonly size: number;
  readonly at: (index: number) => InstanceTypeFacts;
}

/** The embedded snapshot's types. */
export function embeddedFacts(): FactsTable {
  return (table ??= factsTable(lines));
}

/** Every type of the embedded snapshot, by name. */
export function knownFacts(): readonly InstanceTypeFacts[] {
  const facts = embeddedFacts();
  return Array.from({ length: facts.size }, (_, index) => facts.at(index));
}

/** The embedded facts of a type; undefined if the snapshot does not know it. */
export function knownFactsOf(name: string): InstanceTypeFacts | undefined {
  const facts = embeddedFacts();
  byName ??= new Map(lines.split("\n").map((line, index) => [line.slice(0, line.indexOf("\t")), index]));
  const index = byName.get(name);
  return index === undefined ? undefined : facts.at(index);
}

/**
 * The types of a table of lines.
 *
 * @throws {InputError} `truncated-snapshot`, naming the line and its type, when that type is asked for
 */
export function factsTable(text: string): FactsTable {
  const packed = text.split("\n");
  const facts: InstanceTypeFacts[] = [];
  return { size: packed.length, at: (index) => (facts[index] ??= unpackFacts(packed[index] ?? "", index)) };
}
