import { isProvisionable, isReschedulable, nameOf, type NodePool, type Pod, uidOf } from "@groupless/api";
import { explain, type NewNodeClaim, type Packing, solve } from "@groupless/bin-packer";
import { nodeClaimObject } from "@groupless/disruption";
import { addToBatch, batchClosesMs, type BatchWindow, noBatch } from "@groupless/lifecycle";
import type { Timer } from "../clock/clock.ts";
import type { World } from "../controllers/world.ts";
import { nameList } from "./name-list.ts";
import type { Planner } from "./planner.ts";

/** Twice the longest batch: how long planned pods keep their node from being disrupted (Karpenter state.NominateNodeForPod). */
export const NOMINATION_MS = 20_000;
// A pod that stays pending is looked at again that often (Karpenter's provisioning controller requeues after 10 s).
const LOOK_AGAIN_MS = 10_000;

export interface Provisioner {
  /** Why pods have no place, by pod, as of the last plan. */
  readonly unplaced: ReadonlyMap<string, string>;
}

/** Gathers pods that nothing could schedule, plans for them together, and creates the nodes' claims. */
export function provisioner(world: World, planner: Planner): Provisioner {
  const { server, clock, recorder } = world;
  const names = world.random.stream("nodeclaim");
  const unplaced = new Map<string, string>();
  let batch: BatchWindow = noBatch;
  let timer: Timer | undefined;
  let again: Timer | undefined;
  let plannedVersion = "";

  const trigger = (uid: string): void => {
    batch = addToBatch(batch, uid, clock.nowMs());
    const closesMs = batchClosesMs(batch);
    if (closesMs === undefined || timer?.atMs === closesMs) return;
    if (timer !== undefined) clock.cancel(timer);
    timer = clock.at(closesMs, plan);
  };

  const plan = (): void => {
    batch = noBatch;
    timer = undefined;
    const version = planner.version();
    const prepared = planner.prepared();
    const packing = solve(prepared);
    world.onDecision?.({ type: "placement", atMs: clock.nowMs(), cluster: prepared.cluster, packing });
    record(packing);
    nominate(packing);
    packing.newNodeClaims.forEach(create);
    plannedVersion = packing.newNodeClaims.length > 0 ? "" : version;
    if (packing.podErrors.length > 0) lookAgain();
  };

  const record = ({ newNodeClaims, existingNodes, podErrors }: Packing): void => {
    const placed = [...newNodeClaims.flatMap(({ pods }) => pods), ...existingNodes.flatMap(({ pods }) => pods)].sort();
    for (const pod of placed) unplaced.delete(pod);
    for (const { pod, reasons, message } of podErrors) {
      const why = reasons.map(explain).join("; ");
      if (unplaced.get(pod) === why) continue;
      unplaced.set(pod, why);
      recorder.log("ERROR", "controller.provisioner", `Could not schedule pod, ${message}`, [["pod", pod]]);
      recorder.cluster("failed-scheduling", `Pod/${pod}`, why);
    }
    if (newNodeClaims.length === 0) return;
    const count = newNodeClaims.reduce((sum, { pods }) => sum + pods.length, 0);
    recorder.log("INFO", "controller.provisioner", "found provisionable pod(s)", [["pods", nameList(placed, 5)], ["duration", "0s"]]);
    recorder.log("INFO", "controller.provisioner", "computed new nodeclaim(s) to fit pod(s)", [["nodeclaims", newNodeClaims.length], ["pods", count]]);
  };

  const nominate = ({ existingNodes }: Packing): void => {
    for (const { node } of existingNodes) {
      const providerID = server.get("Node", node)?.spec?.providerID ?? server.get("NodeClaim", node)?.status?.providerID;
      if (providerID !== undefined) planner.nominate(providerID, clock.nowMs() + NOMINATION_MS);
    }
  };

  const create = (claim: NewNodeClaim): void => {
    const pool = server.get("NodePool", claim.nodePool);
    if (pool === undefined) return;
    const object = server.create(nodeClaimObject(claim, pool, freeName(pool)));
    recorder.log("INFO", "controller.provisioner", "created nodeclaim", [["nodepool", claim.nodePool], ["nodeclaim", object.metadata.name], ["requests", claim.requests], ["instance-types", nameList(claim.instanceTypes, 5)]]);
  };

  const freeName = (pool: NodePool): string => {
    for (;;) {
      const name = `${pool.metadata.name}-${names.suffix(5)}`;
      if (server.get("NodeClaim", name) === undefined) return name;
    }
  };

  // Pods that have no place are planned for again once something has changed.
  const lookAgain = (): void => {
    if (again !== undefined) return;
    again = clock.after(LOOK_AGAIN_MS, () => {
      again = undefined;
      const waiting = [...unplaced.keys()].filter((name) => server.get("Pod", name) !== undefined);
      for (const name of unplaced.keys()) if (!waiting.includes(name)) unplaced.delete(name);
      if (waiting.length === 0) return;
      if (planner.version() === plannedVersion) return lookAgain();
      for (const name of waiting) trigger(uidOf(server.get("Pod", name) as Pod));
    });
  };

  server.watch(({ type, object, old }) => {
    if (object.kind === "Pod" && type !== "DELETED" && isProvisionable(object)) trigger(uidOf(object));
    // The pods of a node that is going need a place before they have lost theirs.
    const isGoing = object.kind === "Node" && type === "MODIFIED" && object.metadata.deletionTimestamp !== undefined && old?.metadata.deletionTimestamp === undefined;
    if (isGoing && server.podsOn(object.metadata.name).some((pod) => isReschedulable(pod))) trigger(uidOf(object));
    if (object.kind === "Pod" && type === "DELETED") unplaced.delete(nameOf(object));
    // Pods that were to go to a node that will never be are planned for anew.
    if (object.kind === "NodeClaim" && type === "DELETED") for (const pod of server.list("Pod")) if (isProvisionable(pod)) trigger(uidOf(pod));
  });

  return { unplaced };
}
