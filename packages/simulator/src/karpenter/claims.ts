import { type KubeObject, type Node, type NodeClaim, nameOf, NODE_POOL_LABEL } from "@groupless/api";
import type { InstanceType } from "@groupless/catalog";
import { type Action, type ClaimState, type LifecycleEvent, claimState, nothingObserved, type ProviderAction, step, withObject, withoutObject } from "@groupless/lifecycle";
import type { Timer } from "../clock/clock.ts";
import { type WorkQueue, workQueue } from "../controllers/work-queue.ts";
import type { World } from "../controllers/world.ts";

/** What the claims' controller is connected to. */
export interface ClaimPorts {
  /** Carry out a provider action; the answers come back through {@link ClaimController.tell}. */
  execute(action: ProviderAction): void;
  /** A node registered, or did not in time. */
  recordRegistration(action: Extract<Action, { readonly type: "record-registration" }>): void;
  /** The types of a NodePool, where they are known. */
  instanceTypes(nodePool: string): readonly InstanceType[] | undefined;
}

export interface ClaimController extends WorkQueue {
  /** Hand an event to every claim it may concern. */
  tell(event: LifecycleEvent): void;
}

interface Noted {
  readonly kind: KubeObject["kind"];
  readonly name: string;
}

interface Tracked {
  state: ClaimState;
  /** What has changed around it, by kind and name. */
  readonly inbox: Map<string, Noted>;
  readonly events: LifecycleEvent[];
  /** Evictions asked for, posted once what was written before them has been seen. */
  readonly evictions: Extract<Action, { readonly type: "evict" }>[];
  timer: Timer | undefined;
}

/** Runs `step` for every NodeClaim: feeds it what changes around the claim, and carries out what it asks for. */
export function claims(world: World, ports: ClaimPorts): ClaimController {
  const { server, clock } = world;
  const tracked = new Map<string, Tracked>();
  const claimByProvider = new Map<string, string>();

  const queue = workQueue((name) => {
    const claim = tracked.get(name);
    if (claim === undefined) return;
    const events: LifecycleEvent[] = [];
    for (const { kind, name: objectName } of newsOf(claim)) {
      const object = server.get(kind, objectName);
      const isEcho = object !== undefined && saysNothingNew(object, claim.state);
      if (object !== undefined && (kind === "Node" || kind === "NodeClaim")) claim.state = Object.assign({}, claim.state, { observed: withObject(claim.state.observed, object) });
      if (object === undefined && kind === "Node") claim.state = Object.assign({}, claim.state, { observed: withoutObject(claim.state.observed, kind, objectName) });
      // What a step wrote comes back in the watch: it knows that already.
      if (isEcho) continue;
      events.push(object === undefined ? { type: "removed", kind, name: objectName } : { type: "observed", object });
    }
    if (claim.evictions.length > 0) for (const eviction of claim.evictions.splice(0)) evict(name, claim, eviction);
    if (claim.events.length > 0) events.push(...claim.events.splice(0));
    for (const event of events) run(name, claim, event);
  });

  // The claim and its nodes first, in their newest versions: what a step writes must not be older than what others wrote.
  const newsOf = ({ inbox }: Tracked): readonly Noted[] => {
    if (inbox.size === 0) return NO_NEWS;
    const news = [...inbox.values()];
    inbox.clear();
    return news.length === 1 ? news : news.sort((a, b) => rank(a.kind) - rank(b.kind));
  };

  const evict = (name: string, claim: Tracked, { pod, uid, ...options }: Tracked["evictions"][number]): void => {
    const { status, budget } = server.evict({ pod, uid, ...options });
    const message = status === 429 ? "Cannot evict pod as it would violate the pod's disruption budget." : undefined;
    const detail = message === undefined ? "not evicted" : message;
    world.recorder.cluster(status === 200 ? "pod-evicted" : "eviction-refused", `Pod/${pod}`, status === 200 ? "Evicted pod" : `${status}: ${detail}${budget === undefined ? "" : ` (${budget})`}`);
    claim.events.push({ type: "evicted", pod, uid, code: status, ...(message === undefined ? {} : { message }) });
    queue.add(name);
  };

  const run = (name: string, claim: Tracked, event: LifecycleEvent): void => {
    const types = ports.instanceTypes(server.get("NodeClaim", name)?.metadata.labels?.[NODE_POOL_LABEL] ?? "");
    const before = claim.state;
    const result = step(before, event, { nowMs: clock.nowMs(), ...(types === undefined ? {} : { instanceTypes: types }) });
    claim.state = result.state;
    for (const action of result.actions) perform(name, claim, action, before);
    if (claim.state.phase === "gone" && Object.keys(claim.state.strays).length === 0) tracked.delete(name);
  };

  const perform = (name: string, claim: Tracked, action: Action, before: ClaimState): void => {
    switch (action.type) {
      case "create":
        return void server.create(action.object);
      case "update":
        return server.update(merged(server.get(action.object.kind, nameOf(action.object)), action.object, before));
      case "delete":
        return server.remove(action.kind, action.name, action.gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds: action.gracePeriodSeconds });
      case "evict":
        claim.evictions.push(action);
        return queue.add(name);
      case "report":
        return world.recorder.event(action.object, action.eventType, action.reason, action.message);
      case "requeue":
        if (claim.timer?.atMs === clock.nowMs() + action.afterMs && !claim.timer.cancelled) return;
        if (claim.timer !== undefined) clock.cancel(claim.timer);
        claim.timer = clock.after(action.afterMs, () => {
          claim.timer = undefined;
          claim.events.push({ type: "tick" });
          queue.add(name);
        });
        return;
      case "record-registration":
        return ports.recordRegistration(action);
      default:
        return ports.execute(action);
    }
  };

  const touch = (name: string | undefined, object: KubeObject): void => {
    const claim = name === undefined ? undefined : tracked.get(name);
    if (claim === undefined || name === undefined) return;
    const noted = { kind: object.kind, name: nameOf(object) };
    claim.inbox.set(`${noted.kind} ${noted.name}`, noted);
    queue.add(name);
  };
  const claimOfNode = (node: Node | undefined): string | undefined => claimByProvider.get(node?.spec?.providerID ?? "");

  server.watch(({ type, object, old }) => {
    switch (object.kind) {
      case "NodeClaim": {
        const { name } = object.metadata;
        if (type === "ADDED") {
          const pool = server.get("NodePool", object.metadata.labels?.[NODE_POOL_LABEL] ?? "");
          tracked.set(name, { state: claimState(object, pool === undefined ? nothingObserved : withObject(nothingObserved, pool)), inbox: new Map(), events: [{ type: "tick" }], evictions: [], timer: undefined });
          return queue.add(name);
        }
        const providerID = object.status?.providerID;
        if (providerID !== undefined && providerID !== "") claimByProvider.set(providerID, name);
        return touch(name, object);
      }
      case "Node":
        return touch(claimOfNode(object), object);
      case "Pod": {
        // Readiness of pods decides nothing here; their coming and going does.
        const before = old?.kind === "Pod" ? old : undefined;
        const same = type === "MODIFIED" && before?.spec.nodeName === object.spec.nodeName && before?.status?.phase === object.status?.phase && before?.metadata.deletionTimestamp === object.metadata.deletionTimestamp;
        return same || object.spec.nodeName === undefined ? undefined : touch(claimOfNode(server.get("Node", object.spec.nodeName)), object);
      }
      case "VolumeAttachment":
        return touch(claimOfNode(server.get("Node", object.spec.nodeName)), object);
      case "NodePool":
        if (old?.kind === "NodePool" && old.spec === object.spec && old.metadata.annotations === object.metadata.annotations) return;
        for (const [name, { state }] of tracked) if (poolOf(state) === object.metadata.name) touch(name, object);
        return;
      default:
        return;
    }
  });

  return {
    add: queue.add,
    drain: queue.drain,
    tell: (event) => {
      const names = "nodeClaim" in event ? [event.nodeClaim] : tracked.keys();
      for (const name of names) {
        tracked.get(name)?.events.push(event);
        queue.add(name);
      }
    },
  };
}

