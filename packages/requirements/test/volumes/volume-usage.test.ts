import type { PersistentVolume, PersistentVolumeClaim, Pod, StorageClass, Volume } from "@groupless/api";
import { expect, test } from "vitest";
import { explain } from "../../src/explain.ts";
import { csiDriverOf } from "../../src/volumes/csi-migration.ts";
import { type StorageObjects, claimNameOf, exceededVolumeLimits, volumesOfPod } from "../../src/volumes/volume-usage.ts";

test("P-042 volumes are counted by driver, a shared claim once", () => {
  const ebs = "ebs.csi.aws.com";
  expect(exceededVolumeLimits({ [ebs]: 2 }, { [ebs]: ["n/a", "n/b"] }, { [ebs]: ["n/b"] })).toEqual([]);
  expect(exceededVolumeLimits({ [ebs]: 2 }, { [ebs]: ["n/a", "n/b"] }, { [ebs]: ["n/c"] })).toEqual([{ code: "volume-limit-exceeded", canResolve: true, driver: ebs, volumes: 3, limit: 2 }]);
  expect(exceededVolumeLimits({}, { [ebs]: ["n/a"] })).toEqual([]);
  expect(exceededVolumeLimits({ [ebs]: 0 }, {})).toEqual([]);
  expect(exceededVolumeLimits({ a: 0, b: 0 }, { b: ["n/x"], a: ["n/x"] }).map(explain)).toEqual([
    "would exceed volume limit (provisioner=a, volume-count=1, volume-limit=0)",
    "would exceed volume limit (provisioner=b, volume-count=1, volume-limit=0)",
  ]);
  expect(exceededVolumeLimits({}, { constructor: ["n/a"] })).toEqual([]);
});

const claim = (name: string, spec: PersistentVolumeClaim["spec"], namespace: string | undefined = "ns"): PersistentVolumeClaim => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  ...(spec === undefined ? {} : { spec }),
});
const volume = (name: string, spec?: PersistentVolume["spec"]): PersistentVolume => ({ apiVersion: "v1", kind: "PersistentVolume", metadata: { name }, ...(spec === undefined ? {} : { spec }) });
const storageClass = (name: string, provisioner: string): StorageClass => ({ apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name }, provisioner });
const uses = (...claims: string[]): Volume[] => claims.map((name) => ({ name, persistentVolumeClaim: { claimName: name } }));
const volumesOf = (volumes: readonly Volume[], objects: StorageObjects, namespace: string | undefined = "ns") =>
  volumesOfPod({ metadata: { name: "p", ...(namespace === undefined ? {} : { namespace }) }, spec: { containers: [], volumes } } satisfies Pick<Pod, "metadata" | "spec">, objects);

test("a claim's driver is that of its storage class", () => {
  const objects = { persistentVolumeClaims: [claim("b", { storageClassName: "c" }), claim("a", { storageClassName: "c" })], storageClasses: [storageClass("c", "x.csi")] };
  expect(volumesOf(uses("b", "a", "b"), objects)).toEqual({ "x.csi": ["ns/a", "ns/b"] });
  expect(volumesOf([{ name: "data", ephemeral: {} }], { ...objects, persistentVolumeClaims: [claim("p-data", { storageClassName: "c" })] })).toEqual({ "x.csi": ["ns/p-data"] });
  expect(volumesOf(uses("a"), { persistentVolumeClaims: [claim("a", { storageClassName: "c" }, "other")], storageClasses: objects.storageClasses })).toEqual({});
});

test("objects without a namespace are in the default one", () => {
  const unplaced: PersistentVolumeClaim = { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "a" }, spec: { storageClassName: "c" } };
  expect(volumesOfPod({ metadata: { name: "p" }, spec: { containers: [], volumes: uses("a") } }, { persistentVolumeClaims: [unplaced], storageClasses: [storageClass("c", "x.csi")] })).toEqual({ "x.csi": ["default/a"] });
  expect(volumesOfPod({ metadata: { name: "p" }, spec: { containers: [] } }, {})).toEqual({});
});

test("drivers come out in name order", () => {
  const objects = { persistentVolumeClaims: [claim("a", { storageClassName: "c2" }), claim("b", { storageClassName: "c1" })], storageClasses: [storageClass("c1", "a.csi"), storageClass("c2", "z.csi")] };
  expect(JSON.stringify(volumesOf(uses("a", "b"), objects))).toBe('{"a.csi":["ns/b"],"z.csi":["ns/a"]}');
});

test("P-043 in-tree plugins are known by their CSI drivers", () => {
  expect(csiDriverOf("kubernetes.io/aws-ebs")).toBe("ebs.csi.aws.com");
  expect(["gce-pd", "azure-disk", "azure-file", "cinder", "vsphere-volume", "portworx-volume"].map((name) => csiDriverOf(`kubernetes.io/${name}`))).toEqual([
    "pd.csi.storage.gke.io",
    "disk.csi.azure.com",
    "file.csi.azure.com",
    "cinder.csi.openstack.org",
    "csi.vsphere.vmware.com",
    "pxd.portworx.com",
  ]);
  expect(csiDriverOf("kubernetes.io/rbd")).toBe("kubernetes.io/rbd");
  const bound = { persistentVolumeClaims: [claim("a", { volumeName: "v", storageClassName: "c" })], storageClasses: [storageClass("c", "x.csi")] };
  expect(volumesOf(uses("a"), { ...bound, persistentVolumes: [volume("v", { awsElasticBlockStore: { volumeID: "vol" } })] })).toEqual({ "ebs.csi.aws.com": ["ns/a"] });
  expect(volumesOf(uses("a"), { ...bound, persistentVolumes: [volume("v", { csi: { driver: "y.csi" } })] })).toEqual({ "y.csi": ["ns/a"] });
});

test("P-044 what has no claim, class or driver does not count", () => {
  const bound = { persistentVolumeClaims: [claim("a", { volumeName: "v" })] };
  expect(volumesOf(uses("a"), { ...bound, persistentVolumes: [volume("v", { hostPath: { path: "/" } })] })).toEqual({});
  expect(volumesOf(uses("a"), { ...bound, persistentVolumes: [volume("v")] })).toEqual({});
  expect(volumesOf(uses("a"), {})).toEqual({});
  expect(volumesOf(uses("a"), { persistentVolumeClaims: [claim("a", {})] })).toEqual({});
  expect(volumesOf(uses("a"), { persistentVolumeClaims: [claim("a", undefined)] })).toEqual({});
  expect(volumesOf(uses("a"), { persistentVolumeClaims: [claim("a", { storageClassName: "" })], storageClasses: [storageClass("", "x")] })).toEqual({});
  expect(volumesOf(uses("a"), { persistentVolumeClaims: [claim("a", { storageClassName: "gone" })], storageClasses: [storageClass("c", "x")] })).toEqual({});
  expect(volumesOf([{ name: "tmp", emptyDir: {} }], {})).toEqual({});
  expect(claimNameOf({ metadata: { name: "p" } }, { name: "tmp", emptyDir: {} })).toBeUndefined();
});

test("a claim bound to a volume that is gone is an answer of its own", () => {
  const missing = volumesOf(uses("a"), { persistentVolumeClaims: [claim("a", { volumeName: "v" })], persistentVolumes: [volume("w")] });
  expect(missing).toEqual({ code: "volume-not-found", canResolve: true, claim: "ns/a", volume: "v" });
  expect(explain(missing as Parameters<typeof explain>[0])).toBe("claim ns/a is bound to volume v, which does not exist");
});
