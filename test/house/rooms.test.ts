import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const packagesFolder = fileURLToPath(new URL("../../packages/", import.meta.url));
const sources = readdirSync(packagesFolder).flatMap((name) =>
  readdirSync(`${packagesFolder}${name}/src`, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.startsWith("regions/"))
    .map((file) => `${packagesFolder}${name}/src/${file}`),
);
const lines = (file: string): number => readFileSync(file, "utf8").split("\n").length;

test("files are small: half under 100 lines, nine in ten under 250", () => {
  const sizes = sources.map(lines).sort((a, b) => a - b);
  expect(sizes[Math.floor(sizes.length * 0.5)]).toBeLessThanOrEqual(100);
  expect(sizes[Math.floor(sizes.length * 0.9)]).toBeLessThanOrEqual(250);
});

test("a file is named after its noun", () => {
  expect(sources.filter((file) => /^(utils?|helpers?|common|misc|shared|manager|service|types)\.ts$/.test(basename(file)))).toEqual([]);
});

test("an index lists its exports by hand", () => {
  expect(sources.filter((file) => basename(file) === "index.ts" && /export \*/.test(readFileSync(file, "utf8")))).toEqual([]);
});
