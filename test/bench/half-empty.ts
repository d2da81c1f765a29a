// `npx tsx --tsconfig tsconfig.sources.json test/bench/half-empty.ts [WORKLOAD CATALOG VCPUS]`: a cluster of small nodes half of whose pods have
// gone: how near to the least price deletions alone come, and how near regrouping does, and with how many evictions. Needs the workloads and
// catalogs of ../shared/bounds.
import { type Cluster, prepare, solve } from "@groupless/bin-packer";
import { multiNodeConsolidation, regroupConsolidation, subsetConsolidation } from "@groupless/disruption";
import { halfEmpty, NOW_MS } from "./consolidation/half-empty-cluster.ts";
import { play } from "./consolidation/play.ts";

const [workload = "w3-services-20k", catalog = "cmr-16", vcpus = "8"] = process.argv.slice(2);
const start = halfEmpty(workload, catalog, Number(vcpus));
const least = solve(prepare(start.waiting, { nowMs: NOW_MS }), { objective: "cheapest" }).lowerBoundUsdPerHour ?? Number.NaN;

report("half-empty", start.cluster, 0, `${start.waiting.objects.length} pods`);
for (const [name, method, rounds] of [
  ["prefixes of 100, as Karpenter", multiNodeConsolidation, 200],
  ["any subset, one command", subsetConsolidation(), 1],
  ["any subset, few moves", subsetConsolidation({ moveUsdPerHour: 0.0035 }), 1],
  ["any subset, to its end", subsetConsolidation(), 20],
  ["regrouping in one go", regroupConsolidation({ maxNodes: 10_000 }), 1],
] as const) {
  const { cluster, evictions, commands, cpuSeconds } = play(start, method, rounds);
  report(name, cluster, evictions, `${commands} command${commands === 1 ? "" : "s"}, ${cpuSeconds.toFixed(1)} s of processor time`);
}

function report(name: string, now: Cluster, evictions: number, note: string): void {
  const nodes = now.objects.filter(({ kind }) => kind === "Node").length;
  console.log(`${name.padEnd(34)} ${(start.price(now) / least).toFixed(3)}× the bound, ${nodes} nodes, ${evictions} evictions  (${note})`);
}
