const MS_A_NODE = 80;
const SHORTEST_MS = 10 * 60_000;
const LONGEST_MS = 60 * 60_000;

/**
 * How long a command may wait for its replacements, in milliseconds: 80 ms for every node in the queue, at least 10 minutes, at most an hour.
 *
 * @example
 * ```ts
 * import { commandTimeoutMs } from "@groupless/disruption";
 * commandTimeoutMs(10_000); // => 800000
 * ```
 */
export function commandTimeoutMs(queuedNodes: number): number {
  return Math.min(Math.max(MS_A_NODE * queuedNodes, SHORTEST_MS), LONGEST_MS);
}
