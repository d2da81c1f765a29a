import { INITIALIZED_LABEL, type Node, type NodeClaim } from "@groupless/api";
import { isZero, parseQuantity } from "@groupless/quantity";
import { isEphemeralTaint, sameTaint, taintText } from "@groupless/requirements";
import { conditionOf, isTrue, isUnknown, withCondition } from "../object/condition.ts";
import { withLabels } from "../object/metadata.ts";
import { nodeOf } from "../object/provider-id.ts";
import type { Observed } from "../observed.ts";
import type { PassOptions } from "../outcome.ts";
import { type ResourceSlice, unpublishedDriver } from "./dra-pools.ts";
import type { Stage } from "./launch.ts";

/**
 * Waits until a registered node is of use: Ready, without startup and ephemeral taints, with every resource the claim asked for.
 *
 * There is no time limit, and it never reverts (Karpenter pkg/controllers/nodeclaim/lifecycle/initialization.go).
 */
export function initialize(nodeClaim: NodeClaim, observed: Observed, { nowMs, resourceSlices }: PassOptions): Stage {
  const condition = conditionOf(nodeClaim, "Initialized");
  if (condition !== undefined && !isUnknown(nodeClaim, "Initialized")) return stage(withCondition(nodeClaim, condition, nowMs));
  if (!isTrue(nodeClaim, "Registered")) return stage(nodeClaim);
  const node = nodeOf(observed, nodeClaim);
  const wait = node === undefined ? { reason: "NodeNotFound", message: "Node not registered with cluster" } : missing(node, nodeClaim, resourceSlices);
  if (node === undefined || wait !== undefined) return stage(withCondition(nodeClaim, { type: "Initialized", status: "Unknown", ...wait }, nowMs));
  const labelled = withLabels(node, { [INITIALIZED_LABEL]: "true" });
  return {
    nodeClaim: withCondition(nodeClaim, { type: "Initialized", status: "True" }, nowMs),
    actions: labelled === node ? [] : [{ type: "update", object: labelled }],
    reasons: [],
  };
}

function missing(node: Node, nodeClaim: NodeClaim, slices: readonly ResourceSlice[] | undefined): { readonly reason: string; readonly message: string } | undefined {
  if (conditionOf(node, "Ready")?.status !== "True") return { reason: "NodeNotReady", message: "Node status is NotReady" };
  const taints = node.spec?.taints ?? [];
  const startup = (nodeClaim.spec.startupTaints ?? []).map((taint) => taints.find((other) => sameTaint(taint, other))).find((taint) => taint !== undefined);
  if (startup !== undefined) return { reason: "StartupTaintsExist", message: `StartupTaint "${taintText(startup)}" still exists` };
  const ephemeral = taints.find(isEphemeralTaint);
  if (ephemeral !== undefined) return { reason: "KnownEphemeralTaintsExist", message: `KnownEphemeralTaint "${taintText(ephemeral)}" still exists` };
  const resource = Object.entries(nodeClaim.spec.resources?.requests ?? {})
    .filter(([name, requested]) => !isNothing(requested) && isNothing(node.status?.allocatable?.[name]))
    .map(([name]) => name)
    .toSorted()[0];
  if (resource !== undefined) return { reason: "ResourceNotRegistered", message: `Resource "${resource}" was requested but not registered` };
  const driver = slices === undefined ? undefined : unpublishedDriver(nodeClaim, node, slices);
  return driver === undefined ? undefined : { reason: "DRADriverPoolsNotPublished", message: `DRA driver "${driver}" has not published a complete resource pool` };
}

function isNothing(quantity: string | undefined): boolean {
  return quantity === undefined || isZero(parseQuantity(quantity));
}

function stage(nodeClaim: NodeClaim): Stage {
  return { nodeClaim, actions: [], reasons: [] };
}
