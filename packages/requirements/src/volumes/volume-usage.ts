import type { PersistentVolume, PersistentVolumeClaim, Pod, Reason, StorageClass } from "@groupless/api";
import { csiDriverOf } from "./csi-migration.ts";

/** Claims (`namespace/name`) by the CSI driver that attaches their volumes. A claim several pods share counts once. */
export type VolumesByDriver = Readonly<Record<string, readonly string[]>>;

/** A node would have to attach more volumes of a driver than it can. */
export interface VolumeLimitExceeded extends Reason {
  readonly code: "volume-limit-exceeded";
  readonly driver: string;
  readonly volumes: number;
  readonly limit: number;
}

/** A claim is bound to a volume that does not exist. */
export interface VolumeNotFound extends Reason {
  readonly code: "volume-not-found";
  readonly claim: string;
  readonly volume: string;
}

/** What storage there is, to look up a pod's volumes in. */
export interface StorageObjects {
  readonly persistentVolumeClaims?: readonly PersistentVolumeClaim[] | undefined;
  readonly persistentVolumes?: readonly PersistentVolume[] | undefined;
  readonly storageClasses?: readonly StorageClass[] | undefined;
}

const NO_CLAIMS: ReadonlySet<string> = new Set();

/** The limits that all these volumes together exceed, in driver order; drivers without a limit have none. */
export function exceededVolumeLimits(limits: Readonly<Record<string, number>>, ...volumes: readonly VolumesByDriver[]): readonly VolumeLimitExceeded[] {
  const all = new Map<string, Set<string>>();
  for (const byDriver of volumes) {
    for (const driver of Object.keys(byDriver)) all.set(driver, new Set([...(all.get(driver) ?? NO_CLAIMS), ...(byDriver[driver] ?? [])]));
  }
  const exceeded: VolumeLimitExceeded[] = [];
  for (const driver of [...all.keys()].sort()) {
    const count = all.get(driver)?.size ?? 0;
    const limit = Object.hasOwn(limits, driver) ? limits[driver] : undefined;
    if (limit !== undefined && count > limit) exceeded.push({ code: "volume-limit-exceeded", canResolve: true, driver, volumes: count, limit });
  }
  return exceeded;
}

/** The name of the claim behind a pod's volume; undefined for volumes that have none. */
export function claimNameOf(pod: Pick<Pod, "metadata">, volume: NonNullable<Pod["spec"]["volumes"]>[number]): string | undefined {
  if (volume.persistentVolumeClaim) return volume.persistentVolumeClaim.claimName;
  return volume.ephemeral ? `${pod.metadata.name}-${volume.name}` : undefined;
}

/**
 * The claims of a pod by driver: that of the bound volume, or of the storage class. Claims that do not exist or have no class, and
 * volumes that no CSI driver attaches, do not count (Karpenter pkg/scheduling/volumeusage.go).
 */
export function volumesOfPod(pod: Pick<Pod, "metadata" | "spec">, objects: StorageObjects): VolumesByDriver | VolumeNotFound {
  const { namespace = "default" } = pod.metadata;
  const byDriver = new Map<string, Set<string>>();
  for (const volume of pod.spec.volumes ?? []) {
    const name = claimNameOf(pod, volume);
    const claim = objects.persistentVolumeClaims?.find(({ metadata }) => metadata.name === name && (metadata.namespace ?? "default") === namespace);
    if (name === undefined || claim === undefined) continue;
    const id = `${namespace}/${name}`;
    const driver = driverOf(claim, id, objects);
    if (typeof driver === "object") return driver;
    if (driver !== undefined) byDriver.set(driver, new Set([...(byDriver.get(driver) ?? NO_CLAIMS), id]));
  }
  return Object.fromEntries([...byDriver.keys()].sort().map((driver) => [driver, [...(byDriver.get(driver) as Set<string>)].sort()]));
}

function driverOf(claim: PersistentVolumeClaim, id: string, objects: StorageObjects): string | VolumeNotFound | undefined {
  const { volumeName, storageClassName } = claim.spec ?? {};
  if (volumeName) {
    const volume = objects.persistentVolumes?.find(({ metadata }) => metadata.name === volumeName);
    if (volume === undefined) return { code: "volume-not-found", canResolve: true, claim: id, volume: volumeName };
    return volume.spec?.csi?.driver ?? (volume.spec?.awsElasticBlockStore ? csiDriverOf("kubernetes.io/aws-ebs") : undefined);
  }
  const storageClass = storageClassName ? objects.storageClasses?.find(({ metadata }) => metadata.name === storageClassName) : undefined;
  return storageClass === undefined ? undefined : csiDriverOf(storageClass.provisioner);
}
