import { parse, type Parsed, toYaml } from "@groupless/manifests";
import { clusters } from "@groupless/testing/arbitraries";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const numRuns = Number(process.env["LAWS_RUNS"] ?? 40);
const all = ({ nodePools, nodeClasses, objects }: Parsed): readonly object[] => [...nodePools, ...nodeClasses, ...objects];

describe("toYaml", () => {
  test("writes what parse reads back: parse ∘ toYaml is the identity on parsed objects, and defaults apply once", () => {
    let objects = 0;
    fc.assert(
      fc.property(clusters({ maxPods: 6 }), (cluster) => {
        let first: Parsed;
        try {
          first = parse(JSON.stringify({ apiVersion: "v1", kind: "List", items: [...cluster.nodePools, ...cluster.objects] }));
        } catch {
          // Clusters with contradictions in them are not what this is about.
          fc.pre(false);
          return;
        }
        objects += all(first).length;
        expect(all(parse(toYaml(all(first))))).toEqual(all(first));
        expect(all(parse(JSON.stringify({ apiVersion: "v1", kind: "List", items: all(first) })))).toEqual(all(first));
      }),
      { numRuns },
    );
    expect(objects).toBeGreaterThan(numRuns);
  });

  test("quotes what YAML 1.1 would read as something else", () => {
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom("on", "off", "y", "n", "yes", "0x10", "1_000", "1:30", "010", "1e3", "~", "null", "true", "2024-01-01", "=", "<<", ".inf", "- a", "a: b", "#", "&a", "*a", "!a", "|", ""), fc.string({ unit: "grapheme" })), (value) => {
        const [object] = parse(toYaml([{ apiVersion: "v1", kind: "Namespace", metadata: { name: "a", annotations: { value } } }])).objects;
        expect(object?.metadata.annotations).toEqual({ value });
      }),
      { numRuns: Math.max(numRuns, 300) },
    );
  });
});
