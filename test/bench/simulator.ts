/**
 * How long the simulator takes for a day: the 8,152 pods of the openb trace come in one day instead of 149, and run as long as they did.
 *
 * `npx tsx --tsconfig tsconfig.sources.json test/bench/simulator.ts TRACE.csv [POLICY.yaml] [HOURS]` prints wall seconds, CPU seconds and what was simulated.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import usEast1 from "@groupless/ec2-catalog/us-east-1";
import { parse } from "@groupless/manifests";
import { parseTrace, replay } from "@groupless/simulator";

const [traceFile, policyFile = "examples/policies/when-empty.yaml", hours = "24"] = process.argv.slice(2);
if (traceFile === undefined) throw new Error("which trace? openb-pods.csv of Alibaba's cluster-trace-gpu-v2023");
const SPEED_UP = 149.4;
const HOUR_MS = 3_600_000;

const trace = parseTrace(readFileSync(traceFile, "utf8"), { file: traceFile, speedUp: SPEED_UP });
const { nodePools, nodeClasses } = parse(readFileSync(policyFile, "utf8"));
const startMs = performance.now();
const startCpu = process.cpuUsage();
const run = await replay({ name: policyFile, objects: [...nodeClasses, ...nodePools] }, trace, { region: usEast1, durationMs: Number(hours) * HOUR_MS, sampleMs: 60_000 });
const { user, system } = process.cpuUsage(startCpu);
const { podsArrived, podsFinished, peakNodes, nodesLaunched, nodesRemoved, launchFailures, commands } = run.summary;
const bytes = createHash("sha256").update(JSON.stringify(run)).digest("hex").slice(0, 16);

process.stdout.write(
  `${hours} h, ${policyFile}: ${((performance.now() - startMs) / 1000).toFixed(2)} s wall, ${((user + system) / 1e6).toFixed(2)} s CPU\n` +
    `pods ${podsArrived} came, ${podsFinished} finished; nodes ${peakNodes} at most, ${nodesLaunched} launched, ${nodesRemoved} removed, ${launchFailures} launches failed; commands ${JSON.stringify(commands)}; sha256 ${bytes}\n`,
);
