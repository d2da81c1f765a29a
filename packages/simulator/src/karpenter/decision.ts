import type { Cluster, Packing } from "@groupless/bin-packer";
import type { Command } from "@groupless/disruption";

/** What the autoscaler decided, and on what. */
export type Decision =
  | { readonly type: "placement"; readonly atMs: number; readonly cluster: Cluster; readonly packing: Packing }
  /**
   * The commands that were started together: the cluster at the start of the pass, and the one, a while later, in which they were started. They were found in the first,
   * or in the second where what an earlier method had found did not hold that long.
   */
  | { readonly type: "disruption"; readonly atMs: number; readonly cluster: Cluster; readonly startedIn: Cluster; readonly commands: readonly Command[] };
