import { type Kind, type KubeObject, type ObjectMeta, type ObjectOf, nameOf } from "@groupless/api";
import { timestamp } from "../clock/timestamp.ts";
import type { Random } from "../clock/random.ts";
import { type EvictionAnswer, type EvictionRequest, evict } from "./eviction.ts";
import { type ObjectStore, objectStore } from "./object-store.ts";

/** What a watch of the API server tells; `old` is the version before. */
export interface Change {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: KubeObject;
  readonly old?: KubeObject;
}

/** A Kubernetes API server in memory: objects, uids, versions, finalizers, graceful deletion, owners, watches, evictions. */
export interface ApiServer extends Omit<ObjectStore, "put" | "drop"> {
  nowMs(): number;
  /** Create, or return what already has the name. */
  create<O extends KubeObject>(object: O): O;
  /** Replace spec, status, labels and the like; identity and deletion marks stay. Without the object, nothing. */
  update<O extends KubeObject>(object: O): void;
  /** As `kubectl apply`: create, or update spec, labels and annotations. */
  apply(object: KubeObject): void;
  /** Ask for deletion: finalizers and a pod's grace period delay it. */
  remove(kind: Kind, name: string, options?: { readonly gracePeriodSeconds?: number; readonly uid?: string }): void;
  /** The end of a graceful deletion: what a kubelet says of a pod whose containers have stopped. */
  finish(kind: Kind, name: string, uid: string): void;
  evict(request: EvictionRequest): EvictionAnswer;
  watch(listener: (change: Change) => void): void;
  /** Deliver changes to the watches, and those that follow from them, until none is left. */
  settle(): void;
}

/** An empty API server on a clock. */
export function apiServer(clock: { nowMs(): number }, random: Random): ApiServer {
  const store = objectStore();
  const listeners: ((change: Change) => void)[] = [];
  const changes: Change[] = [];
  let version = 0;

  const write = (type: Change["type"], object: KubeObject, old?: KubeObject): void => {
    if (type === "DELETED") store.drop(object);
    else store.put(object);
    changes.push(old === undefined ? { type, object } : { type, object, old });
  };
  // Object.assign where fields come to what is copied: V8 gives each `{ ...old, added }` a hidden class of its own, and whatever reads the objects later is slow.
  const stamped = <O extends KubeObject>(object: O, metadata: Partial<ObjectMeta>): O => Object.assign({}, object, { metadata: Object.assign({}, object.metadata, metadata, { resourceVersion: String(++version) }) });
  const drop = (object: KubeObject): void => {
    write("DELETED", object);
    // Background cascading deletion, as the garbage collector of the controller manager does it.
    for (const dependent of store.dependents(object.metadata.uid ?? "")) server.remove(dependent.kind, nameOf(dependent));
  };

  const server: ApiServer = {
    nowMs: () => clock.nowMs(),
    get: store.get,
    list: store.list,
    all: store.all,
    podsOn: store.podsOn,
    dependents: store.dependents,
    create: (object) => {
      const existing = store.get(object.kind, nameOf(object));
      if (existing !== undefined) return existing as typeof object;
      const created = stamped(object, {
        uid: object.metadata.uid ?? random.uuid(),
        creationTimestamp: object.metadata.creationTimestamp ?? timestamp(clock.nowMs()),
        generation: 1,
      });
      write("ADDED", created);
      return created;
    },
    update: (object) => {
      const old = store.get(object.kind, nameOf(object));
      if (old === undefined) return;
      const { uid, creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds, generation } = old.metadata;
      const changedSpec = "spec" in object && "spec" in old && object.spec !== old.spec;
      const kept: { -readonly [K in keyof ObjectMeta]?: ObjectMeta[K] } = { generation: (generation ?? 1) + (changedSpec ? 1 : 0) };
      if (uid !== undefined) kept.uid = uid;
      if (creationTimestamp !== undefined) kept.creationTimestamp = creationTimestamp;
      if (deletionTimestamp !== undefined) kept.deletionTimestamp = deletionTimestamp;
      if (deletionGracePeriodSeconds !== undefined) kept.deletionGracePeriodSeconds = deletionGracePeriodSeconds;
      const next = stamped(object, kept);
      if (deletionTimestamp !== undefined && (next.metadata.finalizers ?? []).length === 0 && (old.metadata.finalizers ?? []).length > 0) drop(next);
      else write("MODIFIED", next, old);
    },
    apply: (object) => {
      const old = store.get(object.kind, nameOf(object));
      if (old === undefined) return void server.create(object);
      const metadata = { ...old.metadata, labels: { ...old.metadata.labels, ...object.metadata.labels }, annotations: { ...old.metadata.annotations, ...object.metadata.annotations } };
      const status = "status" in old ? { status: old.status } : {};
      server.update({ ...object, ...status, metadata } as KubeObject);
    },
    remove: (kind, name, options = {}) => {
      const object = store.get(kind, name);
      if (object === undefined || (options.uid !== undefined && options.uid !== object.metadata.uid)) return;
      const finalizers = (object.metadata.finalizers ?? []).length > 0;
      const grace = object.kind === "Pod" ? graceOf(object, options.gracePeriodSeconds) : 0;
      if (!finalizers && grace === 0) return drop(object);
      const deadlineMs = clock.nowMs() + grace * 1000;
      const marked = object.metadata.deletionTimestamp;
      // A second deletion may only shorten the grace period.
      if (marked !== undefined && Date.parse(marked) <= deadlineMs) return;
      write("MODIFIED", stamped(object, { deletionTimestamp: timestamp(deadlineMs), deletionGracePeriodSeconds: grace }), object);
    },
    finish: (kind, name, uid) => {
      const object = store.get(kind, name);
      if (object !== undefined && object.metadata.uid === uid) drop(object);
    },
    evict: (request) => evict(server, request),
    watch: (listener) => {
      listeners.push(listener);
    },
    settle: () => {
      for (let index = 0; index < changes.length; index += 1) {
        const change = changes[index] as Change;
        for (const listener of listeners) listener(change);
      }
      changes.length = 0;
    },
  };
  return server;
}

// A pod nothing runs yet, or one that has ended, needs no grace (apiserver registry/core/pod strategy).
function graceOf(pod: ObjectOf<"Pod">, asked: number | undefined): number {
  const ended = pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
  if (pod.spec.nodeName === undefined || ended) return 0;
  return asked ?? pod.spec.terminationGracePeriodSeconds ?? 30;
}
