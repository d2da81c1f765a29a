import { type Condition, DISRUPTED_TAINT_KEY, type Node, type NodeClaim, type Taint, timeText } from "@groupless/api";

const DISRUPTED: Taint = { key: DISRUPTED_TAINT_KEY, effect: "NoSchedule" };
const CONDITION = "DisruptionReason";

/** The node with the taint that keeps pods from it while it is being disrupted; the same node if it has it. */
export function withDisruptedTaint(node: Node): Node {
  return node.spec?.taints?.some(isDisrupted) === true ? node : { ...node, spec: { ...node.spec, taints: [...(node.spec?.taints ?? []), DISRUPTED] } };
}

/** The node without that taint; the same node if it has none, or is being deleted: then the taint is termination's. */
export function withoutDisruptedTaint(node: Node): Node {
  const { taints = [] } = node.spec ?? {};
  if (!taints.some(isDisrupted) || node.metadata.deletionTimestamp !== undefined) return node;
  return { ...node, spec: { ...node.spec, taints: taints.filter((taint) => !isDisrupted(taint)) } };
}

/** The claim, saying why it is being disrupted. */
export function withDisruptionReason(nodeClaim: NodeClaim, reason: string, nowMs: number): NodeClaim {
  const before = nodeClaim.status?.conditions?.find(({ type }) => type === CONDITION);
  const lastTransitionTime = before?.status === "True" ? before.lastTransitionTime : timeText(nowMs);
  const condition: Condition = { type: CONDITION, status: "True", reason, message: reason, ...(lastTransitionTime === undefined ? {} : { lastTransitionTime }) };
  return { ...nodeClaim, status: { ...nodeClaim.status, conditions: [...others(nodeClaim), ...awaited(nodeClaim), condition] } };
}

/** The claim without such a reason; the same claim if it has none, and lacks none of the conditions every claim has. */
export function withoutDisruptionReason(nodeClaim: NodeClaim): NodeClaim {
  const missing = awaited(nodeClaim);
  const marked = nodeClaim.status?.conditions?.some(({ type }) => type === CONDITION) === true;
  return marked || missing.length > 0 ? { ...nodeClaim, status: { ...nodeClaim.status, conditions: [...others(nodeClaim), ...missing] } } : nodeClaim;
}

// Whoever touches a claim's conditions writes those it still lacks as unknown (operatorpkg status), since it was created.
function awaited({ metadata, status }: NodeClaim): readonly Condition[] {
  return ["Launched", "Registered", "Initialized"]
    .filter((wanted) => status?.conditions?.some(({ type }) => type === wanted) !== true)
    .map((type) => ({ type, status: "Unknown", reason: "AwaitingReconciliation", message: "object is awaiting reconciliation", ...(metadata.creationTimestamp === undefined ? {} : { lastTransitionTime: metadata.creationTimestamp }) }));
}

function others({ status }: NodeClaim): readonly Condition[] {
  return (status?.conditions ?? []).filter(({ type }) => type !== CONDITION);
}

// The value does not matter: key and effect make a taint.
function isDisrupted({ key, effect }: Taint): boolean {
  return key === DISRUPTED.key && effect === DISRUPTED.effect;
}
