// `pnpm chaos [RUNS] [FIRST SEED]`: seeded fault schedules against the fleet on the fake EC2.
import { FAULTS } from "./fault-schedule.ts";
import { chaosRun } from "./chaos-run.ts";

const runs = Number(process.argv[2] ?? 10_000);
const first = Number(process.argv[3] ?? 1);
const fired = new Map<string, number>();
let crashes = 0;
let failed = 0;
const started = performance.now();
for (let seed = first; seed < first + runs; seed++) {
  const result = await chaosRun(seed);
  for (const [key, count] of result.fired) fired.set(key, (fired.get(key) ?? 0) + count);
  crashes += result.crashes;
  if (result.violations.length > 0 && failed++ < 10) console.log(`seed ${seed}: ${result.violations.join("; ")}`);
}
console.log(`${runs} schedules, ${failed} with a violation, ${crashes} crashes, ${Math.round((performance.now() - started) / 1000)} s`);
const rows = Object.entries(FAULTS).flatMap(([call, kinds]) => kinds.map((kind) => `${call} ${kind}`));
for (const row of rows) console.log(`${String(fired.get(row) ?? 0).padStart(7)} ${row}`);
const rare = runs >= 10_000 ? rows.filter((row) => (fired.get(row) ?? 0) < 50) : [];
if (rare.length > 0) console.log(`fired fewer than 50 times: ${rare.join(", ")}`);
process.exitCode = failed > 0 || rare.length > 0 ? 1 : 0;
