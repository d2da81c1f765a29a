import { type Node, type NodeClaim, NODE_POOL_LABEL, REGISTERED_LABEL, TERMINATION_FINALIZER, UNREGISTERED_TAINT_KEY, uidOf } from "@groupless/api";
import type { Action, RegistrationAction } from "../action.ts";
import type { RegistrationHook } from "../event.ts";
import { conditionOf, isUnknown, withCondition } from "../object/condition.ts";
import { withAnnotations, withFinalizer, withLabels, withMetadata } from "../object/metadata.ts";
import { nodesOf } from "../object/provider-id.ts";
import { report } from "../object/report.ts";
import type { Observed } from "../observed.ts";
import { type PassOptions, sooner } from "../outcome.ts";
import type { Stage } from "./launch.ts";
import { hasTaint, unregisteredTaint, withoutTaint, withTaints } from "./taint.ts";

const DO_NOT_SYNC_TAINTS_LABEL = "karpenter.sh/do-not-sync-taints";

/**
 * Ties the node that joined to its claim: finalizer, owner, labels, annotations and taints of the claim go onto the node, and when no hook holds it back
 * the taint karpenter.sh/unregistered comes off (Karpenter pkg/controllers/nodeclaim/lifecycle/registration.go).
 */
export function register(nodeClaim: NodeClaim, observed: Observed, { nowMs, answers = {} }: PassOptions): Stage {
  const condition = conditionOf(nodeClaim, "Registered");
  if (condition !== undefined && !isUnknown(nodeClaim, "Registered")) return stage(withCondition(nodeClaim, condition, nowMs));
  const [node, second] = nodesOf(observed, nodeClaim);
  if (node === undefined) return stage(withCondition(nodeClaim, { type: "Registered", status: "Unknown", reason: "NodeNotFound", message: "Node not registered with cluster" }, nowMs));
  if (second !== undefined) {
    return stage(withCondition(nodeClaim, { type: "Registered", status: "False", reason: "MultipleNodesFound", message: "Invariant violated, matched multiple nodes" }, nowMs));
  }
  const actions: Action[] = [];
  if (node.metadata.labels?.[REGISTERED_LABEL] === undefined && !hasTaint(node, unregisteredTaint)) {
    const message = `Missing ${UNREGISTERED_TAINT_KEY} taint which prevents registration related race conditions on Karpenter-managed nodes`;
    actions.push(report(nodeClaim, "Warning", "UnregisteredTaintMissing", message));
  }
  const held = (answers.registrationHooks ?? []).filter(({ status }) => status !== "ready");
  const synced = synchronized(node, nodeClaim);
  if (held.length > 0) {
    if (synced !== node) actions.push({ type: "update", object: synced });
    return pending(nodeClaim, held, actions, nowMs);
  }
  const registered = withLabels(withoutTaint(synced, unregisteredTaint), { [REGISTERED_LABEL]: "true" });
  if (registered !== node) actions.push({ type: "update", object: registered });
  const record = registrationRecord(nodeClaim, observed, true);
  if (record !== undefined) actions.push(record);
  const done = withCondition(nodeClaim, { type: "Registered", status: "True" }, nowMs);
  return { nodeClaim: { ...done, status: { ...done.status, nodeName: node.metadata.name } }, actions, reasons: [] };
}

/** The entry for the pool's registration health; none for a claim whose pool is gone or is not its owner. */
export function registrationRecord(nodeClaim: NodeClaim, observed: Observed, succeeded: boolean): RegistrationAction | undefined {
  const name = nodeClaim.metadata.labels?.[NODE_POOL_LABEL];
  const nodePool = observed.nodePools.find(({ metadata }) => metadata.name === name);
  if (nodePool === undefined) return undefined;
  const isOwner = (nodeClaim.metadata.ownerReferences ?? []).some(({ kind, uid }) => kind === "NodePool" && uid === uidOf(nodePool));
  return isOwner ? { type: "record-registration", nodePool: nodePool.metadata.name, succeeded } : undefined;
}

function synchronized(node: Node, nodeClaim: NodeClaim): Node {
  const owned = withOwner(withFinalizer(node, TERMINATION_FINALIZER), nodeClaim);
  const tainted = node.metadata.labels?.[DO_NOT_SYNC_TAINTS_LABEL] === "true" ? owned : withTaints(withTaints(owned, nodeClaim.spec.taints ?? []), nodeClaim.spec.startupTaints ?? []);
  return withLabels(withAnnotations(tainted, nodeClaim.metadata.annotations ?? {}), nodeClaim.metadata.labels ?? {});
}

function withOwner(node: Node, nodeClaim: NodeClaim): Node {
  const owner = { apiVersion: nodeClaim.apiVersion, kind: nodeClaim.kind, name: nodeClaim.metadata.name, uid: uidOf(nodeClaim), blockOwnerDeletion: true };
  const owners = node.metadata.ownerReferences ?? [];
  if (owners.some(({ apiVersion, kind, uid }) => apiVersion === owner.apiVersion && kind === owner.kind && uid === owner.uid)) return node;
  return withMetadata(node, { ownerReferences: [...owners, owner] });
}

function pending(nodeClaim: NodeClaim, held: readonly RegistrationHook[], actions: readonly Action[], nowMs: number): Stage {
  const names = held.map(({ name }) => name).join(", ");
  const requeueAfterMs = held.map((hook) => (hook.status === "pending" ? hook.retryAfterMs : undefined)).reduce(sooner, undefined);
  return {
    nodeClaim: withCondition(nodeClaim, { type: "Registered", status: "Unknown", reason: "RegistrationHookPending", message: names }, nowMs),
    actions,
    reasons: held.flatMap((hook) =>
      hook.status === "failed" ? [{ code: "registration-hook-failed" as const, canResolve: true, nodeClaim: nodeClaim.metadata.name, hook: hook.name, message: hook.message }] : [],
    ),
    ...(requeueAfterMs === undefined ? {} : { requeueAfterMs }),
  };
}

function stage(nodeClaim: NodeClaim): Stage {
  return { nodeClaim, actions: [], reasons: [] };
}
