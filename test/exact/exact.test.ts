import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { reportOf } from "./differences.ts";
import listed from "./differences.json" with { type: "json" };

const root = fileURLToPath(new URL("../..", import.meta.url));
const shared = resolve(root, "../shared/conformance");
const everything = existsSync(shared);
const base = everything ? shared : resolve(root, "test/conformance/sample");

test(`the exact profile answers ${everything ? "every recorded scheduling line" : "the sampled scheduling lines (../shared is absent: the rest is skipped)"} as Karpenter does, but for those listed by cause in differences.json, and breaks no invariant on any`, () => {
  // To find out the causes takes a plan for every rule: `pnpm exact` does it for all lines, this test for some.
  const { lines, differences, broken } = reportOf(`${base}/scheduling`, [`${base}/catalogs`], false);
  expect(broken).toEqual([]);
  const causeOf = new Map(Object.entries(listed as Record<string, readonly string[]>).flatMap(([cause, ids]) => ids.map((id) => [id, cause] as const)));
  const found = differences.map(({ id }) => id.replace("scheduling/", ""));
  expect(found.filter((id) => !causeOf.has(id))).toEqual([]);
  if (everything) expect(found.sort()).toEqual([...causeOf.keys()].sort());
  for (const { id, causes } of differences) if (causes.length > 0) expect([id, causes.join(", ")]).toEqual([id, causeOf.get(id.replace("scheduling/", ""))]);
  expect(lines).toBeGreaterThan(everything ? 3000 : 20);
}, 600_000);
