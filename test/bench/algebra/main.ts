// `npx tsx --tsconfig tsconfig.sources.json test/bench/algebra/main.ts`: quantities and requirements beside the Go originals, in the same run.
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { addQuantities, compareQuantities, parseQuantity, signOf } from "@groupless/quantity";
import * as exact from "@groupless/requirements";
import * as karpenter from "@groupless/requirements/karpenter";
import { pods, pools, probes, quantities, singles } from "./corpus.ts";

const MILLISECONDS = Number(process.argv[2] ?? 400);
const folder = fileURLToPath(new URL("./go/", import.meta.url));
const binary = fileURLToPath(new URL("../../../.cache/bench/algebra", import.meta.url));

let sink = 0;

/** Nanoseconds of one operation in the fastest of many rounds. */
function measure(operations: number, round: () => void): number {
  for (let warm = performance.now() + MILLISECONDS / 2; performance.now() < warm; ) round();
  let best = Infinity;
  for (let end = performance.now() + MILLISECONDS; performance.now() < end; ) {
    const start = performance.now();
    round();
    best = Math.min(best, ((performance.now() - start) * 1e6) / operations);
  }
  return best;
}

const each = <A, B>(left: readonly A[], right: readonly B[], run: (a: A, b: B) => number): number =>
  measure(left.length * right.length, () => {
    for (const a of left) for (const b of right) sink += run(a, b);
  });

const wellKnown: ReadonlySet<string> = new Set(exact.CORE_LABELS.wellKnown);
const parsed = quantities.map(parseQuantity);
const theirs = singles.map((requirement) => karpenter.requirementOf(requirement));
const sets = singles.map((requirement) => exact.valuesOf(requirement));
const theirPools = pools.map((list) => karpenter.fromSelectorRequirements(list));
const theirPods = pods.map((list) => karpenter.fromSelectorRequirements(list));
const exactPools = pools.map((list) => exact.requirements(list));
const exactPods = pods.map((list) => exact.requirements(list));

function ours(): Record<string, { readonly karpenter: number; readonly exact?: number }> {
  return {
    "quantity parse": { karpenter: each(quantities, [0], (text) => signOf(parseQuantity(text))) },
    "quantity compare": { karpenter: each(parsed, parsed, compareQuantities) },
    "quantity add": { karpenter: each(parsed, parsed, (a, b) => signOf(addQuantities(a, b))) },
    intersect: { karpenter: each(theirs, theirs, (a, b) => karpenter.intersection(a, b).key.length), exact: each(sets, sets, (a, b) => exact.intersectValues(a, b).except.length) },
    isEmpty: { karpenter: each(theirs, theirs, (a, b) => Number(karpenter.hasIntersection(a, b))), exact: each(sets, sets, (a, b) => Number(exact.valuesMeet(a, b))) },
    has: { karpenter: each(theirs, probes, (a, probe) => Number(karpenter.has(a, probe))), exact: each(sets, probes, (a, probe) => Number(exact.hasValue(a, probe))) },
    compatible: { karpenter: each(theirPools, theirPods, (a, b) => Number(karpenter.isCompatible(a, b, wellKnown))), exact: each(exactPools, exactPods, (a, b) => Number(exact.compatible(a, b, wellKnown))) },
  };
}

mkdirSync(fileURLToPath(new URL("../../../.cache/bench", import.meta.url)), { recursive: true });
execFileSync("go", ["build", "-o", binary, "."], { cwd: folder, stdio: "inherit" });
const go = JSON.parse(execFileSync(binary, { input: JSON.stringify({ quantities, singles, probes, pools, pods, milliseconds: MILLISECONDS }), encoding: "utf8" })) as Record<string, number>;
const measured = ours();

const cell = (ns: number | undefined): string => (ns === undefined ? "" : ns.toFixed(0)).padStart(8);
const ratio = (name: string, ns: number | undefined): string => (ns === undefined ? "" : `${((go[name] as number) / ns).toFixed(2)}×`).padStart(8);
console.log(`${"ns an operation".padEnd(18)}${"Go".padStart(8)}${"ours".padStart(8)}${"".padStart(8)}${"exact".padStart(8)}`);
for (const [name, times] of Object.entries(measured)) {
  console.log(`${name.padEnd(18)}${cell(go[name])}${cell(times.karpenter)}${ratio(name, times.karpenter)}${cell(times.exact)}${ratio(name, times.exact)}`);
}
console.log(`(${sink === 0 ? "nothing" : "answers"} counted; × is how many times faster than Go)`);
