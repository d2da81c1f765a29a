import { isTerminal, type KubeObject, matchesSelector, nameOf, type Pod, type PodTemplate } from "@groupless/api";

/**
 * The pods that the workloads among the objects would make and that are not there yet, named `workload-0`, `workload-1`, …
 *
 * Deployments and the ReplicaSets they own count once. DaemonSets make none here: they are overhead of every node.
 */
export function workloadPods(objects: readonly KubeObject[]): readonly Pod[] {
  const existing = objects.filter((object): object is Pod => object.kind === "Pod");
  return objects.flatMap((object): readonly Pod[] => {
    const wanted = replicasOf(object);
    if (wanted === undefined || !("spec" in object) || object.spec === undefined || !("template" in object.spec)) return [];
    const { template } = object.spec as { readonly template: PodTemplate };
    const selector = "selector" in object.spec ? (object.spec as { readonly selector?: Parameters<typeof matchesSelector>[0] }).selector : undefined;
    const present = existing.filter((pod) => pod.metadata.namespace === object.metadata.namespace && !isTerminal(pod) && matchesSelector(selector ?? { matchLabels: template.metadata?.labels ?? {} }, pod.metadata.labels));
    const missing = Math.max(0, wanted - present.length);
    return Array.from({ length: missing }, (_, index) => podOf(template, object, index));
  });
}

function replicasOf(object: KubeObject): number | undefined {
  switch (object.kind) {
    case "Deployment":
    case "StatefulSet":
      return object.spec.replicas ?? 1;
    case "ReplicaSet":
      return object.metadata.ownerReferences?.some(({ kind }) => kind === "Deployment") === true ? undefined : (object.spec.replicas ?? 1);
    case "Job":
      return Math.min(object.spec.parallelism ?? 1, object.spec.completions ?? object.spec.parallelism ?? 1);
    default:
      return undefined;
  }
}

function podOf(template: PodTemplate, owner: KubeObject, index: number): Pod {
  const { labels, annotations } = template.metadata ?? {};
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `${owner.metadata.name}-${index}`,
      namespace: owner.metadata.namespace ?? "default",
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
      ownerReferences: [{ apiVersion: owner.apiVersion, kind: owner.kind, name: owner.metadata.name, uid: owner.metadata.uid ?? nameOf(owner), controller: true }],
    },
    spec: template.spec,
  };
}
