import { CAPACITY_TYPE_LABEL, INSTANCE_TYPE_LABEL, type NodeClaim, NODE_POOL_HASH_ANNOTATION, NODE_POOL_HASH_VERSION_ANNOTATION, type NodePool } from "@groupless/api";
import type { InstanceType } from "@groupless/catalog";
import { fromLabels, fromSelectorRequirements, isCompatible, requirementOf } from "@groupless/requirements/karpenter";
import { AWS_LABELS } from "@groupless/requirements";
import { instantOf } from "../object/timestamp.ts";
import { without } from "../object/omit.ts";

/** What drift is judged by, beside the claim and its pool. */
export interface DriftOptions {
  readonly nowMs: number;
  /** The pool's types, unavailable offerings included; absent: types are not looked at. */
  readonly instanceTypes?: readonly InstanceType[];
  /** The type was found lately: no need to look again. */
  readonly isInstanceTypeKnown?: boolean;
  /** What the provider says; `""` or absent: nothing. */
  readonly providerDrift?: string;
  /** Labels that only reserved offerings have; without it those of EC2. */
  readonly reservedCapacityLabels?: readonly string[];
  /** Labels a claim may lack although its type's offerings have them; without it Karpenter's and the AWS provider's. */
  readonly wellKnownLabels?: readonly string[];
}

const HOUR_MS = 3_600_000;
/** A claim's type is not looked for before the claim has that age, in milliseconds. */
export const INSTANCE_TYPE_CHECK_AGE_MS: number = HOUR_MS;
/** A type once found is not looked for again for so long, in milliseconds. */
export const INSTANCE_TYPE_CHECK_MS: number = HOUR_MS / 2;

const EC2_RESERVED_LABELS = ["karpenter.k8s.aws/capacity-reservation-id", "karpenter.k8s.aws/capacity-reservation-type"];

/**
 * Why the claim is no longer what its NodePool would make: the first of `NodePoolDrifted`, `RequirementsDrifted`, `InstanceTypeNotFound` and the provider's reasons;
 * undefined if it is (Karpenter pkg/controllers/nodeclaim/disruption/drift.go).
 */
export function driftReason(nodePool: NodePool, nodeClaim: NodeClaim, options: DriftOptions): string | undefined {
  if (isTemplateChanged(nodePool, nodeClaim)) return "NodePoolDrifted";
  if (areRequirementsChanged(nodePool, nodeClaim)) return "RequirementsDrifted";
  if (isInstanceTypeChecked(nodeClaim, options) && isInstanceTypeGone(options.instanceTypes ?? [], nodeClaim, options)) return "InstanceTypeNotFound";
  return options.providerDrift === undefined || options.providerDrift === "" ? undefined : options.providerDrift;
}

/** Is the claim's type due to be looked for? */
export function isInstanceTypeChecked(nodeClaim: NodeClaim, { nowMs, instanceTypes, isInstanceTypeKnown }: DriftOptions): boolean {
  if (instanceTypes === undefined || isInstanceTypeKnown === true) return false;
  const createdMs = instantOf(nodeClaim.metadata.creationTimestamp);
  return createdMs !== undefined && nowMs - createdMs > INSTANCE_TYPE_CHECK_AGE_MS;
}

// Hashes say something only of each other's version.
function isTemplateChanged(nodePool: NodePool, nodeClaim: NodeClaim): boolean {
  const pool = nodePool.metadata.annotations ?? {};
  const claim = nodeClaim.metadata.annotations ?? {};
  const [poolHash, claimHash] = [pool[NODE_POOL_HASH_ANNOTATION], claim[NODE_POOL_HASH_ANNOTATION]];
  const [poolVersion, claimVersion] = [pool[NODE_POOL_HASH_VERSION_ANNOTATION], claim[NODE_POOL_HASH_VERSION_ANNOTATION]];
  if (poolHash === undefined || claimHash === undefined || poolVersion === undefined || claimVersion === undefined) return false;
  return poolVersion === claimVersion && poolHash !== claimHash;
}

// The claim's labels, not its requirements, say what it became: narrowing a pool drifts, widening it does not.
function areRequirementsChanged(nodePool: NodePool, nodeClaim: NodeClaim): boolean {
  const { labels = NO_LABELS } = nodeClaim.metadata;
  const { requirements = NO_REQUIREMENTS } = nodePool.spec.template.spec;
  const allowed = remembered(ofRequirements, requirements, () => ({ requirements: fromSelectorRequirements(requirements), labels: new WeakMap<object, boolean>() }));
  return !remembered(allowed.labels, labels, () => isCompatible(fromLabels(labels), allowed.requirements));
}

// Claims and pools are looked at far more often than they change.
const NO_LABELS: Readonly<Record<string, string>> = {};
const NO_REQUIREMENTS: Required<NodePool["spec"]["template"]["spec"]>["requirements"] = [];
const ofRequirements = new WeakMap<object, { readonly requirements: ReturnType<typeof fromSelectorRequirements>; readonly labels: WeakMap<object, boolean> }>();

function remembered<V>(known: WeakMap<object, V>, key: object, read: () => V): V {
  let value = known.get(key);
  if (value === undefined) known.set(key, (value = read()));
  return value;
}

function isInstanceTypeGone(instanceTypes: readonly InstanceType[], nodeClaim: NodeClaim, options: DriftOptions): boolean {
  const types = remembered(typesByName, instanceTypes, () => new Map(instanceTypes.toReversed().map((instanceType) => [instanceType.name, instanceType])));
  const instanceType = types.get(nodeClaim.metadata.labels?.[INSTANCE_TYPE_LABEL] ?? "");
  if (instanceType === undefined) return true;
  const labels = requirementsOfLabels(nodeClaim, options);
  const wellKnown = options.wellKnownLabels === undefined ? AWS_WELL_KNOWN : new Set(options.wellKnownLabels);
  return !instanceType.offerings.some((offering) => isCompatible(labels, remembered(ofOfferings, offering.requirements, () => fromSelectorRequirements(offering.requirements)), wellKnown));
}

const AWS_WELL_KNOWN: ReadonlySet<string> = /* @__PURE__ */ new Set(AWS_LABELS.wellKnown);
const typesByName = new WeakMap<object, ReadonlyMap<string, InstanceType>>();
const ofOfferings = new WeakMap<object, ReturnType<typeof fromSelectorRequirements>>();

// A reserved node may have been demoted to on-demand without its label knowing yet.
function requirementsOfLabels(nodeClaim: NodeClaim, { reservedCapacityLabels = EC2_RESERVED_LABELS }: DriftOptions): ReturnType<typeof fromLabels> {
  const { labels = {} } = nodeClaim.metadata;
  if (labels[CAPACITY_TYPE_LABEL] !== "reserved") return fromLabels(labels);
  const others = [CAPACITY_TYPE_LABEL, ...reservedCapacityLabels].reduce<Readonly<Record<string, string>>>((rest, label) => without(rest, label), labels);
  return { ...fromLabels(others), [CAPACITY_TYPE_LABEL]: requirementOf({ key: CAPACITY_TYPE_LABEL, operator: "In", values: ["reserved", "on-demand"] }) };
}
