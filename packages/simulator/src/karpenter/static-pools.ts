import { type KubeObject, NODE_POOL_LABEL, nameOf } from "@groupless/api";
import { deprovisionStatic, nothingObserved, type Observed, type Outcome, provisionStatic, type StaticOptions } from "@groupless/lifecycle";
import type { Timer } from "../clock/clock.ts";
import { type WorkQueue, workQueue } from "../controllers/work-queue.ts";
import type { World } from "../controllers/world.ts";

/** Keeps NodePools with `replicas` at their size: what they lack is created, what they have too many is deleted. */
export function staticPools({ server, clock, recorder }: World, busy: () => Pick<StaticOptions, "markedForDeletion" | "pendingDisruption">): WorkQueue {
  const timers = new Map<string, Timer>();
  const observed = (): Observed => ({ ...nothingObserved, nodePools: server.list("NodePool"), nodeClaims: server.list("NodeClaim"), nodes: server.list("Node"), pods: server.list("Pod") });
  const apply = (name: string, { actions, requeueAfterMs }: Outcome): void => {
    for (const action of actions) {
      if (action.type === "create") {
        const created = server.create(action.object);
        recorder.log("INFO", "controller.static.provisioning", "created nodeclaim", [["nodepool", name], ["nodeclaim", created.metadata.name]]);
      }
      if (action.type === "delete") server.remove(action.kind, action.name);
    }
    if (requeueAfterMs === undefined) return;
    const before = timers.get(name);
    if (before !== undefined) clock.cancel(before);
    timers.set(name, clock.after(requeueAfterMs, () => queue.add(name)));
  };
  const queue = workQueue((name) => {
    if (server.get("NodePool", name)?.spec.replicas === undefined) return;
    const options = { nowMs: clock.nowMs(), hasSynced: true, ...busy() };
    apply(name, provisionStatic(observed(), name, options));
    // The claims that were created just now are counted among those that are there.
    apply(name, deprovisionStatic(observed(), name, { ...options, ...busy() }));
  });
  const poolOf = (object: KubeObject): string | undefined => (object.kind === "NodePool" ? nameOf(object) : object.kind === "NodeClaim" ? object.metadata.labels?.[NODE_POOL_LABEL] : undefined);
  server.watch(({ type, object, old }) => {
    const name = poolOf(object);
    if (name === undefined || (object.kind === "NodePool" && type === "MODIFIED" && old?.kind === "NodePool" && old.spec === object.spec && old.status?.conditions === object.status?.conditions)) return;
    if (object.kind === "NodePool" || type !== "MODIFIED" || object.metadata.deletionTimestamp !== old?.metadata.deletionTimestamp) queue.add(name);
  });
  return queue;
}
