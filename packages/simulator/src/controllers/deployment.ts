import { type Deployment, type ReplicaSet, nameOf } from "@groupless/api";
import { safeHash } from "../clock/random.ts";
import { controllerOf, ownerOf } from "./pod-template.ts";
import { type WorkQueue, workQueue } from "./work-queue.ts";
import type { World } from "./world.ts";

const HASH_LABEL = "pod-template-hash";

/** Keeps one ReplicaSet per template of a Deployment and rolls from the old to the new: 25 % surge, 25 % unavailable. */
export function deployments({ server }: World): WorkQueue {
  const queue = workQueue((key) => {
    const deployment = server.get("Deployment", key);
    if (deployment === undefined) return;
    const wanted = deployment.spec.replicas ?? 1;
    const sets = server.dependents(deployment.metadata.uid ?? "").filter((object): object is ReplicaSet => object.kind === "ReplicaSet");
    const hash = safeHash(JSON.stringify(deployment.spec.template));
    const name = `${deployment.metadata.name}-${hash}`;
    const current = sets.find((set) => set.metadata.name === name);
    const old = sets.filter((set) => set.metadata.name !== name && (set.spec.replicas ?? 1) > 0);
    if (current === undefined) {
      server.create(replicaSet(deployment, name, hash, old.length === 0 ? wanted : Math.min(wanted, Math.ceil(wanted * 0.25))));
      return;
    }
    roll(current, old, wanted);
    const ready = sets.reduce((sum, set) => sum + Number(set.status?.["readyReplicas"] ?? 0), 0);
    if (deployment.status?.["readyReplicas"] !== ready) server.update({ ...deployment, status: { readyReplicas: ready } });
  });

  const scale = (set: ReplicaSet, replicas: number): void => {
    if (set.spec.replicas !== replicas) server.update({ ...set, spec: { ...set.spec, replicas } });
  };
  // Kubernetes deployment/rolling.go, with its default of 25 % each; surge rounds up, unavailable down.
  const roll = (current: ReplicaSet, old: readonly ReplicaSet[], wanted: number): void => {
    if (old.length === 0) return scale(current, wanted);
    const size = (set: ReplicaSet): number => set.spec.replicas ?? 1;
    const ready = (set: ReplicaSet): number => Math.min(size(set), Number(set.status?.["readyReplicas"] ?? 0));
    const total = [current, ...old].reduce((sum, set) => sum + size(set), 0);
    const room = wanted + Math.ceil(wanted * 0.25) - total;
    if (room > 0) scale(current, Math.min(wanted, size(current) + room));
    let mayGo = [current, ...old].reduce((sum, set) => sum + ready(set), 0) - (wanted - Math.floor(wanted * 0.25));
    for (const set of old) {
      // Replicas that are not ready cost nothing.
      const going = Math.min(size(set), size(set) - ready(set) + Math.max(0, mayGo));
      mayGo -= Math.min(ready(set), going);
      if (going > 0) scale(set, size(set) - going);
    }
  };

  server.watch(({ object }) => {
    if (object.kind === "Deployment") queue.add(nameOf(object));
    const owner = object.kind === "ReplicaSet" ? controllerOf(object, "Deployment") : undefined;
    if (owner !== undefined) queue.add(owner);
  });
  return queue;
}

function replicaSet(deployment: Deployment, name: string, hash: string, replicas: number): ReplicaSet {
  const { template, selector } = deployment.spec;
  const labels = { ...template.metadata?.labels, [HASH_LABEL]: hash };
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: { name, namespace: deployment.metadata.namespace ?? "default", labels, ownerReferences: [ownerOf(deployment)] },
    spec: { replicas, ...(selector === undefined ? {} : { selector }), template: { ...template, metadata: { ...template.metadata, labels } } },
  };
}
