import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { allRows, drawPage, parsePage } from "./page.ts";
import { titledTests } from "./titles.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = readFileSync(`${root}docs/parity.md`, "utf8");
const rows = parsePage(page);
const tests = titledTests(root);

test("the page answers every row", () => {
  expect([...rows.keys()]).toEqual(allRows());
});

test("every linked test exists, names its row and is not skipped", () => {
  for (const row of rows.values()) {
    if (row.status === "works") expect(row.tests.length, row.id).toBeGreaterThan(0);
    for (const link of row.tests) {
      const found = tests.find((candidate) => candidate.file === link.file && candidate.rows.includes(row.id) && !candidate.skipped);
      expect(found, `${row.id} → ${link.file}: ${link.title}`).toBeDefined();
    }
  }
});

test("a row that differs says why", () => {
  for (const row of rows.values()) if (row.status === "differs") expect(row.note, row.id).not.toBe("");
});

test("the page is drawn from today's tests (mend: pnpm parity)", () => {
  expect(drawPage(rows, tests)).toBe(page);
});
