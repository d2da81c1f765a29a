// `pnpm bench:karpenter [WORK…]`: Karpenter's scheduler and ours on the very same inputs, in the same run. Needs Go and the oracle's sources beside the
// workspace; without them it says so and ends. WORK is diverse-N, prefs, prefs-ignore, ec2, ec2-unreachable or whatif; default: all but the last two thousand.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Cluster, type Packing, prepare, solve, stateNodes, whatIf } from "@groupless/bin-packer";
import { catalogReader } from "../../conformance/vectors.ts";
import { clusterOfInput } from "../../conformance/suites/scheduling.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const oracle = `${root}../shared/oracle`;
const conformance = `${root}../shared/conformance`;
const cache = `${root}.cache/oracle`;
const DEFAULT = ["diverse-1000", "diverse-5000", "diverse-10000", "diverse-20000", "prefs", "prefs-ignore", "ec2", "whatif"];
/** The provisioner stops after a minute, so its answer to these is partial: only counts are compared. */
const TOO_LONG = new Set(["prefs", "ec2-unreachable"]);
const RUNS = 5;

interface Row {
  readonly work: string;
  readonly pods: number;
  readonly karpenterMs: number;
  readonly prepareMs: number;
  readonly solveMs: number;
  readonly totalMs: number;
  readonly ratio: number;
  readonly nodes: number;
  readonly unplaced: number;
  readonly priceUsdPerHour: number;
  readonly same: string;
}

if (!existsSync(oracle)) {
  console.log(`skipped: no oracle at ${oracle} to compare with`);
  process.exit(0);
}
mkdirSync(cache, { recursive: true });
execFileSync("go", ["build", "-o", `${cache}/schedule-bench`, "./cmd/schedule-bench"], { cwd: oracle, stdio: "inherit" });
if (!existsSync(`${cache}/schedule-stable`)) execFileSync("bash", ["stable.sh", "schedule", `${cache}/schedule-stable`], { cwd: oracle, stdio: "inherit" });

const context = catalogReader([`${conformance}/catalogs`])(`${conformance}/scheduling/none.jsonl`);
const asked = process.argv.slice(2);
const rows: Row[] = [];
warmUp();
console.log("work             pods   Karpenter ms   ours ms (prepare + solve)     ratio   nodes  unplaced  price $/h   same answer");
for (const work of asked.length > 0 ? asked : DEFAULT) {
  if (work === "whatif") whatIfs();
  else rows.push(compare(work));
}
writeFileSync(`${cache}/scheduling.json`, `${JSON.stringify(rows, null, 2)}\n`);

function compare(work: string): Row {
  const [name = work, count] = /-\d+$/.test(work) ? [work.slice(0, work.lastIndexOf("-")), work.slice(work.lastIndexOf("-") + 1)] : [work, name4000(work)];
  const file = `${cache}/${work}.json`;
  writeFileSync(file, execFileSync(`${cache}/schedule-bench`, ["-work", name, "-pods", count, "-dump"], { maxBuffer: 1 << 30 }));
  const theirs = JSON.parse(execFileSync(`${cache}/schedule-bench`, ["-input", file, "-workers", "1", "-repeat", "1", "-catalogs", `${conformance}/catalogs`], { encoding: "utf8" })) as { totalMs: number; pods: number; nodes: number; errors: number };
  const text = readFileSync(file, "utf8");
  const prepares: number[] = [];
  const totals: number[] = [];
  let packing: Packing | undefined;
  for (let run = 0; run < RUNS; run++) {
    const { cluster, nowMs } = read(text);
    const start = performance.now();
    const prepared = prepare(cluster, { nowMs });
    prepares.push(performance.now() - start);
    packing = solve(prepared);
    totals.push(performance.now() - start);
  }
  const ours = packing as Packing;
  const [prepareMs, totalMs] = [median(prepares), median(totals)];
  const same = ours.newNodeClaims.length !== theirs.nodes || ours.podErrors.length !== theirs.errors ? `NO: Karpenter ${theirs.nodes} nodes, ${theirs.errors} unplaced` : TOO_LONG.has(work) ? "nodes, unplaced" : sameAsStable(file, ours);
  const row = { work, pods: theirs.pods, karpenterMs: theirs.totalMs, prepareMs, solveMs: totalMs - prepareMs, totalMs, ratio: theirs.totalMs / totalMs, nodes: ours.newNodeClaims.length, unplaced: ours.podErrors.length, priceUsdPerHour: ours.priceUsdPerHour, same };
  console.log(`${work.padEnd(15)} ${pad(row.pods, 6)} ${pad(row.karpenterMs.toFixed(0), 14)} ${pad(totalMs.toFixed(1), 9)} (${prepareMs.toFixed(1)} + ${row.solveMs.toFixed(1)})`.padEnd(65) + `${pad(`${row.ratio.toFixed(0)}×`, 6)} ${pad(row.nodes, 7)} ${pad(row.unplaced, 9)}  ${row.priceUsdPerHour.toFixed(3).padStart(9)}   ${same}`);
  return row;
}

