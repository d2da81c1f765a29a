import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { documents } from "./fences.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

test.each(documents(root).filter((file) => file.endsWith(".md")))("every relative link of %s leads somewhere", (file) => {
  const text = readFileSync(`${root}${file}`, "utf8").replace(/```[\s\S]*?```/g, "");
  const dead = [...text.matchAll(/\]\((?!https?:|mailto:|#)([^)\s#]+)[^)]*\)/g)].map(([, target = ""]) => target).filter((target) => !existsSync(resolve(root, dirname(file), target)));
  expect(dead).toEqual([]);
});
