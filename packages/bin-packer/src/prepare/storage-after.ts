import { type KubeObject, nameOf } from "@groupless/api";
import type { PodEntry } from "../demand/pod-class.ts";
import { claimNameOf, type Storage } from "../demand/volumes.ts";
import type { ObjectChange } from "./object-index.ts";

const KINDS: ReadonlySet<string> = new Set(["PersistentVolumeClaim", "PersistentVolume", "StorageClass"]);

/** The pods that reach what changed through the claims they mount, as storage was or as it is. */
export function affectedClaimants(claimants: readonly PodEntry[], was: Storage, is: Storage, changes: readonly ObjectChange[]): readonly PodEntry[] {
  const claims = new Set<string>();
  const volumes = new Set<string>();
  let classes = false;
  for (const { before, after } of changes) {
    const object = (after ?? before) as KubeObject;
    if (!KINDS.has(object.kind)) continue;
    if (object.kind === "PersistentVolumeClaim") claims.add(nameOf(object));
    else if (object.kind === "PersistentVolume") volumes.add(object.metadata.name);
    else classes = true;
  }
  if (classes) return claimants;
  if (claims.size + volumes.size === 0) return [];
  return claimants.filter(({ pod }) =>
    pod.spec.volumes?.some((volume) => {
      const name = claimNameOf(pod, volume);
      if (name === undefined) return false;
      const key = `${pod.metadata.namespace ?? ""}/${name}`;
      return claims.has(key) || [was, is].some((storage) => volumes.has(storage.claims.get(key)?.spec?.volumeName ?? ""));
    }),
  );
}
