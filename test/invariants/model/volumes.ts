import { HOSTNAME_LABEL, type KubeObject, type PersistentVolume, type PersistentVolumeClaim, type Pod, type StorageClass } from "@groupless/api";
import { claimNameOf, csiDriverOf, type LabelTables } from "@groupless/requirements";
import { fromSelectorRequirements, intersect, intersects, NO_REQUIREMENTS, type Requirements } from "@groupless/requirements/karpenter";

/** Where a pod's volumes can be reached: alternatives; one that asks for nothing where anywhere will do. */
export function volumeAlternatives(pod: Pod, objects: readonly KubeObject[], tables: LabelTables): readonly Requirements[] {
  let all: readonly Requirements[] = [NO_REQUIREMENTS];
  for (const claim of claimsOf(pod, objects)) {
    if (claim === undefined) return [NO_REQUIREMENTS];
    const own = alternativesOf(claim, objects, tables);
    if (own === undefined) return [NO_REQUIREMENTS];
    if (own.length === 0) continue;
    const pairs = all.flatMap((before) => own.map((after) => [before, after] as const));
    const fitting = pairs.filter(([before, after]) => intersects(before, after));
    all = (fitting.length > 0 ? fitting : pairs).map(([before, after]) => intersect(before, after));
  }
  return all;
}

/** The volumes that take a place on a node, as `driver claim`; undefined where that cannot be said. */
export function attachments(pod: Pod, objects: readonly KubeObject[]): readonly string[] | undefined {
  const found: string[] = [];
  for (const claim of claimsOf(pod, objects)) {
    if (claim === undefined) continue;
    const volume = volumeOf(claim, objects);
    if (volume === undefined && (claim.spec?.volumeName ?? "") !== "") return undefined;
    const driver = volume === undefined ? csiDriverOf(classOf(claim, objects)?.provisioner ?? "") : (volume.spec?.csi?.driver ?? (volume.spec?.awsElasticBlockStore === undefined ? "" : "ebs.csi.aws.com"));
    if (driver !== "") found.push(`${driver} ${claim.metadata.namespace}/${claim.metadata.name}`);
  }
  return found;
}

function claimsOf(pod: Pod, objects: readonly KubeObject[]): readonly (PersistentVolumeClaim | undefined)[] {
  return (pod.spec.volumes ?? []).flatMap((volume) => {
    const name = claimNameOf(pod, volume);
    return name === undefined ? [] : [objects.find((object): object is PersistentVolumeClaim => object.kind === "PersistentVolumeClaim" && object.metadata.name === name && object.metadata.namespace === pod.metadata.namespace)];
  });
}

const volumeOf = (claim: PersistentVolumeClaim, objects: readonly KubeObject[]) => objects.find((object): object is PersistentVolume => object.kind === "PersistentVolume" && object.metadata.name === claim.spec?.volumeName);
const classOf = (claim: PersistentVolumeClaim, objects: readonly KubeObject[]) => objects.find((object): object is StorageClass => object.kind === "StorageClass" && object.metadata.name === claim.spec?.storageClassName);

function alternativesOf(claim: PersistentVolumeClaim, objects: readonly KubeObject[], tables: LabelTables): readonly Requirements[] | undefined {
  if ((claim.spec?.volumeName ?? "") === "") {
    if ((claim.spec?.storageClassName ?? "") === "") return [];
    return classOf(claim, objects)?.allowedTopologies?.flatMap(({ matchLabelExpressions = [] }) => (matchLabelExpressions.length === 0 ? [] : [fromSelectorRequirements(matchLabelExpressions.map(({ key, values }) => ({ key, operator: "In" as const, values })), tables)])) ?? (classOf(claim, objects) === undefined ? undefined : []);
  }
  const volume = volumeOf(claim, objects);
  if (volume === undefined) return undefined;
  const isOnHost = volume.spec?.local !== undefined || volume.spec?.hostPath !== undefined;
  return (volume.spec?.nodeAffinity?.required?.nodeSelectorTerms ?? []).flatMap(({ matchExpressions = [] }) => {
    const kept = isOnHost ? matchExpressions.filter(({ key }) => key !== HOSTNAME_LABEL) : matchExpressions;
    return kept.length === 0 && !(isOnHost && matchExpressions.length > 0) ? [] : [fromSelectorRequirements(kept, tables)];
  });
}
