/** Commands that were started and are not finished: plain data, kept by the caller between calls. */
export interface Queue {
  readonly commands: readonly QueuedCommand[];
  /** By method: when it last looked at everything and found nothing, so that it need not look again until something changes. */
  readonly settled: Readonly<Record<string, ClusterMark>>;
  /** The cluster as it last was. */
  readonly mark?: ClusterMark;
}

/** A state of the cluster as far as it could give consolidation something to do, and since when it has been so. */
export interface ClusterMark {
  readonly fingerprint: string;
  readonly sinceMs: number;
}

/** A command on its way: its replacements start, then its nodes are deleted. */
export interface QueuedCommand {
  readonly method: string;
  readonly reason: string;
  readonly sources: readonly QueuedNode[];
  readonly replacements: readonly QueuedReplacement[];
  /** When it was started, epoch milliseconds. */
  readonly startedMs: number;
}

/** A node that a command takes. */
export interface QueuedNode {
  readonly node: string;
  readonly nodeClaim: string;
  readonly providerID: string;
  readonly nodePool: string;
  /** Whether its pool is static. */
  readonly static: boolean;
}

/** One of a command's replacements. */
export interface QueuedReplacement {
  /** Name of the NodeClaim created for it. */
  readonly nodeClaim: string;
  /** Whether it was ever seen initialized; what becomes of it later does not matter. */
  readonly initialized: boolean;
}

/** A queue in which nothing happens. */
export const EMPTY_QUEUE: Queue = { commands: [], settled: {} };

/** Provider ids of the nodes that commands in the queue take: candidates for nothing else, and marked for deletion. */
export function queuedProviderIDs({ commands }: Queue): readonly string[] {
  return commands.flatMap(({ sources }) => sources.map(({ providerID }) => providerID));
}
