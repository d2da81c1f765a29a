import type { Entry } from "./recorder.ts";

/**
 * The autoscaler's log as JSON lines: level, time, logger, message, commit, then the line's own fields, as Karpenter v0.33 writes them.
 *
 * `commit` says which build wrote the line; here it names this project.
 */
export function logLines(entries: readonly Entry[], commit = "groupless"): readonly string[] {
  return entries.flatMap((entry) => {
    if (entry.kind !== "log") return [];
    const { level, atMs, logger, message, fields } = entry;
    return [JSON.stringify({ level, time: new Date(atMs).toISOString(), logger, message, commit, ...Object.fromEntries(fields) })];
  });
}
