import type { Cluster } from "@groupless/bin-packer";
import { nodePool } from "./objects.ts";
import { instanceTypes } from "./instance-type.ts";

/** A cluster of one permissive NodePool and a small catalog, empty but for what the overrides say. */
export function cluster(overrides: Partial<Cluster> = {}): Cluster {
  return { nodePools: [nodePool()], objects: [], instanceTypes: { "*": instanceTypes() }, ...overrides };
}
