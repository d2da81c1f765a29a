import type { NodeClaim } from "@groupless/api";
import type { Action } from "./action.ts";
import type { Answers } from "./answers.ts";
import type { LifecycleReason } from "./reason.ts";
import type { ResourceSlice } from "./start/dra-pools.ts";

/** What a pass wants done, and when it wants to be run again. */
export interface Outcome {
  readonly actions: readonly Action[];
  /** Run again after that long; 0: at once. Absent: when something changes. */
  readonly requeueAfterMs?: number;
  /** What went wrong; the caller runs the pass again with back-off. */
  readonly reasons: readonly LifecycleReason[];
}

/** What every pass is told beside the objects. */
export interface PassOptions {
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** Group and kind of the node classes one manages; without it those of karpenter.k8s.aws, karpenter.kwok.sh and karpenter.test.sh. */
  readonly nodeClasses?: readonly NodeClassKind[];
  readonly answers?: Answers;
  /** The cluster's ResourceSlices where devices are allocated dynamically (DRA); without it, as by default in Karpenter, no claim waits for them. */
  readonly resourceSlices?: readonly ResourceSlice[];
}

export interface NodeClassKind {
  readonly group: string;
  readonly kind: string;
}

const DEFAULT_NODE_CLASSES: readonly NodeClassKind[] = [
  { group: "karpenter.k8s.aws", kind: "EC2NodeClass" },
  { group: "karpenter.kwok.sh", kind: "KWOKNodeClass" },
  { group: "karpenter.test.sh", kind: "TestNodeClass" },
];

/** Nothing to do. */
export const idle: Outcome = { actions: [], reasons: [] };

/** Is the object's node class one of those managed here? Karpenter leaves all other claims and pools alone. */
export function isManaged({ spec: { nodeClassRef } }: Pick<NodeClaim, "spec"> | { readonly spec: Pick<NodeClaim["spec"], "nodeClassRef"> }, options: PassOptions): boolean {
  return nodeClassesOf(options).some(({ group, kind }) => nodeClassRef.group === group && nodeClassRef.kind === kind);
}

/** The node classes managed here. */
export function nodeClassesOf(options: PassOptions): readonly NodeClassKind[] {
  return options.nodeClasses ?? DEFAULT_NODE_CLASSES;
}

/** The sooner of two waits; absent means no wait at all. */
export function sooner(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined) return b;
  return b === undefined ? a : Math.min(a, b);
}

/** One outcome of several passes, in order. */
export function combined(outcomes: readonly Outcome[]): Outcome {
  const requeueAfterMs = outcomes.map((outcome) => outcome.requeueAfterMs).reduce(sooner, undefined);
  return {
    actions: outcomes.flatMap(({ actions }) => actions),
    reasons: outcomes.flatMap(({ reasons }) => reasons),
    ...(requeueAfterMs === undefined ? {} : { requeueAfterMs }),
  };
}
