import { type Pod, type PodAffinityTerm, nameOf } from "@groupless/api";
import { isSame } from "../final-state/domains.ts";
import type { FinalNode, FinalState } from "../final-state/final-state.ts";
import { type PodInPlace, podsInPlace, type PodsInPlace } from "../final-state/pods-in-place.ts";
import { effectiveSelector, termSelects } from "../final-state/selectors.ts";
import type { Invariant } from "./invariant.ts";

const antiTerms = (pod: Pod): readonly PodAffinityTerm[] => pod.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
const terms = (pod: Pod): readonly PodAffinityTerm[] => pod.spec.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];

/** No placed pod shares a domain with a pod that either of the two keeps away by required anti-affinity. */
export const holdsPodAntiAffinity: Invariant = {
  name: "holdsPodAntiAffinity",
  check: (state) => {
    const places = podsInPlace(state).staying;
    const near = neighboursInQuestion(state, places);
    return state.nodes.flatMap((node) =>
      node.placed.flatMap((pod) =>
        [...(near.get(pod) ?? [])]
          .sort((a, b) => a.rank - b.rank)
          .flatMap(({ pod: neighbour, node: other }) => {
            const broken = clash(state, places, pod, node, neighbour, other) ?? clash(state, places, neighbour, other, pod, node);
            return broken === undefined ? [] : [{ pod: nameOf(pod), node: node.name, message: `shares ${broken.topologyKey} with ${nameOf(neighbour)} on ${other.name} against a required anti-affinity` }];
          }),
      ),
    );
  },
};

/** By pod: the others that may clash with it, since one of the two has a term that selects the other, and both are in one domain. */
function neighboursInQuestion(state: FinalState, places: PodsInPlace): ReadonlyMap<Pod, ReadonlySet<PodInPlace>> {
  const found = new Map<Pod, Set<PodInPlace>>();
  const note = (pod: Pod, other: PodInPlace): void => {
    const known = found.get(pod);
    if (known === undefined) found.set(pod, new Set([other]));
    else known.add(other);
  };
  for (const { term, owners } of rulesOf(places, antiTerms)) {
    const bySite = new Map<string, PodInPlace[]>();
    for (const one of selectedBy(state, places, owners[0] as PodInPlace, term)) {
      for (const site of sitesOf(places, one.node, term.topologyKey)) {
        const known = bySite.get(site);
        if (known === undefined) bySite.set(site, [one]);
        else known.push(one);
      }
    }
    for (const owner of owners) {
      for (const site of sitesOf(places, owner.node, term.topologyKey)) {
        for (const one of bySite.get(site) ?? []) {
          if (isSame(one.pod, owner.pod)) continue;
          note(owner.pod, one);
          note(one.pod, owner);
        }
      }
    }
  }
  return found;
}

/** The node itself, and its domain once that is settled: claims whose zones are open break a rule only if they cannot end up apart. */
function sitesOf(places: PodsInPlace, node: FinalNode, topologyKey: string): readonly string[] {
  const domains = [...places.domains(node, topologyKey)];
  return domains.length === 1 ? [`node ${node.name}`, `domain ${domains[0]}`] : [`node ${node.name}`];
}

/** The owner's anti-affinity term that the other pod's place breaks. */
function clash(state: FinalState, places: PodsInPlace, owner: Pod, ownerNode: FinalNode, other: Pod, otherNode: FinalNode): PodAffinityTerm | undefined {
  return antiTerms(owner).find((term) => {
    const mine = places.domains(ownerNode, term.topologyKey);
    const theirs = places.domains(otherNode, term.topologyKey);
    const settled = ownerNode === otherNode || (mine.size === 1 && theirs.size === 1);
    return settled && mine.size > 0 && [...theirs].some((domain) => mine.has(domain)) && termSelects(owner, term, other, state.namespaceLabels);
  });
}

/** Every placed pod with a required pod affinity has a pod it asks for in its domain, or is the first of its kind. */
export const holdsPodAffinity: Invariant = {
  name: "holdsPodAffinity",
  check: (state) => {
    const places = podsInPlace(state).staying;
    const counts = new Map<string, ReadonlyMap<string, number>>();
    return state.nodes.flatMap((node) =>
      node.placed.flatMap((pod) =>
        terms(pod)
          .filter((term) => !isMet(state, places, counts, pod, node, term))
          .map((term) => ({ pod: nameOf(pod), node: node.name, message: `no pod it must be near shares its ${term.topologyKey}` })),
      ),
    );
  },
};

function isMet(state: FinalState, places: PodsInPlace, counts: Map<string, ReadonlyMap<string, number>>, pod: Pod, node: FinalNode, term: PodAffinityTerm): boolean {
  // The first of a group that selects itself has nobody to join (Kubernetes lets it start the group anywhere).
  if (termSelects(pod, term, pod, state.namespaceLabels)) return true;
  const text = ruleText(pod, term);
  let selected = counts.get(text);
  if (selected === undefined) counts.set(text, (selected = countBySite(places, selectedBy(state, places, { pod, node, rank: 0 }, term), term.topologyKey)));
  const sites = [`node ${node.name}`, ...[...places.domains(node, term.topologyKey)].map((domain) => `domain ${domain}`)];
  return sites.some((site) => (selected.get(site) ?? 0) > 0);
}

/** How many pods are on each node, and may be in each domain. */
function countBySite(places: PodsInPlace, pods: readonly PodInPlace[], topologyKey: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { node } of pods) {
    for (const site of [`node ${node.name}`, ...[...places.domains(node, topologyKey)].map((domain) => `domain ${domain}`)]) counts.set(site, (counts.get(site) ?? 0) + 1);
  }
  return counts;
}

/** The pods a term of this owner selects. */
function selectedBy({ namespaceLabels }: FinalState, places: PodsInPlace, { pod }: PodInPlace, term: PodAffinityTerm): readonly PodInPlace[] {
  const selector = effectiveSelector(pod, term.labelSelector, term.matchLabelKeys, term.mismatchLabelKeys);
  return places.selected(selector).filter((one) => termSelects(pod, term, one.pod, namespaceLabels));
}

/** Every term with all pods that have it, so that who it selects is found out once. */
function rulesOf(places: PodsInPlace, termsOf: (pod: Pod) => readonly PodAffinityTerm[]): Iterable<{ readonly term: PodAffinityTerm; readonly owners: readonly PodInPlace[] }> {
  const rules = new Map<string, { readonly term: PodAffinityTerm; readonly owners: PodInPlace[] }>();
  for (const owner of places.pods) {
    for (const term of termsOf(owner.pod)) {
      const text = ruleText(owner.pod, term);
      const known = rules.get(text);
      if (known === undefined) rules.set(text, { term, owners: [owner] });
      else known.owners.push(owner);
    }
  }
  return rules.values();
}

/** What a term selects depends on: itself, its owner's namespace, and the owner's labels where the term copies them. */
function ruleText({ metadata: { namespace, labels } }: Pod, term: PodAffinityTerm): string {
  const copied = [...(term.matchLabelKeys ?? []), ...(term.mismatchLabelKeys ?? [])].map((key) => labels?.[key] ?? null);
  return JSON.stringify([term, namespace ?? "default", copied]);
}