/**
 * Karpenter with its two unstable sorts made total still takes spread domains of equal count in map order, so it answers differently from run
 * to run: ours must have its unplaced pods and number of nodes, and a price among those it comes to, give or take a twentieth.
 */
function sameAsStable(file: string, ours: Packing): string {
  const prices: number[] = [];
  for (let run = 0; run < 3; run++) {
    const answer = JSON.parse(execFileSync(`${cache}/schedule-stable`, ["-runs", "1", "-catalogs", `${conformance}/catalogs`, file], { encoding: "utf8", maxBuffer: 1 << 30 }).split("\n")[0] as string) as { accepted: { newNodeClaims: { cheapestPrice: number }[]; podErrors: { pod: string }[] }[] };
    const [theirs] = answer.accepted;
    if (theirs === undefined) return "NO: the stable build gave no answer";
    if (theirs.podErrors.map(({ pod }) => pod).join() !== ours.podErrors.map(({ pod }) => pod).join()) return "NO: other pods are unplaced";
    if (theirs.newNodeClaims.length !== ours.newNodeClaims.length) return `NO: ${theirs.newNodeClaims.length} nodes`;
    prices.push(theirs.newNodeClaims.reduce((sum, { cheapestPrice }) => sum + cheapestPrice, 0));
  }
  const [least, most] = [Math.min(...prices), Math.max(...prices)];
  const range = least === most ? least.toFixed(3) : `${least.toFixed(3)} to ${most.toFixed(3)}`;
  return ours.priceUsdPerHour > least * 0.95 && ours.priceUsdPerHour < most * 1.05 ? `unplaced, nodes, price (${range})` : `NO: price ${range}`;
}

function whatIfs(): void {
  const theirs = execFileSync(`${cache}/schedule-bench`, ["-work", "whatif", "-repeat", "3", "-catalogs", `${conformance}/catalogs`], { encoding: "utf8" }).trim().split("\n").map((line) => JSON.parse(line) as { work: string; totalMs: number });
  const inputs = execFileSync(`${cache}/schedule-bench`, ["-work", "whatif", "-dump"], { encoding: "utf8", maxBuffer: 1 << 30 }).trim().split("\n");
  for (const [index, text] of inputs.entries()) {
    const prepares: number[] = [];
    let prepared = prepareOnce(text, prepares);
    for (let run = 1; run < RUNS; run++) prepared = prepareOnce(text, prepares);
    const times: number[] = [];
    const start = performance.now();
    for (const { name } of stateNodes(prepared)) {
      const asked = performance.now();
      whatIf(prepared, { removeNodes: [name] }, { purpose: "disruption" });
      times.push(performance.now() - asked);
    }
    const total = performance.now() - start;
    const { work = "whatif", totalMs = Number.NaN } = theirs[index] ?? {};
    console.log(`${work}: Karpenter ${totalMs.toFixed(0)} ms; ours ${median(times).toFixed(3)} ms median after one preparation of ${median(prepares).toFixed(0)} ms; ${times.length} removals ${total.toFixed(0)} ms; ratio ${(totalMs / median(times)).toFixed(0)}×`);
  }
}

function prepareOnce(text: string, times: number[]): ReturnType<typeof prepare> {
  const { cluster, nowMs } = read(text);
  const start = performance.now();
  const prepared = prepare(cluster, { nowMs });
  times.push(performance.now() - start);
  return prepared;
}

/** Ours is compiled while it runs: sixty solves of another input, as a server has behind it. */
function warmUp(): void {
  const text = execFileSync(`${cache}/schedule-bench`, ["-work", "diverse", "-pods", "700", "-dump"], { encoding: "utf8", maxBuffer: 1 << 30 });
  for (let run = 0; run < 60; run++) {
    const { cluster, nowMs } = read(text);
    solve(prepare(cluster, { nowMs }));
  }
}

function read(text: string): { readonly cluster: Cluster; readonly nowMs: number } {
  // A fresh copy of everything, the catalog too: nothing is left over from the run before.
  const fresh = { catalog: (name: string) => structuredClone(context.catalog(name)) };
  return clusterOfInput((JSON.parse(text) as { input: Parameters<typeof clusterOfInput>[0] }).input, fresh);
}

function name4000(work: string): string {
  return work.startsWith("prefs") ? "4000" : "10000";
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] as number;
}

function pad(value: number | string, width: number): string {
  return String(value).padStart(width);
}
