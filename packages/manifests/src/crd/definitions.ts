import { CAPACITY_BUFFER } from "./tables/capacity-buffer.ts";
import { EC2_NODE_CLASS } from "./tables/ec2-node-class.ts";
import { nodeClaim } from "./tables/node-claim.ts";
import { nodeOverlay } from "./tables/node-overlay.ts";
import { nodePool } from "./tables/node-pool.ts";
import { AWS_INSTANCE_KEYS, AWS_KEYS } from "./tables/restricted-labels.ts";
import type { Schema } from "./schema.ts";

/** Whose definitions: `core` is Karpenter's own, `aws` what the AWS provider installs, with rules for the labels of `karpenter.k8s.aws`. */
export type DefinitionSource = "core" | "aws";

/** The kinds that custom resource definitions stand behind. */
export type CustomKind = "NodePool" | "NodeClaim" | "NodeOverlay" | "CapacityBuffer" | "EC2NodeClass";

const CORE: Readonly<Record<CustomKind, Schema>> = {
  NodePool: nodePool({ nodePool: true }),
  NodeClaim: nodeClaim({ nodePool: false }),
  NodeOverlay: nodeOverlay({ nodePool: false }),
  CapacityBuffer: CAPACITY_BUFFER,
  EC2NodeClass: EC2_NODE_CLASS,
};

const AWS: Readonly<Record<CustomKind, Schema>> = {
  ...CORE,
  NodePool: nodePool({ nodePool: true, awsKeys: AWS_KEYS }),
  NodeClaim: nodeClaim({ nodePool: false, awsKeys: AWS_KEYS }),
  NodeOverlay: nodeOverlay({ nodePool: false, awsKeys: AWS_INSTANCE_KEYS }),
};

export function isCustomKind(kind: unknown): kind is CustomKind {
  return typeof kind === "string" && Object.hasOwn(CORE, kind);
}

export function definition(kind: CustomKind, source: DefinitionSource): Schema {
  return (source === "aws" ? AWS : CORE)[kind];
}
