import { type EC2NodeClass, ec2NodeClassHash, EC2_NODE_CLASS_HASH_VERSION, type NodeClaim } from "@groupless/api";
import { NODE_CLASS_HASH_ANNOTATION, NODE_CLASS_HASH_VERSION_ANNOTATION } from "./label.ts";

/** A node class with its hash, and the claims whose hash is of an older making, brought up to it. */
export interface Hashed {
  readonly nodeClass: EC2NodeClass;
  readonly nodeClaims: readonly NodeClaim[];
}

/**
 * Writes the hash onto a node class, and rewrites that of claims made with another version of the hash. A claim that has already drifted keeps its own: whether it
 * still would be cannot be told any more.
 *
 * Karpenter pkg/controllers/nodeclass/hash.
 */
export function withHash(nodeClass: EC2NodeClass, nodeClaims: readonly NodeClaim[], { caBundle }: { readonly caBundle?: string } = {}): Hashed {
  const hash = ec2NodeClassHash(nodeClass, caBundle === undefined ? {} : { caBundle });
  const current = { [NODE_CLASS_HASH_ANNOTATION]: hash, [NODE_CLASS_HASH_VERSION_ANNOTATION]: EC2_NODE_CLASS_HASH_VERSION };
  // Only when the class itself was hashed by another version have the claims been left behind.
  const migrating = nodeClass.metadata.annotations?.[NODE_CLASS_HASH_VERSION_ANNOTATION] !== EC2_NODE_CLASS_HASH_VERSION;
  const behind = nodeClaims.filter(({ metadata, spec }) => spec.nodeClassRef.name === nodeClass.metadata.name && metadata.annotations?.[NODE_CLASS_HASH_VERSION_ANNOTATION] !== EC2_NODE_CLASS_HASH_VERSION);
  return {
    nodeClass: annotated(nodeClass, current),
    nodeClaims: migrating ? behind.map((claim) => annotated(claim, isDrifted(claim) ? { [NODE_CLASS_HASH_VERSION_ANNOTATION]: EC2_NODE_CLASS_HASH_VERSION } : current)) : [],
  };
}

function isDrifted({ status }: NodeClaim): boolean {
  return status?.conditions?.some(({ type }) => type === "Drifted") ?? false;
}

function annotated<T extends EC2NodeClass | NodeClaim>(object: T, annotations: Readonly<Record<string, string>>): T {
  return { ...object, metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, ...annotations } } };
}
