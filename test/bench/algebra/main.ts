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
function measure(operations: number, round: () => number): number {
  for (let warm = performance.now() + MILLISECONDS / 2; performance.now() < warm; ) sink += round();
  let best = Infinity;
  for (let end = performance.now() + MILLISECONDS; performance.now() < end; ) {
    const start = performance.now();
    const counted = round();
    best = Math.min(best, ((performance.now() - start) * 1e6) / operations);
    sink += counted;
  }
  return best;
}

const wellKnown: ReadonlySet<string> = new Set(exact.CORE_LABELS.wellKnown);
const parsed = quantities.map(parseQuantity);
const theirs = singles.map((requirement) => karpenter.requirementOf(requirement));
const sets = singles.map((requirement) => exact.valuesOf(requirement));
const theirPools = pools.map((list) => karpenter.fromSelectorRequirements(list));
const theirPods = pods.map((list) => karpenter.fromSelectorRequirements(list));
const exactPools = pools.map((list) => exact.requirements(list));
const exactPods = pods.map((list) => exact.requirements(list));

mkdirSync(fileURLToPath(new URL("../../../.cache/bench", import.meta.url)), { recursive: true });
execFileSync("go", ["build", "-o", binary, "."], { cwd: folder, stdio: "inherit" });
const go = JSON.parse(execFileSync(binary, { input: JSON.stringify({ quantities, singles, probes, pools, pods, milliseconds: MILLISECONDS }), encoding: "utf8" })) as Record<string, number>;

// Each operation has a loop of its own, as on Go's side: one loop for all would call them through a pointer, which Go's does not.
const ours: Record<string, { readonly karpenter: number; readonly exact?: number }> = {
  "quantity parse": {
    karpenter: measure(quantities.length, () => {
      let counted = 0;
      for (const text of quantities) counted += signOf(parseQuantity(text));
      return counted;
    }),
  },
  "quantity compare": {
    karpenter: measure(parsed.length ** 2, () => {
      let counted = 0;
      for (const a of parsed) for (const b of parsed) counted += compareQuantities(a, b);
      return counted;
    }),
  },
  "quantity add": {
    karpenter: measure(parsed.length ** 2, () => {
      let counted = 0;
      for (const a of parsed) for (const b of parsed) counted += signOf(addQuantities(a, b));
      return counted;
    }),
  },
  intersect: {
    karpenter: measure(theirs.length ** 2, () => {
      let counted = 0;
      for (const a of theirs) for (const b of theirs) counted += karpenter.intersection(a, b).key.length;
      return counted;
    }),
    exact: measure(sets.length ** 2, () => {
      let counted = 0;
      for (const a of sets) for (const b of sets) counted += exact.intersectValues(a, b).except.length;
      return counted;
    }),
  },
  isEmpty: {
    karpenter: measure(theirs.length ** 2, () => {
      let counted = 0;
      for (const a of theirs) for (const b of theirs) counted += Number(karpenter.hasIntersection(a, b));
      return counted;
    }),
    exact: measure(sets.length ** 2, () => {
      let counted = 0;
      for (const a of sets) for (const b of sets) counted += Number(exact.valuesMeet(a, b));
      return counted;
    }),
  },
  has: {
    karpenter: measure(theirs.length * probes.length, () => {
      let counted = 0;
      for (const a of theirs) for (const probe of probes) counted += Number(karpenter.has(a, probe));
      return counted;
    }),
    exact: measure(sets.length * probes.length, () => {
      let counted = 0;
      for (const a of sets) for (const probe of probes) counted += Number(exact.hasValue(a, probe));
      return counted;
    }),
  },
  compatible: {
    karpenter: measure(theirPools.length * theirPods.length, () => {
      let counted = 0;
      for (const a of theirPools) for (const b of theirPods) counted += Number(karpenter.isCompatible(a, b, wellKnown));
      return counted;
    }),
    exact: measure(exactPools.length * exactPods.length, () => {
      let counted = 0;
      for (const a of exactPools) for (const b of exactPods) counted += Number(exact.compatible(a, b, wellKnown));
      return counted;
    }),
  },
};


const cell = (ns: number | undefined): string => (ns === undefined ? "" : ns.toFixed(0)).padStart(8);
const ratio = (name: string, ns: number | undefined): string => (ns === undefined ? "" : `${((go[name] as number) / ns).toFixed(2)}×`).padStart(8);
console.log(`${"ns an operation".padEnd(18)}${"Go".padStart(8)}${"ours".padStart(8)}${"".padStart(8)}${"exact".padStart(8)}`);
for (const [name, times] of Object.entries(ours)) {
  console.log(`${name.padEnd(18)}${cell(go[name])}${cell(times.karpenter)}${ratio(name, times.karpenter)}${cell(times.exact)}${ratio(name, times.exact)}`);
}
console.log(`(${sink === 0 ? "nothing" : "answers"} counted; × is how many times faster than Go)`);
