import { isTerminal, type KubeObject, matchesSelector, type Pod } from "@groupless/api";
import { type AnyWorkload, podsOf } from "@groupless/manifests";

/**
 * The pods that the workloads among the objects would make and that are not there yet.
 *
 * Deployments and the ReplicaSets they own count once. DaemonSets make none here: they are overhead of every node.
 */
export function workloadPods(objects: readonly KubeObject[]): readonly Pod[] {
  const existing = objects.filter((object): object is Pod => object.kind === "Pod" && !isTerminal(object));
  return objects.flatMap((object): readonly Pod[] => {
    if (!isWorkload(object)) return [];
    const made = podsOf(object);
    const selector = object.spec.selector ?? { matchLabels: object.spec.template.metadata?.labels ?? {} };
    const present = existing.filter(({ metadata }) => metadata.namespace === object.metadata.namespace && matchesSelector(selector, metadata.labels));
    return made.slice(0, Math.max(0, made.length - present.length));
  });
}

function isWorkload(object: KubeObject): object is KubeObject & AnyWorkload {
  if (object.kind === "ReplicaSet") return object.metadata.ownerReferences?.some(({ kind }) => kind === "Deployment") !== true;
  return object.kind === "Deployment" || object.kind === "StatefulSet" || object.kind === "Job";
}
