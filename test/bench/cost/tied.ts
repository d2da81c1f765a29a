// `npx tsx --tsconfig tsconfig.sources.json test/bench/cost/tied.ts`: whole clusters with spread and anti-affinity on three classes in ten.
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { NodePool, Pod, PodSpec } from "@groupless/api";
import { prepare, solve } from "@groupless/bin-packer";
import type { InstanceType } from "@groupless/catalog";
import type { Catalog, Workload } from "./workload.ts";

const shared = resolve(fileURLToPath(new URL("../../..", import.meta.url)), "../shared/bounds");
if (!existsSync(shared)) {
  console.log("skipped: ../shared/bounds is absent");
  process.exit(0);
}

const is = (key: string, value: string) => ({ key, operator: "In" as const, values: [value] });
const amounts = (of: Readonly<Record<string, number>>): Record<string, string> => Object.fromEntries(Object.entries(of).map(([name, amount]) => [name, name === "cpu" ? `${amount}m` : name === "memory" ? `${amount}Mi` : String(amount)]));

function typesOf(catalog: Catalog, daemons: Readonly<Record<string, number>>): InstanceType[] {
  return catalog.types.map((type) => ({
    name: type.name,
    requirements: [...Object.entries(type.labels).map(([key, value]) => is(key, value)), is("node.kubernetes.io/instance-type", type.name), { key: "topology.kubernetes.io/zone", operator: "In", values: [...new Set(type.offerings.map(({ zone }) => zone))] }, is("karpenter.sh/capacity-type", "on-demand")],
    capacity: amounts(type.allocatable),
    overhead: { kubeReserved: amounts(daemons) },
    offerings: type.offerings.map(({ zone, capacityType, price }) => ({ requirements: [is("topology.kubernetes.io/zone", zone), is("karpenter.sh/capacity-type", capacityType)], price, available: true })),
  }));
}

/** Every tenth class spreads over zones, every tenth over hosts, every tenth keeps to one pod a host. */
function podsOf(workload: Workload, tied: boolean): Pod[] {
  return workload.classes.flatMap(({ count, requests, where = {} }, index) => {
    const labels = { app: `app-${index}` };
    const selector = { labelSelector: { matchLabels: labels } };
    const spread = (topologyKey: string, maxSkew: number): Partial<PodSpec> => ({ topologySpreadConstraints: [{ topologyKey, maxSkew, whenUnsatisfiable: "DoNotSchedule", ...selector }] });
    const ties: Partial<PodSpec>[] = [spread("topology.kubernetes.io/zone", 1), spread("kubernetes.io/hostname", 2), { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: "kubernetes.io/hostname", ...selector }] } } }];
    const terms = Object.entries(where).map(([key, values]) => ({ key, operator: "In" as const, values: [...values] }));
    const tie = tied ? (ties[index % 10] ?? {}) : {};
    const affinity = { ...tie.affinity, ...(terms.length === 0 ? {} : { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: terms }] } } }) };
    return Array.from({ length: count }, (_, pod): Pod => ({ apiVersion: "v1", kind: "Pod", metadata: { name: `app-${index}-${pod}`, namespace: "default", labels }, spec: { containers: [{ name: "main", resources: { requests: amounts(requests) } }], ...tie, affinity } }));
  });
}

const nodePool: NodePool = {
  apiVersion: "karpenter.sh/v1",
  kind: "NodePool",
  metadata: { name: "default" },
  spec: { template: { spec: { nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "default" }, requirements: [], expireAfter: "720h" } }, disruption: { consolidateAfter: "0s", consolidationPolicy: "WhenEmptyOrUnderutilized" } },
};

console.log("| workload | catalog | ties | first-fit | cheapest | bound | first-fit / bound | cheapest / bound | CPU s |\n| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
for (const [name, catalogName] of [["w1-mix-1k", "cmr-16"], ["w3-services-2k", "cmr-16"], ["w3-services-2k", "all"]] as const) {
  const workload = JSON.parse(readFileSync(join(shared, "workloads", `${name}.json`), "utf8")) as Workload;
  const catalog = JSON.parse(readFileSync(join(shared, "catalogs", `${catalogName}.json`), "utf8")) as Catalog;
  for (const tied of [false, true]) {
    const prepared = prepare({ nodePools: [nodePool], objects: podsOf(workload, tied), instanceTypes: { "*": typesOf(catalog, workload.daemons ?? {}) } }, { nowMs: 0 });
    const firstFit = solve(prepared);
    const start = process.cpuUsage();
    const cheapest = solve(prepared, { objective: "cheapest" });
    const { user, system } = process.cpuUsage(start);
    const bound = cheapest.lowerBoundUsdPerHour ?? 0;
    if (cheapest.priceUsdPerHour > firstFit.priceUsdPerHour || cheapest.podErrors.length > firstFit.podErrors.length) throw new Error(`${name}/${catalogName} is dearer than first-fit`);
    console.log(`| ${name} | ${catalogName} | ${tied ? "30 % of the classes" : "none"} | ${firstFit.priceUsdPerHour.toFixed(3)} | ${cheapest.priceUsdPerHour.toFixed(3)} | ${bound.toFixed(3)} | ${(firstFit.priceUsdPerHour / bound).toFixed(3)} | ${(cheapest.priceUsdPerHour / bound).toFixed(3)} | ${((user + system) / 1e6).toFixed(2)} |`);
  }
}
