import { type LabelSelector, type Pod, type TopologySpreadConstraint, nameOf } from "@groupless/api";
import type { FinalNode, FinalState } from "../final-state/final-state.ts";
import { foretoldValues } from "../final-state/foretold.ts";
import { podsInPlace, type PodsInPlace } from "../final-state/pods-in-place.ts";
import { effectiveSelector, selects, tolerates } from "../final-state/selectors.ts";
import type { Invariant } from "./invariant.ts";
import { allows } from "./holds-node-affinity.ts";

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
  check: (state) => {
    const { staying, all } = podsInPlace(state);
    const counts = new Map<string, Counts>();
    return state.nodes.flatMap((node) =>
      node.placed.flatMap((pod) =>
        (pod.spec.topologySpreadConstraints ?? [])
          .filter(({ whenUnsatisfiable }) => whenUnsatisfiable === "DoNotSchedule")
          .flatMap((constraint) => {
            if (!mayHave(node, constraint.topologyKey)) return [{ pod: nameOf(pod), node: node.name, message: `is to be spread over ${constraint.topologyKey}, a label the node does not have` }];
            const least = Math.min(...(staying === all ? [staying] : [staying, all]).map((places) => skewOf(state, places, counts, pod, node, constraint)));
            return least <= constraint.maxSkew ? [] : [{ pod: nameOf(pod), node: node.name, message: `skew over ${constraint.topologyKey} is ${least}, more than ${constraint.maxSkew}` }];
          }),
      ),
    );
  },
};

/** Kubernetes places no pod on a node without a label it is to be spread over. */
function mayHave({ options }: FinalNode, topologyKey: string): boolean {
  return topologyKey === "kubernetes.io/hostname" || options.length === 0 || options.some(({ labels, open }) => Object.hasOwn(labels, topologyKey) || Object.hasOwn(open, topologyKey));
}

/** What pods of one view of a constraint see. */
interface Counts {
  /** The fewest pods of any domain. */
  readonly least: number;
  /** By domain: the pods that were there before, and the placed ones that carry the constraint and look at the same nodes. */
  readonly carried: ReadonlyMap<string, number>;
}

function skewOf(state: FinalState, places: PodsInPlace, known: Map<string, Counts>, pod: Pod, node: FinalNode, constraint: TopologySpreadConstraint): number {
  const selector = effectiveSelector(pod, constraint.labelSelector, constraint.matchLabelKeys);
  const [mine, ...others] = places.domains(node, constraint.topologyKey);
  if (mine === undefined || others.length > 0 || !selects(selector, pod.metadata.labels ?? {})) return 0;
  const { nodeSelector, affinity, tolerations } = pod.spec;
  // All that the counts depend on.
  const text = JSON.stringify([places.nodes.length, constraint, selector, namespaceOf(pod), nodeSelector, affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution, tolerations]);
  let counts = known.get(text);
  if (counts === undefined) known.set(text, (counts = count(state, places, pod, constraint, selector)));
  return (counts.carried.get(mine) ?? 0) - counts.least;
}

function count(state: FinalState, places: PodsInPlace, pod: Pod, constraint: TopologySpreadConstraint, selector: LabelSelector | undefined): Counts {
  const { topologyKey, minDomains } = constraint;
  const inDomains = new Map<string, number>();
  const domainOf = new Map<FinalNode, string>();
  for (const node of places.nodes) {
    const [domain, ...more] = places.domains(node, topologyKey);
    if (domain === undefined || more.length > 0 || !isEligible(pod, node, constraint)) continue;
    domainOf.set(node, domain);
    inDomains.set(domain, inDomains.get(domain) ?? 0);
  }
  const carried = new Map<string, number>();
  const own = JSON.stringify(constraint);
  const carries = (other: Pod): boolean => (other.spec.topologySpreadConstraints ?? []).some((candidate) => JSON.stringify(candidate) === own) && sameNodes(pod, other, constraint);
  const placed = new Map<FinalNode, ReadonlySet<Pod>>();
  for (const { pod: other, node } of places.selected(selector)) {
    const domain = domainOf.get(node);
    if (domain === undefined || namespaceOf(other) !== namespaceOf(pod)) continue;
    inDomains.set(domain, (inDomains.get(domain) ?? 0) + 1);
    let arrived = placed.get(node);
    if (arrived === undefined) placed.set(node, (arrived = new Set(node.placed)));
    if (!arrived.has(other) || carries(other)) carried.set(domain, (carried.get(domain) ?? 0) + 1);
  }
  const tooFew = minDomains !== undefined && inDomains.size < minDomains;
  const wasThere = (domain: string): boolean => topologyKey === "kubernetes.io/hostname" || carried.has(domain) || foretoldValues(state, topologyKey).has(domain);
  return { least: tooFew ? 0 : [...inDomains].reduce((least, [domain, one]) => (one < least && wasThere(domain) ? one : least), Infinity), carried };
}

function namespaceOf({ metadata }: Pod): string {
  return metadata.namespace ?? "default";
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
