import { type DaemonSet, hasResourceClaims, type Pod } from "@groupless/api";
import { daemonSetPod } from "@groupless/quantity";

/** Namespace and uid of the DaemonSet that controls a pod. */
export function daemonSetOf({ metadata }: Pod): string | undefined {
  const owner = metadata.ownerReferences?.find((reference) => reference.controller === true);
  return owner === undefined || owner.kind !== "DaemonSet" ? undefined : `${metadata.namespace ?? ""}/${owner.uid}`;
}

/**
 * The pod a DaemonSet puts on a node: the newest one it runs, else one made from its template. Its required node affinity is the
 * template's: the DaemonSet controller names the node there. `ran` gives the pods of a {@link daemonSetOf}, in name order. Karpenter pkg/controllers/provisioning/provisioner.go getDaemonSetPods.
 */
export function daemonPods(daemonSets: readonly DaemonSet[], ran: (key: string) => readonly Pod[]): Pod[] {
  return daemonSets.map((daemonSet) => {
    const pod = newestOf(ran(`${daemonSet.metadata.namespace ?? ""}/${daemonSet.metadata.uid ?? ""}`)) ?? daemonSetPod(daemonSet);
    const required = daemonSet.spec.template.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
    if (required === undefined) return pod;
    const { affinity } = pod.spec;
    return { ...pod, spec: { ...pod.spec, affinity: { ...affinity, nodeAffinity: { ...affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: required } } } };
  }).filter((pod) => !hasResourceClaims(pod));
}

function newestOf(pods: readonly Pod[]): Pod | undefined {
  let newest: Pod | undefined;
  for (const pod of pods) if (newest === undefined || (pod.metadata.creationTimestamp ?? "") > (newest.metadata.creationTimestamp ?? "")) newest = pod;
  return newest;
}
