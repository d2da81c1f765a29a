import { type KubeObject, type Node, type NodeClaim, type Pod, nameOf } from "@groupless/api";
import type { Cluster, Packing } from "@groupless/bin-packer";
import type { Command } from "@groupless/disruption";
import { ofKind } from "../final-state/final-state.ts";
import type { Violation } from "../invariants/invariant.ts";

/** Commands to remove and replace nodes, and the cluster they are about. */
export interface Plan {
  readonly before: Cluster;
  readonly commands: readonly Command[];
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** A named check of what is to be disrupted, whoever decided it. */
export interface PlanInvariant {
  readonly name: string;
  readonly check: (plan: Plan) => readonly Omit<Violation, "invariant">[];
}

/**
 * What commands that are carried out together break; empty if all holds.
 *
 * @example
 * ```ts
 * import { prepare } from "@groupless/bin-packer";
 * import { disrupt } from "@groupless/disruption";
 * import { cluster, node, planInvariants, planViolations } from "@groupless/testing";
 * const idle = cluster({ objects: node("idle", { nodePool: "default", labels: { "node.kubernetes.io/instance-type": "m.4" } }).objects });
 * const nowMs = Date.UTC(2026, 8, 2);
 * const commands = disrupt(prepare(idle, { nowMs }));
 * commands.map(({ sourceNodes }) => sourceNodes); // => [["idle"]]
 * planViolations({ before: idle, commands, nowMs }, planInvariants); // => []
 * ```
 */
export function planViolations(plan: Plan, invariants: readonly PlanInvariant[]): readonly Violation[] {
  return invariants.flatMap(({ name, check }) => check(plan).map((found) => ({ invariant: name, ...found })));
}

/** A node, its claim and the pods that run there. */
export interface NodeInPlan {
  readonly name: string;
  readonly node?: Node;
  readonly nodeClaim?: NodeClaim;
  readonly pods: readonly Pod[];
}

/** The node of that name, by what the objects say. */
export function nodeIn(cluster: Cluster, name: string): NodeInPlan {
  const node = ofKind(cluster, "Node").find(({ metadata }) => metadata.name === name);
  const nodeClaim = ofKind(cluster, "NodeClaim").find(({ metadata, status }) => (node?.spec?.providerID === undefined ? metadata.name === name : status?.providerID === node.spec.providerID));
  const pods = ofKind(cluster, "Pod").filter(({ spec, status }) => spec.nodeName === name && status?.phase !== "Succeeded" && status?.phase !== "Failed");
  return { name, pods, ...(node === undefined ? {} : { node }), ...(nodeClaim === undefined ? {} : { nodeClaim }) };
}

/** Drift of a node whose claim has a termination grace period goes on in spite of pods that may not be moved: the period ends them. */
export function endsByForce({ nodeClaim }: NodeInPlan, { reason }: Command): boolean {
  return reason === "Drifted" && nodeClaim?.spec.terminationGracePeriod !== undefined;
}

/** Pods that need a new place when their node goes. */
export function displaced(cluster: Cluster, { sourceNodes }: Command): Pod[] {
  return sourceNodes.flatMap((name) => nodeIn(cluster, name).pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined && !(metadata.ownerReferences ?? []).some(({ kind }) => kind === "DaemonSet" || kind === "Node")));
}

/** The cluster with a command's nodes on their way out and the pods waiting that it moves, and the command as a placement in it. */
export function asPlacement(before: Cluster, command: Command): { readonly cluster: Cluster; readonly packing: Packing } {
  const gone = new Set(command.sourceNodes);
  const moved = placedBy(command);
  const waits = (object: KubeObject): object is Pod => object.kind === "Pod" && gone.has(object.spec.nodeName ?? "") && moved.has(nameOf(object));
  const leaving = command.sourceNodes.flatMap((name) => nodeIn(before, name).node?.spec?.providerID ?? []);
  const objects = before.objects.map((object) => (waits(object) ? { ...object, spec: { ...object.spec, nodeName: "" } } : object));
  return {
    cluster: { ...before, objects, markedForDeletion: [...(before.markedForDeletion ?? []), ...leaving] },
    packing: { newNodeClaims: command.replacements, existingNodes: command.existingNodes, podErrors: [], ignoredPods: [], priceUsdPerHour: 0 },
  };
}

/** Names of the pods a command gives a place. */
export function placedBy({ replacements, existingNodes }: Command): ReadonlySet<string> {
  return new Set([...replacements, ...existingNodes].flatMap(({ pods }) => pods));
}

