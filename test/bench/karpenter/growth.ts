// `pnpm bench:karpenter growth`: time per pod and memory from 1,000 to 100,000 pods, on Karpenter's own workloads; written to docs/growth.json and drawn
// to docs/growth.svg. Karpenter's own times beside it are those of the last `pnpm bench:karpenter` on this machine. Processor time, so that other work on
// the machine shows little.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { prepare, type Prepared, solve } from "@groupless/bin-packer";
import { growthPicture, type Line } from "./growth-picture.ts";
import { buildOracle, cache, inputOf, read } from "./oracle.ts";

const docs = fileURLToPath(new URL("../../../docs/", import.meta.url));
const SIZES = [1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000];
const RUNS = 5;
const WARM_UPS = 60;
const MB = 1 << 20;

interface Measured {
  readonly pods: number;
  readonly nodes: number;
  readonly ms: number;
  readonly usPerPod: number;
  /** Held beside the input once all is done, preparation and answer both alive. */
  readonly heldMB: number;
}

buildOracle();
let alive: Prepared | undefined;
const works = { diverse: measureAll("diverse"), "ec2 mix": measureAll("ec2") };
const karpenter = karpenterTimes();
writeFileSync(`${docs}growth.json`, `${JSON.stringify({ node: process.version, works, karpenter }, null, 2)}\n`);
const lines: Line[] = [
  ...Object.entries(karpenter).map(([name, points]) => ({ name: `Karpenter, ${name}`, dashed: true, points: points.map(({ pods, ms }) => [pods, (ms * 1000) / pods] as const) })),
  ...Object.entries(works).map(([name, points]) => ({ name: `groupless, ${name}`, dashed: false, points: points.map(({ pods, usPerPod }) => [pods, usPerPod] as const) })),
];
writeFileSync(`${docs}growth.svg`, growthPicture("Scheduling time a pod", "microseconds a pod", "pods", lines));
for (const [name, points] of Object.entries(works)) {
  const [first, last] = [points[0] as Measured, points.at(-1) as Measured];
  console.log(`${name}: ${first.usPerPod.toFixed(1)} µs a pod at ${first.pods}, ${last.usPerPod.toFixed(1)} at ${last.pods}: ${(last.usPerPod / first.usPerPod).toFixed(2)}×; ${last.heldMB.toFixed(0)} MB above the input`);
}

function measureAll(work: string): Measured[] {
  const warm = inputOf(`${work}-1000`).text;
  for (let run = 0; run < WARM_UPS; run++) solveOnce(read(warm));
  console.log(`${work}:  pods  nodes   ms (processor)   µs a pod   MB held above the input`);
  return SIZES.map((size) => {
    const { text } = inputOf(`${work}-${size}`);
    const times: number[] = [];
    let nodes = 0;
    for (let run = 0; run < (size > 20_000 ? 3 : RUNS); run++) {
      const input = read(text);
      const start = process.cpuUsage();
      nodes = solveOnce(input).nodes;
      const { user, system } = process.cpuUsage(start);
      times.push((user + system) / 1000);
    }
    const ms = times.sort((a, b) => a - b)[times.length >> 1] as number;
    const measured = { pods: size, nodes, ms, usPerPod: (ms * 1000) / size, heldMB: held(text) };
    console.log(`${String(size).padStart(14)} ${String(nodes).padStart(6)} ${ms.toFixed(1).padStart(10)} ${measured.usPerPod.toFixed(1).padStart(14)} ${measured.heldMB.toFixed(1).padStart(12)}`);
    return measured;
  });
}

function solveOnce({ cluster, nowMs }: ReturnType<typeof read>): { readonly nodes: number } {
  alive = prepare(cluster, { nowMs });
  return { nodes: solve(alive).newNodeClaims.length };
}

/** Of an input that was there before, nothing but what was made from it. */
function held(text: string): number {
  const input = read(text);
  alive = undefined;
  globalThis.gc?.();
  const before = process.memoryUsage();
  const prepared = prepare(input.cluster, { nowMs: input.nowMs });
  const packing = solve(prepared);
  globalThis.gc?.();
  const after = process.memoryUsage();
  if (packing.newNodeClaims.length === 0 || prepared.nowMs !== input.nowMs) throw new Error("nothing was placed");
  return (after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers) / MB;
}

function karpenterTimes(): Readonly<Record<string, readonly { readonly pods: number; readonly ms: number }[]>> {
  const file = `${cache}/scheduling.json`;
  if (!existsSync(file)) return {};
  const rows = JSON.parse(readFileSync(file, "utf8")) as readonly { work: string; pods: number; karpenterMs: number }[];
  const of = (start: string) => rows.filter(({ work }) => work.startsWith(start)).map(({ pods, karpenterMs }) => ({ pods, ms: karpenterMs })).sort((a, b) => a.pods - b.pods);
  return Object.fromEntries(Object.entries({ diverse: of("diverse"), "ec2 mix": of("ec2").filter(({ pods }) => pods > 0).slice(0, 1) }).filter(([, points]) => points.length > 0));
}
