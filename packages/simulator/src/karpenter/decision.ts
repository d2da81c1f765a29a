import type { Cluster, Packing } from "@groupless/bin-packer";
import type { Command } from "@groupless/disruption";

/** What the autoscaler decided, and on what. */
export type Decision =
  | { readonly type: "placement"; readonly atMs: number; readonly cluster: Cluster; readonly packing: Packing }
  /** The commands that were started together: the cluster they were found in, and the one, a while later, in which they were started. */
  | { readonly type: "disruption"; readonly atMs: number; readonly cluster: Cluster; readonly startedIn: Cluster; readonly commands: readonly Command[] };
