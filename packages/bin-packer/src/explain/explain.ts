import type { SchedulingReason } from "../reason.ts";

/** A reason in one or two plain sentences. */
export function explain(reason: SchedulingReason): string {
  const where = reason.nodePool === undefined ? "" : `NodePool ${reason.nodePool}: `;
  return `${where}${reason.message ?? reason.code}`;
}
