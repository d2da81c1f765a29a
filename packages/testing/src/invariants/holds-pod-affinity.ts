import { type Pod, type PodAffinityTerm, nameOf } from "@groupless/api";
import { activePods, domainsOf, isSame } from "../final-state/domains.ts";
import type { FinalNode, FinalState } from "../final-state/final-state.ts";
import { termSelects } from "../final-state/selectors.ts";
import type { Invariant } from "./invariant.ts";

const antiTerms = (pod: Pod): readonly PodAffinityTerm[] => pod.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
const terms = (pod: Pod): readonly PodAffinityTerm[] => pod.spec.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];

/** No placed pod shares a domain with a pod that either of the two keeps away by required anti-affinity. */
export const holdsPodAntiAffinity: Invariant = {
  name: "holdsPodAntiAffinity",
  check: (state) =>
    state.nodes.flatMap((node) =>
      node.placed.flatMap((pod) =>
        state.nodes.flatMap((other) =>
          activePods(other)
            .filter((neighbour) => !isSame(pod, neighbour))
            .flatMap((neighbour) => {
              const broken = clash(state, pod, node, neighbour, other) ?? clash(state, neighbour, other, pod, node);
              return broken === undefined ? [] : [{ pod: nameOf(pod), node: node.name, message: `shares ${broken.topologyKey} with ${nameOf(neighbour)} on ${other.name} against a required anti-affinity` }];
            }),
        ),
      ),
    ),
};

/** The owner's anti-affinity term that the other pod's place breaks. */
function clash(state: FinalState, owner: Pod, ownerNode: FinalNode, other: Pod, otherNode: FinalNode): PodAffinityTerm | undefined {
  return antiTerms(owner).find((term) => {
    const mine = domainsOf(ownerNode, term.topologyKey);
    // Two claims whose zones are open break the rule only if they cannot end up apart.
    const settled = ownerNode === otherNode || (mine.size === 1 && domainsOf(otherNode, term.topologyKey).size === 1);
    return settled && mine.size > 0 && [...domainsOf(otherNode, term.topologyKey)].some((domain) => mine.has(domain)) && termSelects(owner, term, other, state.namespaceLabels);
  });
}

/** Every placed pod with a required pod affinity has a pod it asks for in its domain, or is the first of its kind. */
export const holdsPodAffinity: Invariant = {
  name: "holdsPodAffinity",
  check: (state) =>
    state.nodes.flatMap((node) =>
      node.placed.flatMap((pod) =>
        terms(pod)
          .filter((term) => !isMet(state, pod, node, term))
          .map((term) => ({ pod: nameOf(pod), node: node.name, message: `no pod it must be near shares its ${term.topologyKey}` })),
      ),
    ),
};

function isMet(state: FinalState, pod: Pod, node: FinalNode, term: PodAffinityTerm): boolean {
  const mine = domainsOf(node, term.topologyKey);
  const near = (other: FinalNode): boolean => other === node || [...domainsOf(other, term.topologyKey)].some((domain) => mine.has(domain));
  const wanted = (candidate: Pod): boolean => !isSame(candidate, pod) && termSelects(pod, term, candidate, state.namespaceLabels);
  if (state.nodes.some((other) => near(other) && activePods(other).some(wanted))) return true;
  // The first of a group that selects itself has nobody to join (Kubernetes lets it start the group anywhere).
  return termSelects(pod, term, pod, state.namespaceLabels);
}
