import { type EC2NodeClass, NODE_POOL_LABEL, type NodeClaim } from "@groupless/api";
import { CLUSTER_NAME_TAG, NODE_CLASS_TAG, NODE_POOL_TAG } from "../node-class/label.ts";

const restricted = [/^karpenter\.sh\/nodepool$/, /^karpenter\.sh\/nodeclaim$/, /^karpenter\.k8s\.aws\/ec2nodeclass$/, /^kubernetes\.io\/cluster\/[0-9A-Za-z][A-Za-z0-9\-_]*$/, /^eks:eks-cluster-name$/];

/**
 * The tags of everything a launch creates, or the node class's tags that may not be set by hand.
 * None of them names the claim: that is what lets equal claims share one CreateFleet.
 */
export function launchTags(nodeClass: EC2NodeClass, nodeClaim: NodeClaim, clusterName: string): { readonly tags: Readonly<Record<string, string>> } | { readonly restrictedTags: readonly string[] } {
  const restrictedTags = Object.keys(nodeClass.spec.tags ?? {}).filter((key) => restricted.some((pattern) => pattern.test(key)));
  if (restrictedTags.length > 0) return { restrictedTags: restrictedTags.sort() };
  return {
    tags: {
      ...nodeClass.spec.tags,
      [`kubernetes.io/cluster/${clusterName}`]: "owned",
      [NODE_POOL_TAG]: nodeClaim.metadata.labels?.[NODE_POOL_LABEL] ?? "",
      [CLUSTER_NAME_TAG]: clusterName,
      [NODE_CLASS_TAG]: nodeClass.metadata.name,
    },
  };
}
