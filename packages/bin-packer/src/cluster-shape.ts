import { InputError } from "@groupless/api";
import type { Cluster } from "./cluster.ts";

/**
 * Refuses what no caller with types could hand over, before anything is read of it: callers without types get told what is missing.
 *
 * @throws InputError naming the field
 */
export function requireCluster(cluster: Cluster, nowMs: number): void {
  if (!isRecord(cluster)) throw wrong("cluster", cluster, "an object with nodePools, objects and instanceTypes");
  for (const field of ["nodePools", "objects"] as const) {
    const list: readonly unknown[] = cluster[field];
    if (!Array.isArray(list)) throw wrong(field, list, "a list");
    const at = list.findIndex((object) => !isRecord(object));
    if (at !== -1) throw wrong(`${field}[${at}]`, list[at], "a Kubernetes object");
  }
  if (!isRecord(cluster.instanceTypes)) throw wrong("instanceTypes", cluster.instanceTypes, 'lists of instance types by NodePool name, "*" for every pool not named');
  for (const [pool, types] of Object.entries(cluster.instanceTypes)) if (!Array.isArray(types)) throw wrong(`instanceTypes[${JSON.stringify(pool)}]`, types, "a list of instance types");
  if (!Number.isFinite(nowMs)) throw wrong("nowMs", nowMs, "the time as epoch milliseconds");
}

function isRecord(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wrong(path: string, got: unknown, expected: string): InputError {
  const shown = typeof got === "number" ? String(got) : (JSON.stringify(got) ?? "nothing").slice(0, 80);
  return new InputError("malformed-cluster", got === undefined ? "missing" : `got ${shown}`, { path, expected });
}
