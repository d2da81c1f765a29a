import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { difference } from "./compare.ts";
import { rowTitle, sampledRows } from "./rows.ts";
import { run } from "./run.ts";
import { suites } from "./suites/index.ts";

const sample = fileURLToPath(new URL("./sample/", import.meta.url));
const reports = await run([sample], { suites, catalogs: [`${sample}catalogs`, `${sample}ec2/catalogs`] });
const failed = new Map(Object.values(reports).flatMap(({ mismatches }) => mismatches.map((mismatch) => [mismatch.id, mismatch])));

test("the committed sample has lines of every suite", () => {
  expect(Object.keys(reports).sort()).toEqual(Object.keys(suites).sort());
});

test.each(Object.entries(reports))("%s answers the sample as Karpenter does", (_name, report) => {
  expect(report.built).toBe(true);
  expect(report.mismatches).toEqual([]);
  expect(report.passed).toBe(report.total);
});

for (const [row, ids] of sampledRows(sample)) {
  test(rowTitle(row, ids), () => {
    expect(ids.flatMap((id) => failed.get(id) ?? [])).toEqual([]);
  });
}

test("a difference is found wherever it is, and only there", () => {
  expect(difference({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] })).toBeUndefined();
  expect(difference({ a: [1, { b: 2 }] }, { a: [1, { b: 3 }] })).toEqual({ path: "a[1].b", expected: 2, actual: 3 });
  expect(difference({ a: 1 }, {})).toEqual({ path: "a", expected: 1, actual: undefined });
  expect(difference([], [null])).toEqual({ path: "[0]", expected: undefined, actual: null });
  expect(difference({ price: 1, x: 1 }, { price: 1 + 1e-12, x: 1 }, { price: 1e-9 })).toBeUndefined();
  expect(difference({ x: 1 }, { x: 1 + 1e-12 }, { price: 1e-9 })).toBeDefined();
});
