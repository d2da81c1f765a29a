import { nameOf, type Pod } from "@groupless/api";
import { RUNS_FOR_ANNOTATION } from "../controllers/kubelet.ts";
import type { World } from "../controllers/world.ts";
import type { Trace, TracePod } from "./trace.ts";

/** How the pods of a trace fared. */
export interface Fates {
  /** From a pod's coming to its first start, in milliseconds, in the order of starts. */
  readonly waitsMs: readonly number[];
  readonly arrived: number;
  readonly finished: number;
  /** Pods that were evicted and began anew. */
  readonly restarts: number;
}

const OWNER_KIND = "Job";

/** Brings the pods of a trace when their time comes, starts those anew that were evicted, and clears up those that have finished. */
export function traceDriver({ server, clock }: World, trace: Trace, startMs: number): { fates(): Fates } {
  const arrivals = new Map<string, { readonly pod: TracePod; readonly arrivedMs: number; started: boolean; attempt: number }>();
  const waitsMs: number[] = [];
  let finished = 0;
  let restarts = 0;
  let next = 0;
  // One container list for equal requests: what a pod asks for is then worked out once.
  const containers = new Map<string, Pod["spec"]["containers"]>();
  const made = (pod: TracePod, attempt: number): Pod => {
    const key = JSON.stringify(pod.requests);
    const known = containers.get(key) ?? [{ name: "main", resources: { requests: pod.requests } }];
    containers.set(key, known);
    return podOf(pod, known, attempt);
  };

  const arrive = (): void => {
    for (; ; next += 1) {
      const pod = trace.pods[next];
      if (pod === undefined) return;
      const atMs = startMs + pod.arrivesMs;
      if (atMs > clock.nowMs()) return void clock.at(atMs, arrive);
      arrivals.set(pod.name, { pod, arrivedMs: clock.nowMs(), started: false, attempt: 0 });
      server.create(made(pod, 0));
    }
  };

  server.watch(({ type, object, old }) => {
    if (object.kind !== "Pod") return;
    const owner = object.metadata.ownerReferences?.[0];
    const arrival = owner?.kind === OWNER_KIND ? arrivals.get(owner.name) : undefined;
    if (arrival === undefined) return;
    if (type === "DELETED") {
      if (object.status?.phase === "Succeeded") return;
      arrival.attempt += 1;
      restarts += 1;
      server.create(made(arrival.pod, arrival.attempt));
      return;
    }
    if (object.status?.phase === "Succeeded" && old?.kind === "Pod" && old.status?.phase !== "Succeeded") {
      finished += 1;
      arrivals.delete(arrival.pod.name);
      server.remove("Pod", nameOf(object));
    }
    if (object.status?.phase === "Running" && !arrival.started) {
      arrival.started = true;
      waitsMs.push(clock.nowMs() - arrival.arrivedMs);
    }
  });
  clock.at(startMs, arrive);
  return { fates: () => ({ waitsMs, arrived: next, finished, restarts }) };
}

function podOf({ name, runsForMs, labels, nodeSelector }: TracePod, containers: Pod["spec"]["containers"], attempt: number): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: attempt === 0 ? name : `${name}-${attempt}`,
      namespace: "default",
      ...(labels === undefined ? {} : { labels }),
      annotations: { [RUNS_FOR_ANNOTATION]: `${runsForMs}ms` },
      ownerReferences: [{ apiVersion: "batch/v1", kind: OWNER_KIND, name, uid: name, controller: true }],
    },
    spec: { containers, terminationGracePeriodSeconds: 30, ...(nodeSelector === undefined ? {} : { nodeSelector }) },
    status: { phase: "Pending" },
  };
}
