// `pnpm conformance [FOLDER…]`: our answers beside the real Karpenter's.
import { existsSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { run } from "./run.ts";
import { suites } from "./suites/index.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const shared = resolve(root, "../shared/conformance");
const sample = join(root, "test/conformance/sample");

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    catalogs: { type: "string", multiple: true, default: [] },
    json: { type: "string" },
    only: { type: "string" },
    show: { type: "string", default: "3" },
    help: { type: "boolean", default: false },
  },
});

if (values.help) {
  console.log("pnpm conformance [FOLDER…] [--only TEXT] [--show N] [--json FILE] [--catalogs DIR]…\n\nDefault folder: ../shared/conformance, or the committed sample where that is absent.");
  process.exit(0);
}

const folders = positionals.length > 0 ? positionals.map((folder) => resolve(process.env["INIT_CWD"] ?? ".", folder)) : [existsSync(shared) ? shared : sample];
const missing = folders.find((folder) => !existsSync(folder));
if (missing !== undefined) {
  console.error(`no folder ${missing}`);
  process.exit(2);
}

const reports = await run(folders, { suites, catalogs: [...values.catalogs, join(shared, "catalogs"), join(shared, "ec2/catalogs"), join(sample, "catalogs")], ...(values.only === undefined ? {} : { only: values.only }) });

let failed = 0;
let passed = 0;
for (const [name, report] of Object.entries(reports).sort()) {
  passed += report.passed;
  failed += report.total - report.passed;
  console.log(`${name} ${report.passed}/${report.total}${report.built ? "" : " (not built yet)"}`);
  for (const mismatch of report.mismatches.slice(0, Number(values.show))) {
    console.log(`  ${mismatch.id}`);
    if (mismatch.error !== undefined) console.log(`    ${mismatch.error.split("\n").slice(0, 6).join("\n    ")}`);
    if (mismatch.difference !== undefined) {
      console.log(`    at ${mismatch.difference.path || "(the whole answer)"}`);
      console.log(`    Karpenter: ${shorten(mismatch.difference.expected)}`);
      console.log(`    ours:      ${shorten(mismatch.difference.actual)}`);
    }
  }
}
if (values.json !== undefined) {
  const suitesJson = Object.fromEntries(Object.entries(reports).map(([name, { passed: p, total, failed: ids }]) => [name, { passed: p, total, failed: ids }]));
  writeFileSync(values.json, `${JSON.stringify({ suites: suitesJson }, null, 2)}\n`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

function shorten(value: unknown): string {
  const text = value === undefined ? "(nothing)" : JSON.stringify(value);
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}
