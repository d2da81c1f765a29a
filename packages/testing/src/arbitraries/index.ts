export { agedClusters } from "./aged-cluster.ts";
export { type ClusterOptions, clusters } from "./cluster.ts";
export { budgets, nodePools } from "./node-pool.ts";
export { quietClusters } from "./quiet-cluster.ts";
export { variedClusters, type VariedOptions } from "./varied/varied-cluster.ts";
export { type PodOptions, podTemplates, pods } from "./pod.ts";
export { quantities, requests } from "./quantity.ts";
export { poolRequirements, requirements } from "./requirement.ts";
