import { readFileSync } from "node:fs";
import { type Model, makeModel } from "../../../packages/bin-packer/src/cheapest/model.ts";

export interface Workload {
  readonly name: string;
  readonly daemons?: Readonly<Record<string, number>>;
  readonly classes: readonly { readonly count: number; readonly requests: Readonly<Record<string, number>>; readonly where?: Readonly<Record<string, readonly string[]>> }[];
}

export interface Catalog {
  readonly types: readonly { readonly name: string; readonly labels: Readonly<Record<string, string>>; readonly allocatable: Readonly<Record<string, number>>; readonly offerings: readonly { readonly zone: string; readonly capacityType: string; readonly price: number }[] }[];
}

/** A workload of `../shared/bounds` against one of its catalogs, as a model: one bin a distinct (free resources, price, labels that matter). */
export function loadModel(workloadFile: string, catalogFile: string): Model {
  const workload = JSON.parse(readFileSync(workloadFile, "utf8")) as Workload;
  const catalog = JSON.parse(readFileSync(catalogFile, "utf8")) as Catalog;
  const resources = [...new Set(["cpu", "memory", ...workload.classes.flatMap(({ requests }) => Object.keys(requests))])].filter((name) => name !== "pods").concat("pods");
  const keys = [...new Set(workload.classes.flatMap(({ where = {} }) => Object.keys(where)))];
  const bins = new Map<string, { free: number[]; price: number; labels: Record<string, string> }>();
  for (const type of catalog.types) {
    const free = resources.map((resource) => (type.allocatable[resource] ?? 0) - (workload.daemons?.[resource] ?? 0));
    if (free.slice(0, 2).some((amount) => amount <= 0)) continue;
    for (const { zone, capacityType, price } of type.offerings) {
      const labels: Record<string, string> = { ...type.labels, "topology.kubernetes.io/zone": zone, "karpenter.sh/capacity-type": capacityType, "node.kubernetes.io/instance-type": type.name };
      bins.set(JSON.stringify([free, price, keys.map((key) => labels[key])]), { free, price, labels });
    }
  }
  const list = [...bins.values()];
  const { classes } = workload;
  return makeModel({
    requests: classes.map(({ requests }) => resources.map((resource) => (resource === "pods" ? 1 : (requests[resource] ?? 0)))),
    counts: classes.map(({ count }) => count),
    free: list.map(({ free }) => free),
    prices: list.map(({ price }) => price),
    allows: (bin, podClass) => Object.entries(classes[podClass]?.where ?? {}).every(([key, values]) => values.includes((list[bin] as { labels: Record<string, string> }).labels[key] ?? "")),
  });
}
