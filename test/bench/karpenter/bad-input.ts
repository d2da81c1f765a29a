// `pnpm bench:karpenter bad-input [CASE…]`: what input costs that nobody should send, beside the same number of ordinary pods in the same process. Every pod
// of it must be placed or explained, or the run ends with 1. Least processor time of some runs, all inputs in turns, so that other work on the machine
// shows little.
import { prepare, solve } from "@groupless/bin-packer";
import { BAD_INPUTS, type BadInput, made } from "./bad-inputs.ts";
import { buildOracle, inputOf, read } from "./oracle.ts";

const ROUNDS = 5;
const WARM_UPS = 3;

/** What came of an input. */
interface Outcome {
  readonly placed: number;
  readonly unplaced: number;
  readonly unexplained: number;
  readonly codes: readonly string[];
}

buildOracle();
const asked = process.argv.slice(2);
const names = Object.keys(BAD_INPUTS).filter((name) => asked.length === 0 || asked.some((part) => name.includes(part)));
const { text } = inputOf("ec2");
const times = new Map<string, number[]>();
const outcomes = new Map<string, Outcome>();
// The first rounds are the compiler's.
for (let round = -WARM_UPS; round < ROUNDS; round++) {
  for (const name of ["ordinary", ...names]) {
    const ms = timed(name);
    if (round >= 0) times.set(name, [...(times.get(name) ?? []), ms]);
  }
}
const ordinary = Math.min(...(times.get("ordinary") ?? []));
console.log("input                                    ms (processor)   by ordinary   placed   unplaced   kinds of reasons");
for (const [name, list] of times) {
  const { placed, unplaced, unexplained, codes } = outcomes.get(name) as Outcome;
  const least = Math.min(...list);
  console.log(`${name.padEnd(40)} ${least.toFixed(0).padStart(14)} ${`${(least / ordinary).toFixed(2)}×`.padStart(13)} ${String(placed).padStart(8)} ${String(unplaced).padStart(10)}   ${codes.join(", ")}${unexplained === 0 ? "" : ` ${unexplained} NOT EXPLAINED`}`);
}
if ([...outcomes.values()].some(({ unexplained }) => unexplained > 0)) process.exit(1);

function timed(name: string): number {
  const { cluster: fresh, nowMs } = read(text);
  const cluster = name === "ordinary" ? fresh : made(fresh, BAD_INPUTS[name] as BadInput);
  globalThis.gc?.();
  const start = process.cpuUsage();
  const { newNodeClaims, podErrors } = solve(prepare(cluster, { nowMs }));
  const { user, system } = process.cpuUsage(start);
  outcomes.set(name, {
    placed: newNodeClaims.reduce((sum, { pods }) => sum + pods.length, 0),
    unplaced: podErrors.length,
    unexplained: podErrors.filter(({ reasons, message }) => reasons.length === 0 || message === "").length,
    codes: [...new Set(podErrors.flatMap(({ reasons }) => reasons.map(({ code }) => code)))].sort(),
  });
  return (user + system) / 1000;
}
