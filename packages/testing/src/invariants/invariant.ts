import type { Cluster, Packing } from "@groupless/bin-packer";
import type { Deviation } from "../deviations/deviation.ts";
import { type FinalState, finalState } from "../final-state/final-state.ts";

/** Something that must hold of every placement and does not hold of this one. */
export interface Violation {
  /** The invariant's name. */
  readonly invariant: string;
  readonly message: string;
  /** `namespace/name` */
  readonly pod?: string;
  readonly node?: string;
}

/** A named check of the cluster as a placement leaves it, whoever made the placement. */
export interface Invariant {
  readonly name: string;
  readonly check: (state: FinalState) => readonly Omit<Violation, "invariant">[];
}

export interface ViolationsOptions {
  /** Departures from Kubernetes' definitions that are known and let pass, e.g. `karpenterDeviations`. Default: none. */
  readonly except?: readonly Deviation[];
}

/**
 * What a placement breaks; empty if all holds.
 *
 * Works on any scheduler's answer: only `newNodeClaims`, `existingNodes` and `podErrors` are read.
 *
 * @example
 * ```ts
 * import { prepare, solve } from "@groupless/bin-packer";
 * import { cluster, holdsCapacity, pod, violations } from "@groupless/testing";
 * const c = cluster({ objects: [pod("web", { cpu: "1" })] });
 * violations(c, solve(prepare(c, { nowMs: 0 })), [holdsCapacity]); // => []
 * ```
 */
export function violations(cluster: Cluster, packing: Packing, invariants: readonly Invariant[], { except = [] }: ViolationsOptions = {}): readonly Violation[] {
  const state = finalState(cluster, packing);
  const found = invariants.flatMap(({ name, check }) => check(state).map((one): Violation => ({ invariant: name, ...one })));
  return found.filter((violation) => !except.some(({ explains }) => explains(state, violation)));
}
