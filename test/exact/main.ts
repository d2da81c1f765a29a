// `pnpm exact [FOLDER]`: what the exact profile answers otherwise than Karpenter on the recorded lines, and by which of its rules. `--write` commits the list.
import { existsSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { byCause, reportOf } from "./differences.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const [given] = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const shared = resolve(root, "../shared/conformance");
const base = existsSync(shared) ? shared : resolve(root, "test/conformance/sample");
const folder = given === undefined ? `${base}/scheduling` : resolve(given);
const { lines, differences, broken } = reportOf(folder, [`${base}/catalogs`], true);
const causes = byCause(differences);
for (const [cause, ids] of Object.entries(causes).sort(([, a], [, b]) => b.length - a.length)) {
  const moved = ids.filter((id) => !differences.some((one) => one.id === `scheduling/${id}` && one.samePlaces)).length;
  console.log(`${String(ids.length).padStart(4)}  ${cause}: ${moved} with pods or nodes elsewhere\n      ${ids.slice(0, 8).join(" ")}${ids.length > 8 ? " …" : ""}`);
}
const wrong = differences.filter(({ karpenterBreaks }) => karpenterBreaks.length > 0);
console.log(`\n${lines} lines, ${differences.length} answered otherwise, ${differences.filter(({ samePlaces }) => !samePlaces).length} with pods or nodes elsewhere; Karpenter breaks an invariant on ${wrong.length} of them, the exact profile on ${broken.length}`);
for (const [id, invariants] of broken) console.log(`exact breaks ${invariants.join(", ")}: ${id}`);
if (process.argv.includes("--write")) writeFileSync(fileURLToPath(new URL("differences.json", import.meta.url)), `${JSON.stringify(causes, null, 1)}\n`);
process.exitCode = broken.length > 0 ? 1 : 0;
