/**
 * How long the EC2 catalog takes: `tsx --tsconfig tsconfig.sources.json test/bench/catalog.ts`, after a build.
 *
 * The first block is measured in fresh processes on the built files, cold, as a user's first call is; the fastest of several
 * counts, since everything else only adds to it. The second block is warm. CPU is the process's own, user and system.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { applyOverlays, orderByPrice, withPrices } from "@groupless/catalog";
import { ec2Labels, instanceTypes, parseSnapshot, snapshotOfPages, snapshotText, staticPriceBook, withPriceBook } from "@groupless/ec2-catalog";
import usEast1 from "@groupless/ec2-catalog/us-east-1";

const BUDGET_MS = 60;
const dist = fileURLToPath(new URL("../../packages/ec2-catalog/dist/", import.meta.url));

const cold = (region: string): string => `
  const cpu = () => { const used = process.cpuUsage(); return (used.user + used.system) / 1000; };
  const { instanceTypes } = await import("${dist}index.js");
  const [wall0, cpu0] = [performance.now(), cpu()];
  const { default: snapshot } = await import("${dist}regions/${region}.js");
  const types = instanceTypes(snapshot);
  console.log(JSON.stringify({ wallMs: performance.now() - wall0, cpuMs: cpu() - cpu0, types: types.length, offerings: types.reduce((sum, type) => sum + type.offerings.length, 0) }));`;

for (const region of ["us-east-1", "us-west-2", "eu-west-1", "me-south-1"]) {
  const runs = Array.from({ length: 9 }, () => JSON.parse(execFileSync(process.execPath, ["--input-type=module", "-e", cold(region)], { encoding: "utf8" })) as { wallMs: number; cpuMs: number; types: number; offerings: number });
  const wallMs = Math.min(...runs.map((run) => run.wallMs));
  const cpuMs = Math.min(...runs.map((run) => run.cpuMs));
  console.log(`${region}: parse and build, cold: ${wallMs.toFixed(1)} ms (cpu ${cpuMs.toFixed(1)} ms), ${runs[0]!.types} types, ${runs[0]!.offerings} offerings; budget ${BUDGET_MS} ms ${wallMs <= BUDGET_MS ? "kept" : "EXCEEDED"}`);
}

const types = instanceTypes(usEast1);
const spot = [{ key: "karpenter.sh/capacity-type", operator: "In" as const, values: ["spot"] }];
const book = staticPriceBook("us-east-1");
const text = snapshotText(usEast1);
const data = new URL("../../packages/ec2-catalog/data/", import.meta.url);
const infos = readFileSync(new URL("instance-types.jsonl", data), "utf8").trimEnd().split("\n").slice(1).map((line) => JSON.parse(line));
const offered = usEast1.types.flatMap((type) => type.zones.map((Location) => ({ InstanceType: type.facts.name, Location })));
const zones = usEast1.zones.map((zone) => ({ ZoneName: zone.name, ZoneId: zone.id }));
const overlay = (name: string, weight: number, family: string): Parameters<typeof applyOverlays>[1][number] => ({ apiVersion: "karpenter.sh/v1alpha1", kind: "NodeOverlay", metadata: { name }, spec: { weight, requirements: [{ key: "karpenter.k8s.aws/instance-family", operator: "In", values: [family] }], priceAdjustment: "-10%" } });

for (const [name, work] of Object.entries({
  "instanceTypes, us-east-1": () => instanceTypes(usEast1),
  "orderByPrice under spot": () => orderByPrice(types, spot, ec2Labels),
  "withPrices, one factor for on-demand": () => withPrices(types, [{ requirements: [{ key: "karpenter.sh/capacity-type", operator: "In", values: ["on-demand"] }], factor: 0.72 }], ec2Labels),
  "applyOverlays, two overlays": () => applyOverlays([{ name: "default", instanceTypes: types }], [overlay("a", 1, "m5"), overlay("b", 2, "c5")], { labels: ec2Labels }),
  "withPriceBook": () => withPriceBook(usEast1, book),
  "parseSnapshot of a file": () => parseSnapshot(text),
  "snapshotOfPages of 1,373 entries": () => snapshotOfPages({ region: "us-east-1", takenOn: usEast1.takenOn, instanceTypes: [infos], offerings: [offered], zones: [zones], prices: book }),
})) {
  const times = Array.from({ length: 15 }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  }).toSorted((a, b) => a - b);
  console.log(`${name}: ${times[0]!.toFixed(1)} ms fastest, ${times[7]!.toFixed(1)} ms median of 15`);
}
