// `pnpm bench:karpenter [WORK…]`: Karpenter's scheduler and ours on the very same inputs, in the same run. Needs Go and the oracle's sources beside the
// workspace; without them it says so and ends. WORK is diverse-N, prefs, prefs-ignore, ec2, ec2-unreachable or whatif; default: all, the diverse ones at
// 1,000, 5,000, 10,000 and 20,000 pods. A row whose answer is not Karpenter's, or that the verifier finds fault with, ends the run with 1.
import { writeFileSync } from "node:fs";
import { type Packing, prepare, type Prepared, solve, stateNodes, whatIf } from "@groupless/bin-packer";
import { karpenterDeviations, placementInvariants, violations } from "@groupless/testing";
import { buildOracle, cache, inputOf, read, stableAnswer, timeKarpenter, whatIfs } from "./oracle.ts";

const DEFAULT = ["diverse-1000", "diverse-5000", "diverse-10000", "diverse-20000", "prefs", "prefs-ignore", "ec2", "ec2-unreachable", "whatif"];
/** Karpenter's provisioner gives itself a minute, and its stable build stops there: what takes nearly as long is compared with the unchanged module alone. */
const TOO_LONG_MS = 30_000;
const RUNS = 5;
const WARM_UPS = 60;

interface Row {
  readonly work: string;
  readonly pods: number;
  readonly karpenterMs: number;
  readonly prepareMs: number;
  readonly totalMs: number;
  /** Of all threads, the collector's and the compiler's among them. */
  readonly processorMs: number;
  readonly ratio: number;
  readonly nodes: number;
  readonly unplaced: number;
  readonly priceUsdPerHour: number;
  readonly same: string;
}

buildOracle();
const asked = process.argv.slice(2);
const rows: Row[] = [];
/** A server knows the cluster it answered about last. With nothing alive the collector would take the compiler's knowledge of such objects with it. */
let alive: Prepared | undefined;
/** Kinds of work whose code has been compiled. */
const warm = new Set<string>();
console.log("work              pods   Karpenter ms   ours ms (prepare + solve)  processor     ratio   nodes  unplaced  price $/h   same answer");
for (const work of asked.length > 0 ? asked : DEFAULT) {
  warmUp(work);
  if (work === "whatif") removals();
  else rows.push(compare(work));
}
writeFileSync(`${cache}/scheduling.json`, `${JSON.stringify(rows, null, 2)}\n`);
if (rows.some(({ same }) => same.startsWith("NO"))) process.exit(1);

function compare(work: string): Row {
  const { file, text } = inputOf(work);
  const theirs = timeKarpenter(file, work === "diverse-1000" ? 3 : 1);
  const prepares: number[] = [];
  const totals: number[] = [];
  const processor: number[] = [];
  let packing: Packing | undefined;
  for (let run = 0; run < RUNS; run++) {
    const { cluster, nowMs } = read(text);
    settle();
    const used = process.cpuUsage();
    const start = performance.now();
    const prepared = prepare(cluster, { nowMs });
    prepares.push(performance.now() - start);
    packing = solve(prepared);
    totals.push(performance.now() - start);
    const { user, system } = process.cpuUsage(used);
    processor.push((user + system) / 1000);
    alive = prepared;
  }
  const ours = packing as Packing;
  const [prepareMs, totalMs] = [median(prepares), median(totals)];
  const row = { work, pods: theirs.pods, karpenterMs: theirs.totalMs, prepareMs, totalMs, processorMs: median(processor), ratio: theirs.totalMs / totalMs, nodes: ours.newNodeClaims.length, unplaced: ours.podErrors.length, priceUsdPerHour: ours.priceUsdPerHour, same: verdict(file, text, theirs, ours) };
  console.log(`${work.padEnd(16)} ${pad(row.pods, 6)} ${pad(row.karpenterMs.toFixed(0), 14)} ${pad(totalMs.toFixed(1), 9)} (${prepareMs.toFixed(1)} + ${(totalMs - prepareMs).toFixed(1)})`.padEnd(64)+ pad(row.processorMs.toFixed(1), 9) + `${pad(`${row.ratio.toFixed(0)}×`, 10)} ${pad(row.nodes, 7)} ${pad(row.unplaced, 9)}  ${row.priceUsdPerHour.toFixed(3).padStart(9)}   ${row.same}`);
  return row;
}

