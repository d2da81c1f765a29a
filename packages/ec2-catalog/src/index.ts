export type { CatalogOptions } from "./resolve/instance-types.ts";
export type { InstanceTypeFacts } from "./facts/instance-type-facts.ts";
export type { InstanceTypeInfo } from "./facts/instance-type-info.ts";
export type { LeftOutType, Price, RegionSnapshot, RegionType, Zone } from "./snapshot/region-snapshot.ts";
export { ec2WellKnownLabels } from "./resolve/label-keys.ts";
export { factsOf } from "./facts/facts-of.ts";
export { instanceTypes } from "./resolve/instance-types.ts";
export { knownFacts, knownFactsOf } from "./facts/facts-table.ts";
