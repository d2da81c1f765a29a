import type { Node, Pod } from "@groupless/api";
import type { ApiServer } from "../../api-server/api-server.ts";
import { matchesTerm } from "./node-selector.ts";

/** Can the pod's bound volumes be reached from the node? Claims without a volume bind wherever the pod goes. */
export function volumesReach(server: Pick<ApiServer, "get">, pod: Pod, node: Node): boolean {
  return (pod.spec.volumes ?? []).every(({ persistentVolumeClaim }) => {
    if (persistentVolumeClaim === undefined) return true;
    const claim = server.get("PersistentVolumeClaim", `${pod.metadata.namespace ?? "default"}/${persistentVolumeClaim.claimName}`);
    const volume = claim?.spec?.volumeName === undefined ? undefined : server.get("PersistentVolume", claim.spec.volumeName);
    const required = volume?.spec?.nodeAffinity?.required;
    return required === undefined || required.nodeSelectorTerms.some((term) => matchesTerm(term, node.metadata.labels ?? {}, node.metadata.name));
  });
}
