import type { Cluster } from "@groupless/bin-packer";
import { asYaml } from "./as-yaml.ts";

/**
 * Wraps a check of a cluster so that its failure shows the cluster as YAML: for `fc.property(clusters(), showing(check))`.
 *
 * The error stays the one thrown, only its message grows. Promises are not awaited.
 */
export function showing<Rest extends readonly unknown[], Result>(check: (cluster: Cluster, ...rest: Rest) => Result): (cluster: Cluster, ...rest: Rest) => Result {
  return (cluster, ...rest) => {
    try {
      return check(cluster, ...rest);
    } catch (error) {
      if (error instanceof Error && !error.message.includes("groupless plan")) error.message += `\n\nThe cluster, for kubectl apply -f and groupless plan:\n\n${asYaml(cluster)}`;
      throw error;
    }
  };
}
