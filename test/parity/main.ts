// `pnpm parity`: draws docs/parity.md anew from the tests' titles.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { drawPage, parsePage } from "./page.ts";
import { titledTests } from "./titles.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const path = join(root, "docs/parity.md");
const page = drawPage(parsePage(existsSync(path) ? readFileSync(path, "utf8") : ""), titledTests(root));
writeFileSync(path, page);
console.log(page.split("\n").find((line) => / rows: /.test(line)));
