import { amiFamilyOf, EC2_NODE_CLASS_HASH_VERSION, ec2NodeClassHash, NODE_POOL_HASH_VERSION, nodePoolHash } from "@groupless/api";
import type { Suite } from "../suite.ts";
import { nodeClaimConditions } from "./node-claim-conditions.ts";

export const nodePoolHashSuite: Suite = {
  functions: {
    "nodeClaim.conditions": nodeClaimConditions,
    "nodePool.hash": ({ nodePool }) => ({ hash: nodePoolHash(nodePool), version: NODE_POOL_HASH_VERSION }),
    "ec2NodeClass.hash": ({ nodeClass, caBundle }) => ({ hash: ec2NodeClassHash(nodeClass, caBundle === undefined ? {} : { caBundle }), version: EC2_NODE_CLASS_HASH_VERSION, amiFamily: amiFamilyOf(nodeClass) }),
  },
};
