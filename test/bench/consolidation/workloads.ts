// `npx tsx --tsconfig tsconfig.sources.json test/bench/consolidation/workloads.ts [WORKLOAD/CATALOG…]`: subset search beside the search over prefixes
// on every workload of ../shared/bounds, half of whose pods have gone. Fails if subset search is dearer anywhere: by its first command, or when
// neither finds anything more.
import { multiNodeConsolidation, subsetConsolidation } from "@groupless/disruption";
import { halfEmpty } from "./half-empty-cluster.ts";
import { play } from "./play.ts";

// With each catalog that has room for the workload, packed on nodes of at most so many vCPUs.
const ALL: readonly (readonly [workload: string, catalog: string, vcpus: number])[] = [
  ["w1-mix-1k", "cmr-16", 8],
  ["w1-mix-1k", "cmr-amd64", 8],
  ["w1-mix-1k", "all", 8],
  ["w1-mix-5k", "cmr-16", 8],
  ["w1-mix-5k", "cmr-amd64", 8],
  ["w2-openb-8k", "cmr-amd64", 192],
  ["w2-openb-8k", "all", 192],
  ["w3-placed-5k", "cmr-16", 8],
  ["w3-placed-5k", "all", 8],
  ["w3-services-2k", "cmr-16", 8],
  ["w3-services-2k", "cmr-amd64", 8],
  ["w3-services-2k", "all", 8],
  ["w3-services-20k", "cmr-16", 8],
  ["w3-services-20k", "cmr-amd64", 8],
  ["w4-halves-3k", "cmr-16", 16],
  ["w4-halves-3k", "cmr-amd64", 16],
  ["w5-big-600", "cmr-64", 64],
  ["w5-big-600", "cmr-amd64", 64],
];
const ROUNDS = 200;

const asked = process.argv.slice(2);
let dearer = 0;
console.log("workload         catalog     nodes  before  | first command saves: prefixes  subset | at the end: prefixes (commands, evictions)  subset (commands, evictions)  | CPU s");
for (const [workload, catalog, vcpus] of ALL) {
  if (asked.length > 0 && !asked.includes(`${workload}/${catalog}`)) continue;
  const start = halfEmpty(workload, catalog, vcpus);
  const [prefixes, subset] = [multiNodeConsolidation, subsetConsolidation()].map((method) => {
    const played = play(start, method, ROUNDS);
    return { ...played, price: start.price(played.cluster) };
  }) as [ReturnType<typeof play> & { readonly price: number }, ReturnType<typeof play> & { readonly price: number }];
  const isDearer = subset.firstUsdPerHour < prefixes.firstUsdPerHour - 1e-9 || subset.price > prefixes.price + 1e-9;
  if (isDearer) dearer++;
  const nodes = start.cluster.objects.filter(({ kind }) => kind === "Node").length;
  const end = ({ price, commands, evictions }: typeof subset): string => `${price.toFixed(3)} (${commands}, ${evictions})`.padStart(24);
  console.log(
    `${workload.padEnd(16)} ${catalog.padEnd(10)} ${String(nodes).padStart(6)} ${start.price(start.cluster).toFixed(3).padStart(9)} | ${prefixes.firstUsdPerHour.toFixed(3).padStart(9)} ${subset.firstUsdPerHour.toFixed(3).padStart(9)} | ${end(prefixes)} ${end(subset)} | ${prefixes.cpuSeconds.toFixed(1)} ${subset.cpuSeconds.toFixed(1)}${isDearer ? "  DEARER" : ""}`,
  );
}
if (dearer > 0) {
  console.error(`subset search is dearer on ${dearer} workload${dearer === 1 ? "" : "s"}`);
  process.exitCode = 1;
}
