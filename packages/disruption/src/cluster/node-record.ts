import type { Annotations, Labels, Node, NodeClaim, Pod } from "@groupless/api";

/** A node and its claim seen as one: either may be missing, not both. */
export interface NodeRecord {
  /** The node's name; the claim's until it registers. */
  readonly name: string;
  readonly providerID: string;
  readonly node?: Node;
  readonly nodeClaim?: NodeClaim;
  readonly initialized: boolean;
  /** Marked by the caller, or being deleted, or its instance is terminating. */
  readonly deleting: boolean;
  /** Pods were recently nominated to it. */
  readonly nominated: boolean;
  /** The node's once it is registered, before that the claim's. */
  readonly labels: Labels;
  readonly annotations: Annotations;
  /** Bound to the node, by name. */
  readonly pods: readonly Pod[];
}

/** Whether a condition of the claim is true. */
export function conditionIsTrue(object: { readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] } } | undefined, type: string): boolean {
  return object?.status?.conditions?.some((condition) => condition.type === type && condition.status === "True") ?? false;
}
