import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { allFences, runnable } from "./fences.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = fileURLToPath(new URL("./.generated/", import.meta.url));
const fences = allFences(root);

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the documents have examples", () => {
  expect(fences.length).toBeGreaterThan(0);
});

test.each(fences.map((fence, index) => ({ ...fence, index })))("$file:$line runs and says what happens", async ({ index, ...fence }) => {
  const path = `${folder}${index}.ts`;
  writeFileSync(path, runnable(fence));
  await import(/* @vite-ignore */ path);
});