const ORDER = ["NodeClaim", "Node", "NodePool"];
const NO_NEWS: readonly Noted[] = [];
const rank = (kind: string): number => {
  const place = ORDER.indexOf(kind);
  return place < 0 ? ORDER.length : place;
};
const poolOf = ({ observed, nodeClaim }: ClaimState): string | undefined => observed.nodeClaims.find(({ metadata }) => metadata.name === nodeClaim)?.metadata.labels?.[NODE_POOL_LABEL];

/** Is it what the step knows of the object, but for the version? */
function saysNothingNew(object: KubeObject, { observed }: ClaimState): boolean {
  const known = object.kind === "Node" ? observed.nodes : object.kind === "NodeClaim" ? observed.nodeClaims : [];
  const before = (known as readonly (Node | NodeClaim)[]).find(({ metadata }) => metadata.name === object.metadata.name);
  if (before === undefined || (object.kind !== "Node" && object.kind !== "NodeClaim") || before.spec !== object.spec || before.status !== object.status) return false;
  const [now, then] = [object.metadata, before.metadata];
  return (["uid", "generation", "deletionTimestamp", "finalizers", "labels", "annotations", "ownerReferences"] as const).every((key) => now[key] === then[key]);
}

/** The written version over the stored one: parts the step did not touch stay as others may have left them meanwhile. */
function merged(stored: KubeObject | undefined, written: KubeObject, { observed }: ClaimState): KubeObject {
  const known: readonly KubeObject[] = written.kind === "Node" ? observed.nodes : written.kind === "NodeClaim" ? observed.nodeClaims : [];
  const base = known.find(({ metadata }) => metadata.name === written.metadata.name);
  if (stored === undefined || base === undefined) return written;
  const part = (key: "spec" | "status"): object => {
    const [mine, theirs, before] = [written, stored, base].map((object) => (object as unknown as Record<string, unknown>)[key]);
    const value = mine === before ? theirs : mine;
    return value === undefined ? {} : { [key]: value };
  };
  const metadata = written.metadata === base.metadata ? stored.metadata : written.metadata;
  return Object.assign({}, written, { metadata }, part("spec"), part("status")) as KubeObject;
}
