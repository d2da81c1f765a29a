import { type KubeObject, type Node, type NodeClaim, NODE_POOL_LABEL, nameOf } from "@groupless/api";
import { checkReadiness, countResources, type Observed, nothingObserved, type Outcome, RESOURCE_COUNT_MS, refreshHash, validateNodePool } from "@groupless/lifecycle";
import { type WorkQueue, workQueue } from "../controllers/work-queue.ts";
import type { Registrations } from "./registrations.ts";
import type { World } from "../controllers/world.ts";

/** Keeps NodePools: the template's hash, whether it is valid, whether its node class is ready, and what its nodes hold. */
export function pools({ server, clock }: World, health: Registrations): WorkQueue {
  const counting = new Set<string>();
  const [claims, nodes] = [byPool<NodeClaim>(), byPool<Node>()];
  const observed = (name: string): Observed => {
    const pool = server.get("NodePool", name);
    return { ...nothingObserved, nodePools: pool === undefined ? [] : [pool], nodeClaims: claims.of(name), nodes: nodes.of(name) };
  };
  const apply = ({ actions }: Outcome): void => {
    for (const action of actions) if (action.type === "update") server.update(action.object);
  };

  const queue = workQueue((name) => {
    const pool = server.get("NodePool", name);
    if (pool === undefined) return;
    const options = { nowMs: clock.nowMs() };
    health.keep(name);
    apply(refreshHash(observed(name), name, options));
    apply(validateNodePool(observed(name), name, options));
    apply(checkReadiness(observed(name), name, server.get("EC2NodeClass", pool.spec.template.spec.nodeClassRef.name), options));
  });
  const count = (name: string): void => {
    if (counting.has(name)) return;
    counting.add(name);
    clock.after(RESOURCE_COUNT_MS, () => {
      counting.delete(name);
      apply(countResources(observed(name), name, { nowMs: clock.nowMs() }));
    });
  };

  server.watch(({ type, object, old }) => {
    switch (object.kind) {
      case "NodePool":
        if (type !== "DELETED" && (old?.kind !== "NodePool" || old.spec !== object.spec)) queue.add(nameOf(object));
        return;
      case "EC2NodeClass":
        for (const pool of server.list("NodePool")) if (pool.spec.template.spec.nodeClassRef.name === object.metadata.name) queue.add(nameOf(pool));
        return;
      case "NodeClaim":
      case "Node": {
        if (object.kind === "Node") nodes.note(object, type === "DELETED");
        else claims.note(object, type === "DELETED");
        const pool = object.metadata.labels?.[NODE_POOL_LABEL];
        if (pool !== undefined && (type !== "MODIFIED" || !countsAlike(object, old))) count(pool);
        return;
      }
      default:
        return;
    }
  });
  return queue;
}

/** Is nothing changed that a pool's count looks at? Most changes are conditions and times of pod events. */
function countsAlike(now: Counted, old: KubeObject | undefined): boolean {
  if (old === undefined || (old.kind !== "Node" && old.kind !== "NodeClaim")) return false;
  const parts = (one: Counted): readonly unknown[] => [
    one.metadata.labels,
    one.metadata.deletionTimestamp,
    one.status?.capacity,
    one.kind === "Node" ? one.spec?.providerID : one.status?.providerID,
    one.kind === "NodeClaim" ? one.status?.conditions?.find((condition) => condition.type === "InstanceTerminating")?.status : undefined,
  ];
  const before = parts(old);
  return parts(now).every((part, index) => part === before[index]);
}

type Counted = Node | NodeClaim;

// Objects by the pool that their label names, in the order in which they got it.
function byPool<O extends Counted>(): { note(object: O, isGone: boolean): void; of(pool: string): readonly O[] } {
  const pools = new Map<string, string>();
  const members = new Map<string, Map<string, O>>();
  return {
    note: (object, isGone) => {
      const { name } = object.metadata;
      const pool = isGone ? undefined : object.metadata.labels?.[NODE_POOL_LABEL];
      const before = pools.get(name);
      if (before !== undefined && before !== pool) members.get(before)?.delete(name);
      if (pool === undefined) return void pools.delete(name);
      pools.set(name, pool);
      const own = members.get(pool);
      if (own === undefined) members.set(pool, new Map([[name, object]]));
      else own.set(name, object);
    },
    of: (pool) => [...(members.get(pool)?.values() ?? [])],
  };
}
