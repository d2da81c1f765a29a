// `pnpm bench:cost`: our cheapest plans beside the bounds that ../shared/bounds proves, on its workloads, in one run.
import { existsSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { optimise } from "../../../packages/bin-packer/src/cheapest/optimise.ts";
import { loadModel } from "./workload.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const shared = resolve(root, "../shared/bounds");
if (!existsSync(shared)) {
  console.log("skipped: ../shared/bounds is absent");
  process.exit(0);
}

/** Workload, catalog, the ratio aimed at, and the pods that set the time. */
const cases: readonly (readonly [workload: string, catalog: string, goal: number])[] = [
  ["w1-mix-1k", "cmr-16", 1.01],
  ["w1-mix-1k", "cmr-amd64", 1.01],
  ["w1-mix-5k", "cmr-16", 1.01],
  ["w1-mix-5k", "cmr-amd64", 1.01],
  ["w3-services-2k", "cmr-16", 1.01],
  ["w3-services-2k", "cmr-amd64", 1.01],
  ["w3-services-20k", "cmr-16", 1.01],
  ["w3-services-20k", "cmr-amd64", 1.01],
  ["w4-halves-3k", "cmr-amd64", 1.01],
  ["w2-openb-8k", "cmr-amd64", 1.02],
  ["w4-halves-3k", "cmr-16", 1.02],
  ["w5-big-600", "cmr-64", 1.02],
  ["w5-big-600", "cmr-amd64", 1.02],
  ["w3-placed-5k", "cmr-16", 1.025],
  ["w1-mix-1k", "all", 1.03],
  ["w2-openb-8k", "all", 1.03],
  ["w3-services-2k", "all", 1.043],
  ["w3-placed-5k", "all", 1.065],
];

const only = process.argv[2] ?? "";
const python = pythonWithHighs();
console.log("| workload | catalog | price | our bound | their bound | ratio | goal | s | CPU s |\n| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
for (const [workload, catalog, goal] of cases) {
  if (!`${workload}/${catalog}`.includes(only)) continue;
  const [workloadFile, catalogFile] = [join(shared, "workloads", `${workload}.json`), join(shared, "catalogs", `${catalog}.json`)];
  const model = loadModel(workloadFile, catalogFile);
  const pods = model.counts.reduce((sum, count) => sum + count, 0);
  const budgetMs = pods <= 2_000 ? 1_000 : pods <= 8_200 ? 3_000 : 8_000;
  const [startMs, start] = [performance.now(), process.cpuUsage()];
  const { priceUsdPerHour, boundUsdPerHour } = optimise(model, budgetMs);
  const wallSeconds = (performance.now() - startMs) / 1000;
  // More than the wall's where the compiler works beside.
  const { user, system } = process.cpuUsage(start);
  const seconds = (user + system) / 1e6;
  const theirs = python === undefined ? undefined : provenBound(python, workloadFile, catalogFile);
  if (theirs !== undefined && (priceUsdPerHour < theirs.bound * (1 - 1e-6) || boundUsdPerHour > theirs.mix * (1 + 1e-6))) throw new Error(`${workload}/${catalog}: price ${priceUsdPerHour} and bound ${boundUsdPerHour} against ${JSON.stringify(theirs)}`);
  const bound = Math.max(boundUsdPerHour, theirs?.bound ?? 0);
  const ratio = priceUsdPerHour / bound;
  console.log(`| ${workload} | ${catalog} | ${priceUsdPerHour.toFixed(3)} | ${boundUsdPerHour.toFixed(3)} | ${theirs?.bound.toFixed(3) ?? "not in time"} | ${ratio.toFixed(4)}${ratio <= goal ? "" : " (missed)"} | ${goal} | ${wallSeconds.toFixed(2)} | ${seconds.toFixed(2)} |`);
}

/** The larger of the two bounds of the reference programme, in a minute of search at most, and the fractional mix of patterns it found, which no valid bound exceeds. */
function provenBound(interpreter: string, workload: string, catalog: string): { readonly bound: number; readonly mix: number } | undefined {
  const seconds = Number(process.env["BOUND_SECONDS"] ?? "60");
  try {
    const text = execFileSync(interpreter, [join(shared, "bound.py"), "--workload", workload, "--catalog", catalog, "--seconds", `${seconds}`], { encoding: "utf8", timeout: 1000 * (seconds + 180), env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" } });
    const { volumeBound, columnGenerationBound, restrictedMaster } = JSON.parse(text.slice(text.indexOf("{"))) as { volumeBound: number; columnGenerationBound: number; restrictedMaster: number };
    return { bound: Math.max(volumeBound, columnGenerationBound), mix: restrictedMaster };
  } catch {
    return undefined;
  }
}

/** A virtual environment of its own for the reference programme; without one only our own bound is shown. */
function pythonWithHighs(): string | undefined {
  if (process.env["BOUND_SECONDS"] === "0") return undefined;
  const folder = join(root, ".cache/highs");
  const interpreter = join(folder, "bin/python");
  try {
    if (!existsSync(interpreter)) {
      execFileSync("python3", ["-m", "venv", folder], { stdio: "ignore" });
      execFileSync(interpreter, ["-m", "pip", "install", "-q", "numpy", "highspy"], { stdio: "ignore" });
    }
    return interpreter;
  } catch {
    console.log("(no Python with highspy: the reference bounds are left out)");
    return undefined;
  }
}
