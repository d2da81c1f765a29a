import { type Pod, nameOf } from "@groupless/api";
import { type FinalState, ofKind } from "../final-state/final-state.ts";
import { optionMatches } from "../final-state/node-option.ts";
import { normalizedKey } from "../final-state/normalized-key.ts";
import type { Invariant } from "./invariant.ts";

/** Every placed pod's bound volumes can be reached from its node: the PersistentVolume's node affinity holds, hostname terms aside. */
export const holdsVolumes: Invariant = {
  name: "holdsVolumes",
  check: (state) =>
    state.nodes.flatMap((node) =>
      node.placed.flatMap((pod) =>
        volumesOf(state, pod)
          .filter((volume) => {
            // Local and host path volumes name a host; the autoscaler may move such pods to other hosts.
            if (volume.spec?.local !== undefined || volume.spec?.hostPath !== undefined) return false;
            const terms = volume.spec?.nodeAffinity?.required?.nodeSelectorTerms;
            return terms !== undefined && terms.length > 0 && !node.options.every((option) => terms.some((term) => optionMatches({ matchExpressions: (term.matchExpressions ?? []).map((expression) => ({ ...expression, key: normalizedKey(expression.key) })) }, option)));
          })
          .map((volume) => ({ pod: nameOf(pod), node: node.name, message: `its volume ${volume.metadata.name} cannot be reached from there` })),
      ),
    ),
};

function volumesOf(state: FinalState, pod: Pod) {
  const claims = ofKind(state.cluster, "PersistentVolumeClaim");
  const volumes = ofKind(state.cluster, "PersistentVolume");
  return (pod.spec.volumes ?? []).flatMap((volume) => {
    const claimName = volume.persistentVolumeClaim?.claimName ?? (volume.ephemeral === undefined ? undefined : `${pod.metadata.name}-${volume.name}`);
    const claim = claims.find(({ metadata }) => metadata.name === claimName && (metadata.namespace ?? "default") === (pod.metadata.namespace ?? "default"));
    return volumes.filter(({ metadata }) => claim?.spec?.volumeName !== undefined && metadata.name === claim.spec.volumeName);
  });
}
