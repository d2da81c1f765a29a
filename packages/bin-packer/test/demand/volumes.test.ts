import type { KubeObject, NodeSelectorTerm, PersistentVolume } from "@groupless/api";
import { expect, test } from "vitest";
import { errors, node, packed, pod, valuesOf, ZONE } from "../build.ts";

const bound = { "pv.kubernetes.io/bind-completed": "yes" };
function claim(name: string, spec: { volumeName?: string; storageClassName?: string }, rest: { phase?: string; annotations?: Record<string, string>; deletionTimestamp?: string } = {}): KubeObject {
  const { phase = "Bound", ...metadata } = rest;
  return { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name, namespace: "default", annotations: spec.volumeName === undefined ? {} : bound, ...metadata }, spec, status: { phase } };
}
function volume(name: string, terms: NodeSelectorTerm[], spec: PersistentVolume["spec"] = { csi: { driver: "ebs.csi.aws.com" } }): KubeObject {
  return { apiVersion: "v1", kind: "PersistentVolume", metadata: { name }, spec: { ...spec, ...(terms.length === 0 ? {} : { nodeAffinity: { required: { nodeSelectorTerms: terms } } }) } };
}
function storageClass(name: string, zones: string[][], rest: { provisioner?: string; volumeBindingMode?: "Immediate" | "WaitForFirstConsumer" } = {}): KubeObject {
  return { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name }, provisioner: "ebs.csi.aws.com", volumeBindingMode: "WaitForFirstConsumer", allowedTopologies: zones.map((values) => ({ matchLabelExpressions: [{ key: ZONE, values }] })), ...rest };
}
const inZone = (...values: string[]): NodeSelectorTerm => ({ matchExpressions: [{ key: ZONE, operator: "In", values }] });
const mounting = (...names: string[]) => pod("one", { volumes: names.map((name) => ({ name, persistentVolumeClaim: { claimName: name } })) });
const zonesOf = (...objects: KubeObject[]) => valuesOf(packed(objects), ZONE);

test("P-137 pods whose claims cannot be bound are turned away", () => {
  const classes = (...objects: KubeObject[]) => packed(objects).ignoredPods.map(({ classes: found }) => found.join());
  expect(classes(mounting("none"))).toEqual(["volume"]);
  expect(classes(mounting("c"), claim("c", { volumeName: "gone" }))).toEqual(["volume"]);
  expect(classes(mounting("c"), claim("c", {}))).toEqual(["volume"]);
  expect(classes(mounting("c"), claim("c", { storageClassName: "s" }), storageClass("s", [], { volumeBindingMode: "Immediate" }))).toEqual(["volume"]);
  expect(classes(mounting("c"), claim("c", { storageClassName: "s" }, { phase: "Lost" }), storageClass("s", []))).toEqual(["volume"]);
  expect(classes(mounting("c"), claim("c", { storageClassName: "s" }), storageClass("s", []))).toEqual([]);
});

test("P-138 a storage class says where its volumes may be made", () => {
  expect(zonesOf(mounting("c"), claim("c", { storageClassName: "s" }), storageClass("s", [["zone-b"]]))).toEqual(["zone-b"]);
  expect(zonesOf(mounting("c"), claim("c", { storageClassName: "s" }), storageClass("s", [["nowhere"], ["zone-c"]]))).toEqual(["zone-c"]);
});

test("P-139 a bound volume says where it is; its terms are alternatives", () => {
  expect(zonesOf(mounting("c"), claim("c", { volumeName: "v" }), volume("v", [inZone("zone-b")]))).toEqual(["zone-b"]);
  expect(zonesOf(mounting("c"), claim("c", { volumeName: "v" }), volume("v", [inZone("nowhere"), inZone("zone-a")]))).toEqual(["zone-a"]);
});

test("P-140 several volumes are reached where all are", () => {
  const objects = [mounting("c", "d"), claim("c", { volumeName: "v" }), claim("d", { volumeName: "w" }), volume("v", [inZone("zone-a"), inZone("zone-b")])];
  expect(zonesOf(...objects, volume("w", [inZone("zone-b")]))).toEqual(["zone-b"]);
  expect(errors(packed([...objects, volume("w", [inZone("zone-c")])]))).toEqual({ one: "no-instance-type:requirements,resources,offering" });
});

test("P-141 the host of a local volume does not bind a pod that moves", () => {
  const onHost: NodeSelectorTerm = { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: ["gone"] }] };
  expect(errors(packed([mounting("c"), claim("c", { volumeName: "v" }), volume("v", [onHost], { local: { path: "/x" } })]))).toEqual({});
  expect(errors(packed([mounting("c"), claim("c", { volumeName: "v" }), volume("v", [onHost])]))).toEqual({ one: "incompatible-volume" });
});

test("P-142 an ephemeral volume's claim is named after pod and volume", () => {
  const scratch = pod("one", { volumes: [{ name: "scratch", ephemeral: { volumeClaimTemplate: {} } }] });
  expect(zonesOf(scratch, claim("one-scratch", { storageClassName: "s" }), storageClass("s", [["zone-b"]]))).toEqual(["zone-b"]);
});

test("P-143 provisioners and topology keys a provider does not support turn pods away", () => {
  const objects = [mounting("c"), claim("c", { storageClassName: "s" }), storageClass("s", [["zone-b"]])];
  expect(packed(objects, { options: { unsupportedProvisioners: ["ebs.csi.aws.com"] } }).ignoredPods).toHaveLength(1);
  expect(packed(objects, { options: { unsupportedTopologyKeys: [ZONE] } }).ignoredPods).toHaveLength(1);
});

test("P-144 what a volume asks is never given up", () => {
  expect(errors(packed([mounting("c"), claim("c", { volumeName: "v" }), volume("v", [inZone("nowhere")])]))).toEqual({ one: "no-instance-type:requirements,resources,offering" });
});

test("P-042 P-043 P-044 a node takes as many volumes of a driver as its limit says, shared claims once, in-tree names by their driver", () => {
  const limit: KubeObject = { apiVersion: "storage.k8s.io/v1", kind: "CSINode", metadata: { name: "n" }, spec: { drivers: [{ name: "ebs.csi.aws.com", allocatable: { count: 1 } }] } };
  const present = { ...mounting("c"), metadata: { name: "there", namespace: "default" }, spec: { ...mounting("c").spec, nodeName: "n" } };
  const objects = [...node("n"), limit, present, claim("c", { storageClassName: "s" }), claim("d", { storageClassName: "s" }), storageClass("s", [], { provisioner: "kubernetes.io/aws-ebs" })];
  expect(packed([...objects, mounting("c")]).existingNodes).toHaveLength(1);
  expect(packed([...objects, mounting("d")]).existingNodes).toHaveLength(0);
});
