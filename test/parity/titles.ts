import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { rowTitle, sampledRows } from "../conformance/rows.ts";

export interface TitledTest {
  /** Path from the repository's root. */
  readonly file: string;
  readonly title: string;
  readonly skipped: boolean;
  readonly rows: readonly string[];
}

/** The titles of all tests that name rows, e.g. `P-003 Gte and Lte are inclusive`. */
export function titledTests(root: string): TitledTest[] {
  return [...writtenTests(root), ...recordedTests(root)];
}

/** The tests that answer a row from recorded vectors: their titles are made from the sample. */
function recordedTests(root: string): TitledTest[] {
  return [...sampledRows(join(root, "test/conformance/sample"))].map(([row, ids]) => ({ file: "test/conformance/conformance.test.ts", title: rowTitle(row, ids), skipped: false, rows: [row] }));
}

function writtenTests(root: string): TitledTest[] {
  return testFiles(root).flatMap((file) => {
    const text = readFileSync(join(root, file), "utf8");
    return [...text.matchAll(/\b(?:describe|it|test)((?:\.\w+)*)(?:\([^"'`\n]*?\))?\(\s*(?:"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`([^`]*)`)/g)].flatMap((match) => {
      const [, modifiers = "", double, single, template] = match;
      const title = double ?? single ?? template ?? "";
      const rows = rowsIn(title);
      return rows.length === 0 ? [] : [{ file, title, skipped: /skip|todo/.test(modifiers), rows }];
    });
  });
}

/** Row ids in a text; `P-003…P-005` stands for all three. */
export function rowsIn(text: string): string[] {
  const rows = new Set<string>();
  for (const [, table = "", from = "", to] of text.matchAll(/\b([PDA])-(\d{3})(?:\s*(?:…|\.\.\.?|–)\s*\1-(\d{3}))?/g)) {
    for (let row = Number(from); row <= Number(to ?? from); row++) rows.add(`${table}-${String(row).padStart(3, "0")}`);
  }
  return [...rows];
}

function testFiles(root: string): string[] {
  const folders = ["test", ...readdirSync(join(root, "packages")).map((name) => `packages/${name}/test`)];
  return folders
    .flatMap((folder) => {
      try {
        return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((file) => `${folder}/${file}`);
      } catch {
        return []; // a package whose tests are not written yet
      }
    })
    .filter((file) => file.endsWith(".test.ts"))
    .sort();
}
