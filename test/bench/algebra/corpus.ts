import type { NodeSelectorRequirementWithMinValues, Operator } from "@groupless/api";

const ZONE = "topology.kubernetes.io/zone";
const zones = ["us-west-2a", "us-west-2b", "us-west-2c", "us-west-2d"];
const families = ["c5", "c6i", "c7g", "m5", "m6i", "m7g", "r5", "r6i", "r7g", "t3"];

const one = (key: string, operator: Operator, ...values: string[]): NodeSelectorRequirementWithMinValues => ({ key, operator, values });

/** Quantities of the sizes pods and nodes have. */
export const quantities: readonly string[] = ["100m", "250m", "500m", "1", "2", "4", "1500m", "7910m", "15890m", "0.5", "64Mi", "128Mi", "512Mi", "1Gi", "1.5Gi", "7577Mi", "29317Mi", "1G", "20Gi", "1e3", "0", "58", "737", "93512323072"];

/** One key under every operator. */
export const singles: readonly NodeSelectorRequirementWithMinValues[] = [
  one("key", "In", "4"),
  one("key", "In", ...families),
  one("key", "In", ...Array.from({ length: 60 }, (_, index) => `${index}`)),
  one("key", "NotIn", "4", "8"),
  one("key", "NotIn", ...families.slice(0, 4)),
  one("key", "Exists"),
  one("key", "DoesNotExist"),
  one("key", "Gt", "2"),
  one("key", "Gte", "5"),
  one("key", "Lt", "64"),
  one("key", "Lte", "32"),
];

export const probes: readonly string[] = ["4", "8", "96", "m5", "t2", "us-west-2a", "true", ""];

/** What NodePools require. */
export const pools: readonly (readonly NodeSelectorRequirementWithMinValues[])[] = families.map((family, index) => [
  one(ZONE, "In", ...zones.slice(0, 1 + (index % 4))),
  one("kubernetes.io/arch", "In", family.endsWith("g") ? "arm64" : "amd64"),
  one("kubernetes.io/os", "In", "linux"),
  one("karpenter.sh/capacity-type", "In", "spot", "on-demand"),
  one("karpenter.sh/nodepool", "In", family),
  one("karpenter.k8s.aws/instance-family", "In", family, "m5"),
  one("karpenter.k8s.aws/instance-generation", "Gt", "4"),
  one("team", "In", `team-${index % 3}`),
]);

/** What pods require. */
export const pods: readonly (readonly NodeSelectorRequirementWithMinValues[])[] = Array.from({ length: 40 }, (_, index) => [
  ...(index % 2 === 0 ? [one(ZONE, "In", zones[index % 4] as string)] : []),
  ...(index % 3 === 0 ? [one("kubernetes.io/arch", "In", "amd64")] : []),
  ...(index % 4 === 0 ? [one("team", "In", `team-${index % 3}`)] : []),
  ...(index % 5 === 0 ? [one("karpenter.sh/capacity-type", "NotIn", "spot")] : []),
  ...(index % 7 === 0 ? [one("karpenter.k8s.aws/instance-generation", "Gte", "6")] : []),
  ...(index % 11 === 0 ? [one("gpu", "DoesNotExist")] : []),
]);
