import { argumentError, type NodePool, requireOneOf } from "@groupless/api";
import { applyEvents, poolsAfter } from "./change/apply.ts";
import { requireCluster } from "./cluster-shape.ts";
import { requireEvents } from "./question-shape.ts";
import { ObjectIndex } from "./prepare/object-index.ts";
import { type Snapshot, snapshotOf } from "./prepare/snapshot.ts";
import { isSamePool, snapshotAfter } from "./prepare/snapshot-after.ts";
import { RULES } from "./profile/rules.ts";
import type { Cluster, WatchEvent } from "./cluster.ts";
import type { ExistingNodePlacement } from "./packing.ts";

/** Whose rules decide: Karpenter's, or Kubernetes' own where Karpenter deviates from them (docs/differences.md lists where). */
export type Profile = "karpenter-1.14" | "exact";

export interface PrepareOptions {
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** Default `"karpenter-1.14"`. */
  readonly profile?: Profile;
  /** An earlier preparation of a like cluster: where instance types are the same lists, its index of them serves again. It changes no answer. */
  readonly like?: Prepared;
}

/**
 * A cluster indexed for asking: immutable, opaque, rebuilt from `clusterOf(prepared)` at any time.
 *
 * The index behind it is an implementation detail; nothing but this package's functions reads it.
 */
export interface Prepared {
  readonly cluster: Cluster;
  readonly nowMs: number;
  readonly profile: Profile;
}

const snapshots: WeakMap<Prepared, Snapshot> = /* @__PURE__ */ new WeakMap();

/**
 * Reads and indexes a cluster once, for any number of questions.
 *
 * @throws InputError where the cluster lacks a list, a quantity, a time or a duration cannot be read, or there is no such profile
 */
export function prepare(cluster: Cluster, options: PrepareOptions): Prepared {
  requireCluster(cluster, options?.nowMs);
  const { nowMs, profile = "karpenter-1.14", like } = options;
  // An answer by other rules than those asked for would be worse than none.
  requireOneOf("unsupported-profile", "profile", profile, Object.keys(RULES));
  const prepared: Prepared = Object.freeze({ cluster, nowMs, profile });
  snapshots.set(prepared, snapshotOf(cluster, nowMs, RULES[profile], like === undefined ? undefined : snapshots.get(like)?.tables));
  return prepared;
}