/** Is it Karpenter's answer, and does it hold by Kubernetes' own definitions? */
function verdict(file: string, text: string, theirs: { readonly nodes: number; readonly errors: number; readonly totalMs: number }, ours: Packing): string {
  if (ours.newNodeClaims.length !== theirs.nodes || ours.podErrors.length !== theirs.errors) return `NO: Karpenter ${theirs.nodes} nodes, ${theirs.errors} unplaced`;
  const { cluster } = read(text);
  const broken = violations(cluster, ours, placementInvariants, { except: karpenterDeviations });
  if (broken.length > 0) return `NO: ${broken.length} violations, such as ${broken[0]?.invariant}: ${broken[0]?.message}`;
  return theirs.totalMs > TOO_LONG_MS ? "nodes, unplaced; verified" : sameAsStable(file, ours);
}

/**
 * Karpenter with its two unstable sorts made total still takes spread domains of equal count in map order, so it answers differently from run
 * to run: ours must have its unplaced pods and number of nodes, and a price among those it comes to, give or take a twentieth.
 */
function sameAsStable(file: string, ours: Packing): string {
  const prices: number[] = [];
  for (let run = 0; run < 3; run++) {
    const theirs = stableAnswer(file);
    if (theirs === undefined) return "NO: the stable build gave no answer";
    if (theirs.podErrors.map(({ pod }) => pod).join() !== ours.podErrors.map(({ pod }) => pod).join()) return "NO: other pods are unplaced";
    if (theirs.newNodeClaims.length !== ours.newNodeClaims.length) return `NO: ${theirs.newNodeClaims.length} nodes`;
    prices.push(theirs.newNodeClaims.reduce((sum, { cheapestPrice }) => sum + cheapestPrice, 0));
  }
  const [least, most] = [Math.min(...prices), Math.max(...prices)];
  const range = least === most ? least.toFixed(3) : `${least.toFixed(3)} to ${most.toFixed(3)}`;
  return ours.priceUsdPerHour > least * 0.95 && ours.priceUsdPerHour < most * 1.05 ? `unplaced, nodes, price (${range}); verified` : `NO: price ${range}`;
}

/** One node of a thousand goes, each in turn. */
function removals(): void {
  for (const { work, totalMs, text } of whatIfs()) {
    const prepares: number[] = [];
    let prepared = prepareOnce(text, prepares);
    for (let run = 1; run < RUNS; run++) prepared = prepareOnce(text, prepares);
    const times: number[] = [];
    const start = performance.now();
    for (const { name } of stateNodes(prepared)) {
      const begun = performance.now();
      whatIf(prepared, { removeNodes: [name] }, { purpose: "disruption" });
      times.push(performance.now() - begun);
    }
    const total = performance.now() - start;
    console.log(`${work}: Karpenter ${totalMs.toFixed(0)} ms; ours ${median(times).toFixed(3)} ms median after one preparation of ${median(prepares).toFixed(0)} ms; ${times.length} removals ${total.toFixed(0)} ms; ratio ${(totalMs / median(times)).toFixed(0)}×`);
  }
}

function prepareOnce(text: string, times: number[]): Prepared {
  const { cluster, nowMs } = read(text);
  const start = performance.now();
  const prepared = prepare(cluster, { nowMs });
  times.push(performance.now() - start);
  return prepared;
}

/** Karpenter's bench has the collector see to its input before the clock starts (`runtime.GC()`); ours moves its own out of the nursery. */
function settle(): void {
  for (let turn = 0; turn < 2; turn++) (globalThis.gc as unknown as (options: { readonly type: "minor" }) => void)({ type: "minor" });
}

/**
 * Ours is compiled while it runs, Karpenter ahead: sixty solves of another, smaller input of the row's kind, as a server has behind it. What a row is timed
 * on is read afresh each time and has never been seen before.
 */
function warmUp(work: string): void {
  const kind = work === "whatif" ? "diverse" : work.replace(/-\d+$/, "");
  if (warm.has(kind)) return;
  warm.add(kind);
  const { text } = inputOf(`${kind}-700`);
  for (let run = 0; run < WARM_UPS; run++) {
    const { cluster, nowMs } = read(text);
    alive = prepare(cluster, { nowMs });
    solve(alive);
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] as number;
}

function pad(value: number | string, width: number): string {
  return String(value).padStart(width);
}
