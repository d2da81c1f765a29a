import type { InstanceTypeFacts } from "./instance-type-facts.ts";
import { type PackedFacts, unpackFacts } from "./packed-facts.ts";
import { packed } from "./table.ts";

let table: FactsTable | undefined;
let byName: ReadonlyMap<string, number> | undefined;

/** Types by their place in a table; a type is unpacked when it is first asked for. */
export interface FactsTable {
  readonly size: number;
  readonly nameAt: (index: number) => string;
  readonly at: (index: number) => InstanceTypeFacts;
}

/** The embedded snapshot's types. */
export function embeddedFacts(): FactsTable {
  return (table ??= factsTable(packed));
}

/** Every type of the embedded snapshot, by name. */
export function knownFacts(): readonly InstanceTypeFacts[] {
  const facts = embeddedFacts();
  return Array.from({ length: facts.size }, (_, index) => facts.at(index));
}

/** The embedded facts of a type; undefined if the snapshot does not know it. */
export function knownFactsOf(name: string): InstanceTypeFacts | undefined {
  const facts = embeddedFacts();
  byName ??= new Map(Array.from({ length: facts.size }, (_, index) => [facts.nameAt(index), index]));
  const index = byName.get(name);
  return index === undefined ? undefined : facts.at(index);
}

/**
 * The types of a packed table.
 *
 * @throws {InputError} `truncated-snapshot`, naming the line that is cut off
 */
export function factsTable(packedFacts: PackedFacts): FactsTable {
  const { size, nameAt, factsAt } = unpackFacts(packedFacts);
  const facts: InstanceTypeFacts[] = [];
  return { size, nameAt, at: (index) => (facts[index] ??= factsAt(index)) };
}
