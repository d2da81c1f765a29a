// The rules between pods as their definitions read: every pod held against every other. What the invariants find by indexes must be what this finds.
import { type Pod, type PodAffinityTerm, type TopologySpreadConstraint, nameOf } from "@groupless/api";
import { activePods, domainsOf, isSame } from "../../src/final-state/domains.ts";
import type { FinalNode, FinalState } from "../../src/final-state/final-state.ts";
import { foretoldValues } from "../../src/final-state/foretold.ts";
import { effectiveSelector, selects, termSelects, tolerates } from "../../src/final-state/selectors.ts";
import type { Invariant } from "../../src/invariants/invariant.ts";
import { allows } from "../../src/invariants/holds-node-affinity.ts";

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

/**
 * DoNotSchedule spread constraints hold, on nodes that have the label.
 *
 * A constraint speaks when its pod is placed, and pods without it may come later; so the check counts, in a domain, the pods that
 * were there before and the placed ones that carry the constraint and look at the same nodes: the last of these saw at least so many, and at most
 * today's minimum. A pod bound to one zone, say, sees no other, and may come after the rest. Pods that stay for now on a node that goes, because
 * they may not be evicted, count while they run: either reading, with them and without, is let pass. A domain that only a placed pod's own demand
 * brought into being – a label value that no node had and no pool or type names – may have come after the rest as well, unless a pod with the constraint is in it.
 */
export const holdsSpread: Invariant = {
  name: "holdsSpread",
  check: (state) =>
    state.nodes.flatMap((node) =>
      node.placed.flatMap((pod) =>
        (pod.spec.topologySpreadConstraints ?? [])
          .filter(({ whenUnsatisfiable }) => whenUnsatisfiable === "DoNotSchedule")
          .flatMap((constraint) => {
            if (!mayHave(node, constraint.topologyKey)) return [{ pod: nameOf(pod), node: node.name, message: `is to be spread over ${constraint.topologyKey}, a label the node does not have` }];
            const skew = Math.min(skewOf(state, state.nodes, pod, node, constraint), skewOf(state, [...state.nodes, ...state.leaving.filter(({ bound }) => bound.length > 0)], pod, node, constraint));
            return skew <= constraint.maxSkew ? [] : [{ pod: nameOf(pod), node: node.name, message: `skew over ${constraint.topologyKey} is ${skew}, more than ${constraint.maxSkew}` }];
          }),
      ),
    ),
};

/** Kubernetes places no pod on a node without a label it is to be spread over. */
function mayHave({ options }: FinalNode, topologyKey: string): boolean {
  return topologyKey === "kubernetes.io/hostname" || options.length === 0 || options.some(({ labels, open }) => Object.hasOwn(labels, topologyKey) || Object.hasOwn(open, topologyKey));
}

function skewOf(state: FinalState, nodes: readonly FinalNode[], pod: Pod, node: FinalNode, constraint: TopologySpreadConstraint): number {
  const { topologyKey } = constraint;
  const selector = effectiveSelector(pod, constraint.labelSelector, constraint.matchLabelKeys);
  const matches = (other: Pod): boolean => (other.metadata.namespace ?? "default") === (pod.metadata.namespace ?? "default") && selects(selector, other.metadata.labels ?? {});
  const [mine, ...others] = domainsOf(node, topologyKey);
  if (mine === undefined || others.length > 0 || !matches(pod)) return 0;
  const carries = (other: Pod): boolean => (other.spec.topologySpreadConstraints ?? []).some((candidate) => JSON.stringify(candidate) === JSON.stringify(constraint)) && sameNodes(pod, other, constraint);
  const least = new Map<string, number>();
  const wasThere = new Set(foretoldValues(state, topologyKey));
  let inMine = 0;
  for (const other of nodes) {
    const [domain, ...more] = domainsOf(other, topologyKey);
    if (domain === undefined || more.length > 0 || !isEligible(pod, other, constraint)) continue;
    least.set(domain, (least.get(domain) ?? 0) + activePods(other).filter(matches).length);
    if (topologyKey === "kubernetes.io/hostname" || other.bound.some(matches) || other.placed.some((placed) => matches(placed) && carries(placed))) wasThere.add(domain);
    if (domain === mine) inMine += other.bound.filter((bound) => bound.metadata.deletionTimestamp === undefined && matches(bound)).length + other.placed.filter((placed) => matches(placed) && carries(placed)).length;
  }
  const tooFew = constraint.minDomains !== undefined && least.size < constraint.minDomains;
  return inMine - (tooFew ? 0 : Math.min(...[...least].flatMap(([domain, count]) => (wasThere.has(domain) ? [count] : []))));
}

/** Whether the two pods' constraint looks at the same nodes. */
function sameNodes(pod: Pod, other: Pod, { nodeAffinityPolicy, nodeTaintsPolicy }: TopologySpreadConstraint): boolean {
  const view = ({ spec }: Pod): string => JSON.stringify([nodeAffinityPolicy === "Ignore" ? [] : [spec.nodeSelector, spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution], nodeTaintsPolicy === "Honor" ? spec.tolerations : []]);
  return view(pod) === view(other);
}

/** Whether the node's domain counts for the pod: nodeAffinityPolicy (Honor unless said otherwise) and nodeTaintsPolicy (Ignore unless said otherwise). */
function isEligible(pod: Pod, node: FinalNode, constraint: TopologySpreadConstraint): boolean {
  const affinity = constraint.nodeAffinityPolicy === "Ignore" || node.options.some((option) => allows(pod, option));
  const taints = constraint.nodeTaintsPolicy !== "Honor" || node.taints.every((taint) => taint.effect === "PreferNoSchedule" || tolerates(pod.spec.tolerations, taint));
  return affinity && taints;
}
