import { type Condition, type NodePool, nameOf } from "@groupless/api";
import { nothingObserved, refreshHash, withObject } from "@groupless/lifecycle";
import { timestamp } from "../clock/timestamp.ts";
import { type WorkQueue, workQueue } from "../controllers/work-queue.ts";
import type { World } from "../controllers/world.ts";

/** Keeps a NodePool's status and its template's hash: ready once its node class is. */
export function pools({ server, clock }: World): WorkQueue {
  const queue = workQueue((name) => {
    const pool = server.get("NodePool", name);
    if (pool === undefined) return;
    for (const action of refreshHash(withObject(nothingObserved, pool), name, { nowMs: clock.nowMs() }).actions) if (action.type === "update") server.update(action.object);
    const current = server.get("NodePool", name) ?? pool;
    const nodeClass = server.get("EC2NodeClass", pool.spec.template.spec.nodeClassRef.name);
    const ready = nodeClass?.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
    if (statusOf(current, "Ready") !== (ready ? "True" : "False")) server.update(withReadiness(current, ready, clock.nowMs()));
  });
  server.watch(({ type, object, old }) => {
    if (object.kind === "NodePool" && type !== "DELETED" && (old?.kind !== "NodePool" || old.spec !== object.spec)) queue.add(nameOf(object));
    if (object.kind === "EC2NodeClass") for (const pool of server.list("NodePool")) if (pool.spec.template.spec.nodeClassRef.name === object.metadata.name) queue.add(nameOf(pool));
  });
  return queue;
}

const statusOf = (pool: NodePool, type: string): string | undefined => pool.status?.conditions?.find((condition) => condition.type === type)?.status;

function withReadiness(pool: NodePool, ready: boolean, nowMs: number): NodePool {
  const at = timestamp(nowMs);
  const condition = (type: string, holds: boolean): Condition => ({ type, status: holds ? "True" : "False", reason: holds ? type : "NodeClassNotReady", message: "", lastTransitionTime: at, observedGeneration: pool.metadata.generation ?? 1 });
  const conditions = [condition("ValidationSucceeded", true), condition("NodeClassReady", ready), condition("Ready", ready)];
  const others = (pool.status?.conditions ?? []).filter(({ type }) => !conditions.some((own) => own.type === type));
  return { ...pool, status: { ...pool.status, conditions: [...others, ...conditions] } };
}
