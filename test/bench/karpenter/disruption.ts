// `npx tsx --tsconfig tsconfig.sources.json test/bench/karpenter/disruption.ts [NODES[/KIND]…]`: multi- and single-node consolidation beside Karpenter's own
// code, on the same clusters, in the same run. Needs Go and the oracle's sources; without them only our times are printed.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Cluster, prepare } from "@groupless/bin-packer";
import { evaluate, type Method, multiNodeConsolidation, singleNodeConsolidation, subsetConsolidation } from "@groupless/disruption";
import { catalogReader } from "../../conformance/vectors.ts";
import { clusterOf } from "../../conformance/suites/disruption.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const oracle = `${root}../shared/oracle`;
const conformance = `${root}../shared/conformance`;
const cache = `${root}.cache/oracle`;
const wanted = process.argv.slice(2).filter((argument) => /^\d/.test(argument));

// Karpenter's program has been compiled ahead; ours gets as long to warm up.
const WARM_SECONDS = 3;

interface Timing {
  readonly method: string;
  readonly simulations: number;
  readonly seconds: number;
  readonly decision: string;
  readonly sourceNodes: number;
}

if (!existsSync(oracle)) throw new Error(`no oracle at ${oracle}: nothing to compare with`);
mkdirSync(cache, { recursive: true });
for (const program of ["disrupt", "disrupt-gen"]) execFileSync("go", ["build", "-o", `${cache}/${program}`, `./cmd/${program}`], { cwd: oracle, stdio: "inherit" });

// Where reckoning answers what Karpenter simulates, ours simulates less; the ratio is that of the whole search for the same decision.
console.log("nodes  cluster  method                   Karpenter s  (simulations)   groupless s  (simulations)   ratio   same decision");
for (const one of wanted.length > 0 ? wanted : ["100", "300"]) {
  const [nodes = "", only] = one.split("/");
  for (const kind of ["full", "plenty"]) if (only === undefined || only === kind) compare(Number(nodes), kind);
}

function compare(nodes: number, kind: string): void {
  const scenario = execFileSync(`${cache}/disrupt-gen`, ["-baseline", String(nodes), ...(kind === "plenty" ? ["-plenty"] : [])], { maxBuffer: 1 << 30, encoding: "utf8" });
  const file = `${cache}/baseline-${nodes}-${kind}.json`;
  writeFileSync(file, scenario);
  const theirs = JSON.parse(execFileSync(`${cache}/disrupt`, ["-catalogs", `${conformance}/catalogs`, "-baseline", file], { maxBuffer: 1 << 28, encoding: "utf8" })) as { methods: Timing[] };
  const input = JSON.parse(readFileSync(file, "utf8")) as { now: string };
  const cluster = clusterOf(input, catalogReader([conformance])(`${conformance}/disruption/leaf.jsonl`));
  for (const method of [multiNodeConsolidation, singleNodeConsolidation]) {
    const ours = time(method, cluster, Date.parse(input.now));
    const reference = theirs.methods.find((timing) => timing.method === method.name) as Timing;
    report(nodes, kind, method.name, reference, ours);
  }
  const subset = time(subsetConsolidation(), cluster, Date.parse(input.now));
  console.log(`${pad(nodes, 5)}  ${kind.padEnd(7)}  ${"SubsetConsolidation".padEnd(23)}  ${" ".repeat(29)}${pad(subset.seconds.toFixed(3), 11)}  ${pad(`(${subset.simulations})`, 13)}  ${" ".repeat(7)}  ${subset.decision} of ${subset.sourceNodes}`);
}

// The method's own work, as the oracle times it: candidates are listed before.
// The first run of a fresh process would time the compiler, so the best of several counts, as there the better of two.
function time(method: Method, cluster: Cluster, nowMs: number): Timing {
  const prepared = prepare(cluster, { nowMs });
  let best: Timing | undefined;
  for (const end = performance.now() + WARM_SECONDS * 1000; best === undefined || performance.now() < end; ) {
    let simulations = 0;
    let seconds = 0;
    const timed: Method = {
      ...method,
      commands: (turn) => {
        const start = performance.now();
        const proposals = method.commands({ ...turn, simulate: (...asked) => (simulations++, turn.simulate(...asked)) });
        seconds = (performance.now() - start) / 1000;
        return proposals;
      },
    };
    const [command] = evaluate(prepared, { methods: [timed] }).methods[0]?.commands ?? [];
    const timing = { method: method.name, simulations, seconds, decision: command?.decision ?? "no-op", sourceNodes: command?.sourceNodes.length ?? 0 };
    if (best === undefined || seconds < best.seconds) best = timing;
  }
  return best as Timing;
}

function report(nodes: number, kind: string, name: string, theirs: Timing & { readonly sources?: number }, ours: Timing): void {
  const theirNodes = (theirs as { sourceNodes?: number }).sourceNodes ?? 0;
  const same = theirs.decision === ours.decision && theirNodes === ours.sourceNodes;
  const decision = same ? `yes: ${ours.decision} of ${ours.sourceNodes}` : `NO: ${theirs.decision} of ${theirNodes}, ours ${ours.decision} of ${ours.sourceNodes}`;
  console.log(
    `${pad(nodes, 5)}  ${kind.padEnd(7)}  ${name.padEnd(23)}  ${pad(theirs.seconds.toFixed(3), 11)}  ${pad(`(${theirs.simulations})`, 13)}   ${pad(ours.seconds.toFixed(5), 11)}  ${pad(`(${ours.simulations})`, 13)}  ${pad(`${Math.round(theirs.seconds / ours.seconds)}×`, 7)}  ${decision}`,
  );
}

function pad(value: string | number, width: number): string {
  return String(value).padStart(width);
}
