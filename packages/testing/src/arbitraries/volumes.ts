import type { KubeObject, Pod } from "@groupless/api";
import * as fc from "fast-check";
import { ZONES } from "./vocabulary.ts";

/** Where a pod's volume is: in a zone already, or in any of some zones once the pod has a place. */
export type Volume = { readonly boundIn: string } | { readonly allowedIn: readonly string[] };

export function volumes(most: number): fc.Arbitrary<readonly (Volume | undefined)[]> {
  const volume = fc.oneof(fc.constantFrom(...ZONES).map((boundIn): Volume => ({ boundIn })), fc.subarray([...ZONES], { minLength: 1 }).map((allowedIn): Volume => ({ allowedIn })));
  return fc.array(fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: volume }), { maxLength: most });
}

/** Gives waiting pods, in their order, these volumes. */
export function withVolumes(objects: readonly KubeObject[], wanted: readonly (Volume | undefined)[]): readonly KubeObject[] {
  const more: KubeObject[] = [];
  let seen = 0;
  const changed = objects.map((object): KubeObject => {
    if (object.kind !== "Pod" || (object.spec.nodeName ?? "") !== "") return object;
    const volume = wanted[seen++];
    if (volume === undefined) return object;
    more.push(...storage(object, volume));
    return { ...object, spec: { ...object.spec, volumes: [{ name: "data", persistentVolumeClaim: { claimName: object.metadata.name } }] } };
  });
  return [...changed, ...more];
}

function storage({ metadata }: Pod, volume: Volume): readonly KubeObject[] {
  const { name, namespace = "default" } = metadata;
  const claim = (spec: object): KubeObject => ({ apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name, namespace, uid: `pvc-${name}` }, spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } }, ...spec } }) as KubeObject;
  const inZones = (zones: readonly string[]) => [{ key: "topology.kubernetes.io/zone", operator: "In", values: zones }];
  if ("boundIn" in volume) {
    const nodeAffinity = { required: { nodeSelectorTerms: [{ matchExpressions: inZones([volume.boundIn]) }] } };
    return [claim({ storageClassName: "fast", volumeName: `pv-${name}` }), { apiVersion: "v1", kind: "PersistentVolume", metadata: { name: `pv-${name}`, uid: `pv-${name}` }, spec: { csi: { driver: "ebs.csi.aws.com", volumeHandle: name }, nodeAffinity } } as KubeObject];
  }
  const allowedTopologies = [{ matchLabelExpressions: [{ key: "topology.kubernetes.io/zone", values: volume.allowedIn }] }];
  return [claim({ storageClassName: `class-${name}` }), { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name: `class-${name}`, uid: `class-${name}` }, provisioner: "ebs.csi.aws.com", volumeBindingMode: "WaitForFirstConsumer", allowedTopologies } as KubeObject];
}
