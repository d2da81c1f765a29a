import { type KubeObject, type Node, type NodeClaim, NODE_POOL_LABEL, nameOf } from "@groupless/api";
import { checkReadiness, countResources, type Observed, nothingObserved, type Outcome, RESOURCE_COUNT_MS, refreshHash, validateNodePool } from "@groupless/lifecycle";
import { type WorkQueue, workQueue } from "../controllers/work-queue.ts";
import type { Registrations } from "./registrations.ts";
import type { World } from "../controllers/world.ts";

/** Keeps NodePools: the template's hash, whether it is valid, whether its node class is ready, and what its nodes hold. */
export function pools({ server, clock }: World, health: Registrations): WorkQueue {
  const counting = new Set<string>();
  const observed = (name: string): Observed => {
    const pool = server.get("NodePool", name);
    const own = ({ metadata }: { readonly metadata: { readonly labels?: Readonly<Record<string, string>> } }): boolean => metadata.labels?.[NODE_POOL_LABEL] === name;
    return { ...nothingObserved, nodePools: pool === undefined ? [] : [pool], nodeClaims: server.list("NodeClaim").filter(own), nodes: server.list("Node").filter(own) };
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
