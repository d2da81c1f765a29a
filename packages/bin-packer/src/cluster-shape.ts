import { argumentError, isRecord, requireOneOf } from "@groupless/api";
import type { Cluster } from "./cluster.ts";

const MALFORMED = "malformed-cluster";

/**
 * Refuses what no caller with types could hand over, before anything is read of it: callers without types get told what is missing.
 *
 * @throws InputError `malformed-cluster`, naming the field
 */
export function requireCluster(cluster: Cluster, nowMs: number): void {
  if (!isRecord(cluster)) throw argumentError(MALFORMED, "cluster", cluster, "an object with nodePools, objects and instanceTypes");
  for (const field of ["nodePools", "objects"] as const) {
    const list: readonly unknown[] = cluster[field];
    if (!Array.isArray(list)) throw argumentError(MALFORMED, field, list, "a list");
    const at = list.findIndex((object) => !isRecord(object));
    if (at !== -1) throw argumentError(MALFORMED, `${field}[${at}]`, list[at], "a Kubernetes object");
  }
  if (!isRecord(cluster.instanceTypes)) throw argumentError(MALFORMED, "instanceTypes", cluster.instanceTypes, 'lists of instance types by NodePool name, "*" for every pool not named');
  for (const [pool, types] of Object.entries(cluster.instanceTypes)) if (!Array.isArray(types)) throw argumentError(MALFORMED, `instanceTypes[${JSON.stringify(pool)}]`, types, "a list of instance types");
  requireOneOf(MALFORMED, "options.preferencePolicy", cluster.options?.preferencePolicy, ["Respect", "Ignore"]);
  requireOneOf(MALFORMED, "options.minValuesPolicy", cluster.options?.minValuesPolicy, ["Strict", "BestEffort"]);
  requireTime(MALFORMED, nowMs);
}

/** @throws InputError where it is no number of milliseconds */
export function requireTime(code: string, nowMs: number | undefined): void {
  if (!Number.isFinite(nowMs)) throw argumentError(code, "nowMs", nowMs, "the time as epoch milliseconds");
}
