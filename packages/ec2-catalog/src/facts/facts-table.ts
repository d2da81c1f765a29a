import { InputError } from "@groupless/api";
import type { InstanceTypeFacts } from "./instance-type-facts.ts";
import { FACT_CELLS, unpackFacts } from "./packed-facts.ts";
import { lines } from "./table.ts";

let unpacked: readonly InstanceTypeFacts[] | undefined;
let byName: ReadonlyMap<string, InstanceTypeFacts> | undefined;

/** Every type of the embedded snapshot, by name; unpacked at the first call. */
export function knownFacts(): readonly InstanceTypeFacts[] {
  return (unpacked ??= parseFacts(lines));
}

/** The embedded facts of a type; undefined if the snapshot does not know it. */
export function knownFactsOf(name: string): InstanceTypeFacts | undefined {
  byName ??= new Map(knownFacts().map((facts) => [facts.name, facts]));
  return byName.get(name);
}

/**
 * The types of a facts table.
 *
 * @throws {InputError} `truncated-snapshot`, naming the line and its type
 */
export function parseFacts(text: string): readonly InstanceTypeFacts[] {
  return text.split("\n").map((line, index) => {
    let cells = 1;
    for (let at = line.indexOf("\t"); at !== -1; at = line.indexOf("\t", at + 1)) cells += 1;
    if (cells !== FACT_CELLS) {
      throw new InputError("truncated-snapshot", `${line.split("\t")[0]} has ${cells} cells`, { path: `facts[${index}]`, line: index + 1, expected: `${FACT_CELLS} cells` });
    }
    return unpackFacts(line);
  });
}
