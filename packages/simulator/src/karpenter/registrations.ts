import { type Action, keepRegistrationHealth, nothingObserved, type Observed, recordRegistration, type RegistrationHealth, unknownRegistrations } from "@groupless/lifecycle";
import type { World } from "../controllers/world.ts";

type RecordRegistration = Extract<Action, { readonly type: "record-registration" }>;

/** Whether pools' nodes register: kept in memory, as Karpenter does, and told in the pools' condition NodeRegistrationHealthy. */
export interface Registrations {
  /** A node registered, or did not in time. */
  record(action: RecordRegistration): void;
  /** The pool, or its node class, may have changed: what was known of other nodes does not hold for the next. */
  keep(nodePool: string): void;
}

/** The registrations of a cluster's pools. */
export function registrations({ server, clock }: Pick<World, "server" | "clock">): Registrations {
  const known = new Map<string, RegistrationHealth>();
  const healthOf = (name: string): RegistrationHealth => known.get(name) ?? unknownRegistrations;
  const observed = (name: string): Observed => {
    const pool = server.get("NodePool", name);
    return { ...nothingObserved, nodePools: pool === undefined ? [] : [pool] };
  };
  const take = (name: string, { health, actions }: { readonly health: RegistrationHealth; readonly actions: readonly Action[] }): void => {
    known.set(name, health);
    for (const action of actions) if (action.type === "update") server.update(action.object);
  };
  return {
    record: (action) => take(action.nodePool, recordRegistration(observed(action.nodePool), healthOf(action.nodePool), action, { nowMs: clock.nowMs() })),
    keep: (name) => {
      const pool = server.get("NodePool", name);
      const nodeClass = pool === undefined ? undefined : server.get("EC2NodeClass", pool.spec.template.spec.nodeClassRef.name);
      take(name, keepRegistrationHealth(observed(name), name, healthOf(name), nodeClass?.metadata.generation, { nowMs: clock.nowMs() }));
    },
  };
}
