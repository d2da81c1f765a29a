import { type DaemonSet, hasResourceClaims, type Pod } from "@groupless/api";
import { daemonSetPod } from "@groupless/quantity";

/**
 * The pod a DaemonSet puts on a node: the newest one it runs, else one made from its template. Its required node affinity is the
 * template's: the DaemonSet controller names the node there. Karpenter pkg/controllers/provisioning/provisioner.go getDaemonSetPods.
 */
export function daemonPods(daemonSets: readonly DaemonSet[], pods: readonly Pod[]): Pod[] {
  if (daemonSets.length === 0) return [];
  const newest = new Map<string, Pod>();
  for (const pod of pods) {
    if (pod.metadata.ownerReferences === undefined) continue;
    const owner = pod.metadata.ownerReferences.find((reference) => reference.controller === true);
    if (owner === undefined || owner.kind !== "DaemonSet") continue;
    const key = `${pod.metadata.namespace ?? ""}/${owner.uid}`;
    const known = newest.get(key);
    if (known === undefined || (pod.metadata.creationTimestamp ?? "") > (known.metadata.creationTimestamp ?? "")) newest.set(key, pod);
  }
  return daemonSets.map((daemonSet) => {
    const pod = newest.get(`${daemonSet.metadata.namespace ?? ""}/${daemonSet.metadata.uid ?? ""}`) ?? daemonSetPod(daemonSet);
    const required = daemonSet.spec.template.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
    if (required === undefined) return pod;
    const { affinity } = pod.spec;
    return { ...pod, spec: { ...pod.spec, affinity: { ...affinity, nodeAffinity: { ...affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: required } } } };
  }).filter((pod) => !hasResourceClaims(pod));
}
