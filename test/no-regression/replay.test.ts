import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { wrongsOf } from "../soak/scenario.ts";

const folder = fileURLToPath(new URL(".", import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith(".yaml")).sort();

test("there are scenarios that once went wrong", () => {
  expect(files.length).toBeGreaterThan(0);
});

test.each(files)("%s goes wrong no more", (file) => {
  expect(wrongsOf(readFileSync(`${folder}${file}`, "utf8"))).toEqual([]);
});
