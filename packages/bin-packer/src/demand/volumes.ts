import { HOSTNAME_LABEL, type PersistentVolume, type PersistentVolumeClaim, type Pod, type StorageClass, type Volume } from "@groupless/api";
import type { LayeredMap } from "../intern/layered-map.ts";
import type { RequirementSet, RequirementSets } from "../intern/requirement-set.ts";
import type { Attachments } from "./pod-class.ts";

/** The storage objects of a cluster by name. */
export interface Storage {
  readonly claims: LayeredMap<PersistentVolumeClaim>;
  readonly volumes: LayeredMap<PersistentVolume>;
  readonly classes: LayeredMap<StorageClass>;
}

/** In-tree volume plugins and the CSI drivers that took their place (Kubernetes csi-translation-lib). */
const CSI_OF_IN_TREE: Readonly<Record<string, string>> = {
  "kubernetes.io/aws-ebs": "ebs.csi.aws.com",
  "kubernetes.io/gce-pd": "pd.csi.storage.gke.io",
  "kubernetes.io/cinder": "cinder.csi.openstack.org",
  "kubernetes.io/azure-disk": "disk.csi.azure.com",
  "kubernetes.io/azure-file": "file.csi.azure.com",
  "kubernetes.io/vsphere-volume": "csi.vsphere.vmware.com",
  "kubernetes.io/portworx-volume": "pxd.portworx.com",
};

/** The name of the claim a volume mounts, or undefined if it mounts none. */
export function claimNameOf(pod: Pod, volume: Volume): string | undefined {
  if (volume.persistentVolumeClaim !== undefined) return volume.persistentVolumeClaim.claimName;
  return volume.ephemeral === undefined ? undefined : `${pod.metadata.name}-${volume.name}`;
}

export function hasClaims(pod: Pod): boolean {
  return pod.spec.volumes?.some((volume) => volume.persistentVolumeClaim !== undefined || volume.ephemeral !== undefined) ?? false;
}

/** The storage driver of a claim, "" if it has none that counts, "missing" where its volume does not exist. */
export function driverOf(claim: PersistentVolumeClaim, storage: Storage): { readonly driver: string } | "missing" {
  const volumeName = claim.spec?.volumeName ?? "";
  if (volumeName !== "") {
    const volume = storage.volumes.get(volumeName);
    if (volume === undefined) return "missing";
    return { driver: volume.spec?.csi?.driver ?? (volume.spec?.awsElasticBlockStore === undefined ? "" : "ebs.csi.aws.com") };
  }
  const provisioner = storage.classes.get(claim.spec?.storageClassName ?? "")?.provisioner ?? "";
  return { driver: CSI_OF_IN_TREE[provisioner] ?? provisioner };
}

/** Claims a pod mounts, by driver; those that do not exist do not count against limits. */
export function attachmentsOf(pod: Pod, storage: Storage): Attachments | undefined {
  const byDriver = new Map<string, Set<string>>();
  for (const volume of pod.spec.volumes ?? []) {
    const name = claimNameOf(pod, volume);
    const key = name === undefined ? undefined : `${pod.metadata.namespace ?? ""}/${name}`;
    const claim = key === undefined ? undefined : storage.claims.get(key);
    if (key === undefined || claim === undefined) continue;
    const found = driverOf(claim, storage);
    if (found === "missing") return "unknown";
    if (found.driver === "") continue;
    const known = byDriver.get(found.driver);
    if (known === undefined) byDriver.set(found.driver, new Set([key]));
    else known.add(key);
  }
  return byDriver.size === 0 ? undefined : byDriver;
}

/**
 * Where a node must be for a pod's volumes to be reached: alternatives, undefined if anywhere will do. A pod whose claims cannot be
 * looked up is placed as if it had none. Karpenter pkg/controllers/provisioning/scheduling/volumetopology.go.
 */
export function volumeAlternatives(pod: Pod, storage: Storage, sets: RequirementSets): readonly RequirementSet[] | undefined {
  let alternatives: readonly (RequirementSet | undefined)[] = [undefined];
  for (const volume of pod.spec.volumes ?? []) {
    const name = claimNameOf(pod, volume);
    if (name === undefined) continue;
    const claim = storage.claims.get(`${pod.metadata.namespace ?? ""}/${name}`);
    const own = claim === undefined ? "missing" : claimAlternatives(claim, storage, sets);
    if (own === "missing") return undefined;
    if (own.length === 0) continue;
    const pairs = alternatives.flatMap((before) => own.map((after) => [before, after] as const));
    const fitting = pairs.filter(([before, after]) => before === undefined || sets.intersects(before, after));
    // Where nothing goes together all are kept: the pod fails later, and says why.
    alternatives = (fitting.length > 0 ? fitting : pairs).map(([before, after]) => (before === undefined ? after : sets.merge(before, after)));
  }
  return alternatives[0] === undefined ? undefined : (alternatives as readonly RequirementSet[]);
}

function claimAlternatives(claim: PersistentVolumeClaim, storage: Storage, sets: RequirementSets): RequirementSet[] | "missing" {
  const table = sets.table;
  const volumeName = claim.spec?.volumeName ?? "";
  if (volumeName !== "") {
    const volume = storage.volumes.get(volumeName);
    if (volume === undefined) return "missing";
    const isOnHost = volume.spec?.local !== undefined || volume.spec?.hostPath !== undefined;
    return (volume.spec?.nodeAffinity?.required?.nodeSelectorTerms ?? []).flatMap((term) => {
      const expressions = term.matchExpressions ?? [];
      // A pod that moves gets a new local volume: the old host does not bind it.
      const kept = isOnHost ? expressions.filter((expression) => expression.key !== HOSTNAME_LABEL) : expressions;
      if (kept.length === 0 && !(isOnHost && expressions.length > 0)) return [];
      return [sets.of(kept.map((expression) => table.of(expression)))];
    });
  }
  const className = claim.spec?.storageClassName ?? "";
  if (className === "") return [];
  const storageClass = storage.classes.get(className);
  if (storageClass === undefined) return "missing";
  return (storageClass.allowedTopologies ?? []).flatMap((topology) => {
    const expressions = topology.matchLabelExpressions ?? [];
    return expressions.length === 0 ? [] : [sets.of(expressions.map(({ key, values }) => table.of({ key, operator: "In", values })))];
  });
}
