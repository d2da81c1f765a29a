import type { EC2NodeClass, NodeClaim, Reason } from "@groupless/api";
import type { InstanceType } from "@groupless/catalog";
import type { CloudInstance } from "../instances/instance.ts";
import { imageFor } from "./ami-mapping.ts";
import { NODE_CLASS_HASH_ANNOTATION, NODE_CLASS_HASH_VERSION_ANNOTATION, PLACEMENT_GROUP_LABEL } from "./label.ts";

/** How a node differs from what its class would launch now, in Karpenter's words. */
export type DriftReason = "NodeClassDrift" | "AMIDrift" | "SecurityGroupDrift" | "SubnetDrift" | "CapacityReservationDrift" | "PlacementGroupDrift";

/** Drifted and how, or not, or not to be told yet and why: an empty status is never drift. */
export type Drift = { readonly drifted: true; readonly reason: DriftReason } | { readonly drifted: false } | { readonly drifted: "unknown"; readonly because: DriftUnknown };

export type DriftUnknown = Reason & { readonly code: "unknown-instance-type" | "no-images" | "no-image-on-claim" | "unknown-instance" | "no-security-groups" | "no-subnets" };

export interface DriftInput {
  /** With status, and the hash annotations of its controller. */
  readonly nodeClass: EC2NodeClass;
  readonly nodeClaim: NodeClaim;
  /** The type of the claim's instance, as the class resolves it. */
  readonly type?: InstanceType;
  /** As last seen; left out, only what can be told without it is. */
  readonly instance?: CloudInstance;
  /** As EC2 has it this moment; decides about reservations, from which instances fall back. Default: `instance`. */
  readonly freshInstance?: CloudInstance;
  /** The group the class selects, as EC2 resolved it. */
  readonly placementGroupId?: string;
  /** Whether the answer may leave out what needs the instance. */
  readonly withoutInstance?: boolean;
}

/**
 * Whether a node has drifted from its class. A changed selector alone never is drift, only what it resolves to.
 *
 * Karpenter pkg/cloudprovider/drift.go: the static hash first, then image, security groups, subnet, reservation, placement group.
 */
export function isDrifted(input: DriftInput): Drift {
  const { nodeClass, nodeClaim, type, instance, withoutInstance = false } = input;
  const { amis = [], securityGroups = [], subnets = [], capacityReservations = [] } = nodeClass.status ?? {};
  if (isStaticallyDrifted(nodeClass, nodeClaim)) return drifted("NodeClassDrift");
  if (type === undefined) return unknown("unknown-instance-type");
  if (amis.length === 0) return unknown("no-images");
  const image = nodeClaim.status?.imageID ?? "";
  if (image === "") return unknown("no-image-on-claim");
  if (imageFor(type, amis) !== image) return drifted("AMIDrift");
  if (instance === undefined) return withoutInstance ? { drifted: false } : unknown("unknown-instance");
  if (securityGroups.length === 0) return unknown("no-security-groups");
  if (subnets.length === 0) return unknown("no-subnets");
  const groups = new Set(securityGroups.map(({ id }) => id));
  const has = new Set(instance.securityGroupIds ?? []);
  if (groups.size !== has.size || [...groups].some((id) => !has.has(id))) return drifted("SecurityGroupDrift");
  if (!subnets.some(({ id }) => id === instance.subnetId)) return drifted("SubnetDrift");
  const selected = new Set(capacityReservations.map(({ id }) => id));
  const leftBehind = (one: CloudInstance): boolean => one.reservation !== undefined && !selected.has(one.reservation.id);
  if (leftBehind(instance) && leftBehind(input.freshInstance ?? instance)) return drifted("CapacityReservationDrift");
  if ((nodeClaim.metadata.labels?.[PLACEMENT_GROUP_LABEL] ?? "") !== (input.placementGroupId ?? "")) return drifted("PlacementGroupDrift");
  return { drifted: false };
}

/** Hashes are compared only where both sides have one of the same version. */
function isStaticallyDrifted(nodeClass: EC2NodeClass, nodeClaim: NodeClaim): boolean {
  const [ofClass, ofClaim] = [nodeClass.metadata.annotations ?? {}, nodeClaim.metadata.annotations ?? {}];
  const version = ofClass[NODE_CLASS_HASH_VERSION_ANNOTATION];
  const [hash, launched] = [ofClass[NODE_CLASS_HASH_ANNOTATION], ofClaim[NODE_CLASS_HASH_ANNOTATION]];
  return hash !== undefined && launched !== undefined && version !== undefined && version === ofClaim[NODE_CLASS_HASH_VERSION_ANNOTATION] && hash !== launched;
}

function drifted(reason: DriftReason): Drift {
  return { drifted: true, reason };
}

function unknown(code: DriftUnknown["code"]): Drift {
  return { drifted: "unknown", because: { code, canResolve: true } };
}
