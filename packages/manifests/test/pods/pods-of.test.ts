import type { DaemonSet, Deployment, Job, StatefulSet } from "@groupless/api";
import { parse, podsOf, toYaml } from "@groupless/manifests";
import { describe, expect, test } from "vitest";

const template = { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "c", resources: { limits: { cpu: "1" } } }] } };
const metadata = { name: "web", namespace: "ns", creationTimestamp: "2026-08-20T12:00:00Z" };
const selector = { matchLabels: { app: "web" } };
const deployment: Deployment = { apiVersion: "apps/v1", kind: "Deployment", metadata, spec: { replicas: 3, selector, template } };

describe("the pods of a workload", () => {
  test("are named NAME-0, NAME-1, … and pending, with the template's labels and the limits as requests", () => {
    const pods = podsOf(deployment);
    expect(pods.map((pod) => pod.metadata.name)).toEqual(["web-0", "web-1", "web-2"]);
    expect(pods[0]).toMatchObject({ metadata: { namespace: "ns", labels: { app: "web" }, creationTimestamp: "2026-08-20T12:00:00Z" }, spec: { containers: [{ resources: { requests: { cpu: "1" } } }] }, status: { phase: "Pending" } });
    expect(new Set(pods.map((pod) => pod.metadata.uid)).size).toBe(3);
  });

  test("belong to the Deployment's ReplicaSet, whose hash follows from the template alone", () => {
    const [pod] = podsOf(deployment, { replicas: 1 });
    const hash = pod?.metadata.labels?.["pod-template-hash"];
    expect(pod?.metadata.ownerReferences).toMatchObject([{ apiVersion: "apps/v1", kind: "ReplicaSet", name: `web-${hash}`, controller: true }]);
    const other = { ...deployment, spec: { ...deployment.spec, replicas: 7 } };
    expect(podsOf(other)[0]?.metadata.labels).toEqual(pod?.metadata.labels);
  });

  test("of a StatefulSet mount their own claims", () => {
    const set: StatefulSet = { apiVersion: "apps/v1", kind: "StatefulSet", metadata, spec: { replicas: 2, selector, template, volumeClaimTemplates: [{ metadata: { name: "data" } }] } };
    expect(podsOf(set)[1]).toMatchObject({
      metadata: { name: "web-1", labels: { "statefulset.kubernetes.io/pod-name": "web-1", "apps.kubernetes.io/pod-index": "1" }, ownerReferences: [{ kind: "StatefulSet" }] },
      spec: { volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data-web-1" } }] },
    });
  });

  test("of a Job are as many as may run at once", () => {
    const job = (parallelism?: number, completions?: number): Job => ({ apiVersion: "batch/v1", kind: "Job", metadata, spec: { template, ...(parallelism === undefined ? {} : { parallelism }), ...(completions === undefined ? {} : { completions }) } });
    expect(podsOf(job())).toHaveLength(1);
    expect(podsOf(job(5, 3))).toHaveLength(3);
    expect(podsOf(job(5))).toHaveLength(5);
    expect(podsOf(job(0, 3))).toHaveLength(0);
  });

  test("of a DaemonSet are one a node, pinned there; without nodes one for no node in particular", () => {
    const set: DaemonSet = { apiVersion: "apps/v1", kind: "DaemonSet", metadata, spec: { selector, template } };
    const pods = podsOf(set, { nodes: ["n1", "n2"] });
    expect(pods.map((pod) => pod.metadata.name)).toEqual(["web-n1", "web-n2"]);
    expect(pods[0]?.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms).toEqual([{ matchFields: [{ key: "metadata.name", operator: "In", values: ["n1"] }] }]);
    const picky: DaemonSet = { ...set, spec: { selector, template: { ...template, spec: { ...template.spec, hostNetwork: true, affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: "disk", operator: "Exists" }] }] } } } } } } };
    expect(podsOf(picky, { nodes: ["n1"] })[0]?.spec.affinity).toEqual(pods[0]?.spec.affinity);
    expect(podsOf(picky, { nodes: ["n1"] })[0]?.spec.tolerations?.at(-1)?.key).toBe("node.kubernetes.io/network-unavailable");
    expect(podsOf(set)).toMatchObject([{ metadata: { name: "web", ownerReferences: [{ apiVersion: "apps/v1", kind: "DaemonSet", name: "web" }] } }]);
  });

  test("are objects that parse takes as they are", () => {
    const pods = podsOf(deployment);
    const again = parse(toYaml(pods)).objects;
    expect(again).toMatchObject(pods);
  });
});
