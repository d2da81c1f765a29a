import { stringify } from "yaml";

/**
 * Objects as multi-document YAML that kubectl takes, for counterexamples and examples: `parse` reads the same objects back.
 *
 * Texts that YAML 1.1 would read as something else (`on`, `0x10`, `1_000`) are quoted.
 *
 * @example
 * toYaml([{ apiVersion: "v1", kind: "Namespace", metadata: { name: "a" } }]); // => "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n"
 */
export function toYaml(objects: readonly object[]): string {
  return objects.map((object) => stringify(object, { version: "1.1", aliasDuplicateObjects: false, lineWidth: 0, sortMapEntries: false })).join("---\n");
}
