import { INITIALIZED_LABEL, INSTANCE_TYPE_LABEL, type Node, type NodeClaim, NODE_POOL_LABEL, REGISTERED_LABEL } from "@groupless/api";
import type { Observed } from "../observed.ts";

/** The nodes with the claim's provider id: none before the launch, one as a rule. */
export function nodesOf(observed: Observed, nodeClaim: NodeClaim): readonly Node[] {
  const providerID = nodeClaim.status?.providerID;
  if (providerID === undefined || providerID === "") return [];
  return observed.nodes.filter(({ spec }) => spec?.providerID === providerID);
}

/** The claims with the node's provider id. A node without one has none, so that claims about to launch are not taken for its own. */
export function nodeClaimsOf(observed: Observed, node: Node): readonly NodeClaim[] {
  const providerID = node.spec?.providerID;
  if (providerID === undefined || providerID === "") return [];
  return observed.nodeClaims.filter(({ status }) => status?.providerID === providerID);
}

/** The node's claim, if there is exactly one: with two there is no telling which is right (Karpenter pkg/utils/node). */
export function nodeClaimOf(observed: Observed, node: Node): NodeClaim | undefined {
  const claims = nodeClaimsOf(observed, node);
  return claims.length === 1 ? claims[0] : undefined;
}

/** The claim's node, if there is exactly one. */
export function nodeOf(observed: Observed, nodeClaim: NodeClaim): Node | undefined {
  const nodes = nodesOf(observed, nodeClaim);
  return nodes.length === 1 ? nodes[0] : undefined;
}

/** Karpenter takes a pool's node into account when it knows the node's type: before the node is initialized, by its label (pkg/controllers/state/cluster.go). */
export function isTracked(node: Node): boolean {
  const { labels = {} } = node.metadata;
  return (labels[NODE_POOL_LABEL] ?? "") === "" || (labels[INSTANCE_TYPE_LABEL] ?? "") !== "" || (labels[INITIALIZED_LABEL] ?? "") !== "";
}

/** The pool a claim and its node count for: by the node's label once it has registered. */
export function poolOf(nodeClaim: NodeClaim, node: Node | undefined): string | undefined {
  return (node?.metadata.labels?.[REGISTERED_LABEL] === "true" ? node : nodeClaim).metadata.labels?.[NODE_POOL_LABEL];
}
