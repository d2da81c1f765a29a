import { existsSync, readFileSync } from "node:fs";
import { knownFacts } from "@groupless/ec2-catalog";
import { describe, expect, test } from "vitest";
import { type Difference, differences, type Documented, type Tables } from "../../generate/differences.ts";

/** Why each field may differ from the documentation of Karpenter 1.14. */
const explanations: Readonly<Record<string, string>> = {
  "karpenter.k8s.aws/instance-cpu-sustained-clock-speed-mhz": "EC2 has since corrected the clock of c9g and m9g",
  "karpenter.k8s.aws/instance-network-bandwidth": "the bandwidth of g7 was revised",
  "vpc.amazonaws.com/pod-eni": "the VPC limits of types that came after May 2026",
};

const known = JSON.parse(readFileSync(new URL("known-differences.json", import.meta.url), "utf8")) as Record<Tables, Record<string, Difference[]>>;
const path = new URL("../../../../../shared/data/karpenter-instance-types.json", import.meta.url);
const here = existsSync(path);
const table = here ? (JSON.parse(readFileSync(path, "utf8")) as Record<string, Documented>) : undefined;
if (!here) console.info(`Karpenter's documented table is not at ${path.pathname}: only the list of known differences is checked`);

describe("Karpenter's documented table of 1,363 instance types", () => {
  test("A-005 A-009 A-010 A-011 A-012 A-025 A-026 A-027 A-036 A-044 A-046 A-047 agrees on every label and resource but for differences that are listed and explained by field", () => {
    for (const tables of ["karpenter-1.14", "latest"] as const) {
      expect(Object.keys(known[tables]).filter((field) => explanations[field] === undefined)).toEqual([]);
      if (table !== undefined) expect(differences(table, tables)).toEqual(known[tables]);
    }
    if (table !== undefined) expect(Object.keys(table).length).toBe(1363);
  });

  test("differs under Karpenter's own tables in the clock of 44 types only, and under the latest in the limits of types that came since", () => {
    const counts = (tables: Tables): object => Object.fromEntries(Object.entries(known[tables]).map(([field, groups]) => [field.replace(/^.*\//u, ""), groups.flatMap((group) => group.types).length]));
    expect(counts("karpenter-1.14")).toEqual({ "instance-cpu-sustained-clock-speed-mhz": 44 });
    expect(counts("latest")).toEqual({ "instance-cpu-sustained-clock-speed-mhz": 44, "instance-network-bandwidth": 3, "pod-eni": 56 });
    expect(knownFacts().length).toBeGreaterThanOrEqual(1363);
  });
});