/** When it is, and what about the cluster has changed that is no object; what is not given stays as it was. */
export interface UpdateOptions extends Partial<Pick<Cluster, "instanceTypes" | "markedForDeletion" | "removeNodes" | "nominated" | "bufferPods">> {
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/**
 * The preparation after some messages of a watch: what they do not touch is not read again.
 *
 * @throws InputError where a message has no object or another type, or the time is missing
 */
export function update(prepared: Prepared, events: readonly WatchEvent[], options: UpdateOptions): Prepared {
  requirePrepared(prepared);
  requireEvents(events, options?.nowMs);
  const { nowMs, ...fields } = options;
  const { profile } = prepared;
  const before = { ...copyWithoutObjects(prepared.cluster), ...fields };
  const index = indexOf(prepared);
  const snapshot = snapshots.get(prepared);
  if (index === undefined || snapshot === undefined) return prepare({ ...applyEvents(prepared.cluster, events), ...fields }, { nowMs, profile, like: prepared });
  const ofPools = events.filter(({ object }) => object.kind === "NodePool");
  const nodePools = ofPools.length === 0 ? before.nodePools : poolsAfter(before.nodePools, ofPools);
  const { index: next, changes } = index.after(ofPools.length === 0 ? events : events.filter(({ object }) => object.kind !== "NodePool"));
  const cluster = withObjectsOf(next, { ...before, nodePools });
  const samePools = nodePools === before.nodePools || (nodePools.length === before.nodePools.length && nodePools.every((pool, at) => isSamePool(pool, before.nodePools[at] as NodePool)));
  const after = samePools && haveSameTypes(before.instanceTypes, prepared.cluster.instanceTypes) ? snapshotAfter(snapshot, cluster, changes, next.size, nowMs) : undefined;
  const made: Prepared = Object.freeze({ cluster, nowMs, profile });
  snapshots.set(made, after ?? snapshotOf(cluster, nowMs, RULES[profile], snapshot.tables));
  indexes.set(made, next);
  return made;
}

const indexes: WeakMap<Prepared, ObjectIndex | undefined> = /* @__PURE__ */ new WeakMap();

function indexOf(prepared: Prepared): ObjectIndex | undefined {
  if (!indexes.has(prepared)) indexes.set(prepared, ObjectIndex.of(prepared.cluster.objects));
  return indexes.get(prepared);
}

function haveSameTypes(a: Cluster["instanceTypes"], b: Cluster["instanceTypes"]): boolean {
  const pools = Object.keys(a);
  return a === b || (pools.length === Object.keys(b).length && pools.every((pool) => a[pool] === b[pool]));
}

/** The list of all objects is made when someone asks for it. */
function withObjectsOf(index: ObjectIndex, rest: Omit<Cluster, "objects">): Cluster {
  return Object.defineProperty({ ...rest } as Cluster, "objects", { enumerable: true, configurable: true, get: () => index.objects });
}

function copyWithoutObjects(cluster: Cluster): Omit<Cluster, "objects"> {
  const copy: Record<string, unknown> = {};
  for (const field of Object.keys(cluster) as (keyof Cluster)[]) if (field !== "objects") copy[field] = cluster[field];
  return copy as unknown as Omit<Cluster, "objects">;
}

/** The cluster a preparation was made of. */
export function clusterOf(prepared: Prepared): Cluster {
  return prepared.cluster;
}

/**
 * The index behind a preparation; one that was copied as plain data is indexed anew.
 *
 * @throws InputError for what is no preparation
 */
export function snapshotBehind(prepared: Prepared): Snapshot {
  let snapshot = snapshots.get(prepared);
  if (snapshot === undefined) requirePrepared(prepared);
  if (snapshot === undefined) snapshots.set(prepared, (snapshot = snapshotOf(prepared.cluster, prepared.nowMs, RULES[prepared.profile])));
  return snapshot;
}

function requirePrepared(prepared: Prepared): void {
  if (RULES[prepared?.profile] === undefined) throw argumentError("not-prepared", "prepared", prepared, "what prepare(cluster, { nowMs }) returns");
}

const apart: WeakMap<Snapshot, Snapshot> = /* @__PURE__ */ new WeakMap();

/** A snapshot whose units are its cluster's own: searches that reckon in fractions take the same steps only then. */
export function withOwnUnits(snapshot: Snapshot, { cluster, nowMs, profile }: Prepared): Snapshot {
  if (!snapshot.reused) return snapshot;
  let own = apart.get(snapshot);
  if (own === undefined) apart.set(snapshot, (own = snapshotOf(cluster, nowMs, RULES[profile])));
  return own;
}

export interface SolveOptions {
  /** `"first-fit"` decides as Karpenter does; `"cheapest"` minimises the price. Default `"first-fit"`. */
  readonly objective?: "first-fit" | "cheapest";
  /** A `"disruption"` simulation falls back from reservations, keeps destination guards and places pending pods too. Default `"provisioning"`. */
  readonly purpose?: "provisioning" | "disruption";
  /** May nodes with recent pod events take no pods but pending ones (`consolidateAfter`)? Default: for `"disruption"`; drift does without. */
  readonly guardDestinations?: boolean;
  /**
   * `"first-fit"` only: give up once more new claims than that are needed. The answer then has more of them than that, and says nothing of the
   * pods that were not looked at. Default: none.
   */
  readonly maxNewNodeClaims?: number;
  /**
   * `"first-fit"` only: where pods are tried before they are placed as always, each on that one node, in this order. What is not to be placed, is
   * not there or is not allowed there is passed over. Default: none.
   */
  readonly placements?: readonly ExistingNodePlacement[];
  /** `"cheapest"` only: effort, in steps worth about a millisecond. Default 1000. */
  readonly budgetMs?: number;
  /** `"cheapest"` only: instance types every claim keeps within the price factor. Default 1; 15 for spot. */
  readonly minInstanceTypes?: number;
}
