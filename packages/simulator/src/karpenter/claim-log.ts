import { CAPACITY_TYPE_LABEL, durationOrNeverMs, INSTANCE_TYPE_LABEL, type NodeClaim, NODE_POOL_LABEL, ZONE_LABEL } from "@groupless/api";
import type { LogField } from "../record/recorder.ts";
import type { World } from "../controllers/world.ts";

const LIFECYCLE = "controller.nodeclaim.lifecycle";
const NODE_TERMINATION = "controller.node.termination";
// The last thing Karpenter puts on a node before it drains it.
const EXCLUDED_LABEL = "node.kubernetes.io/exclude-from-external-load-balancers";

/** Writes the autoscaler's log about claims and nodes from what becomes of them, in the words of Karpenter v0.33. */
export function logClaims({ server, recorder, clock }: World): void {
  server.watch(({ type, object, old }) => {
    if (object.kind === "NodeClaim") {
      const before = old?.kind === "NodeClaim" ? old : undefined;
      const became = (condition: string): boolean => isTrue(object, condition) && (before === undefined || !isTrue(before, condition));
      if (type === "DELETED") return recorder.log("INFO", "controller.nodeclaim.termination", "deleted nodeclaim", [...identity(object), ...nodeField(object), ...providerField(object)]);
      if (became("Launched")) recorder.log("INFO", LIFECYCLE, "launched nodeclaim", [...identity(object), ...providerField(object), ...launchFields(object)]);
      if (became("Registered")) recorder.log("DEBUG", LIFECYCLE, "registered nodeclaim", [...identity(object), ...providerField(object), ...nodeField(object)]);
      if (became("Initialized")) recorder.log("INFO", LIFECYCLE, "initialized nodeclaim", [...identity(object), ...providerField(object), ...nodeField(object)]);
      const expires = before?.metadata.deletionTimestamp === undefined && object.metadata.deletionTimestamp !== undefined && isExpired(object, clock.nowMs());
      if (expires) recorder.log("DEBUG", "controller.nodeclaim.expiration", "deleting expired nodeclaim", identity(object));
    }
    if (object.kind === "Node" && object.metadata.labels?.[NODE_POOL_LABEL] !== undefined) {
      const node: LogField = ["node", object.metadata.name];
      if (type === "DELETED") return recorder.log("INFO", NODE_TERMINATION, "deleted node", [node]);
      const excluded = object.metadata.labels[EXCLUDED_LABEL] !== undefined;
      if (excluded && old?.metadata.labels?.[EXCLUDED_LABEL] === undefined) recorder.log("INFO", NODE_TERMINATION, "tainted node", [node]);
    }
  });
}

const isTrue = (claim: NodeClaim, type: string): boolean => claim.status?.conditions?.some((condition) => condition.type === type && condition.status === "True") ?? false;
const field = (name: string, value: string | undefined): readonly LogField[] => (value === undefined ? [] : [[name, value]]);
const identity = ({ metadata }: NodeClaim): readonly LogField[] => [["nodeclaim", metadata.name], ...field("nodepool", metadata.labels?.[NODE_POOL_LABEL])];
const providerField = ({ status }: NodeClaim): readonly LogField[] => field("provider-id", status?.providerID);
const nodeField = ({ status }: NodeClaim): readonly LogField[] => field("node", status?.nodeName);

function launchFields({ metadata, status }: NodeClaim): readonly LogField[] {
  const label = (name: string, key: string): readonly LogField[] => field(name, metadata.labels?.[key]);
  const allocatable = Object.fromEntries(Object.entries(status?.allocatable ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));
  return [...label("instance-type", INSTANCE_TYPE_LABEL), ...label("zone", ZONE_LABEL), ...label("capacity-type", CAPACITY_TYPE_LABEL), ["allocatable", allocatable]];
}

function isExpired({ metadata, spec }: NodeClaim, nowMs: number): boolean {
  const lifeMs = durationOrNeverMs(spec.expireAfter);
  return lifeMs !== undefined && nowMs - Date.parse(metadata.creationTimestamp ?? "") >= lifeMs;
}
