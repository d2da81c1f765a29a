import type { Deviation } from "./deviation.ts";

/**
 * Pods with several required node affinity terms may break their own spread.
 *
 * Karpenter takes the terms one at a time and drops the first when the pod does not fit. A spread constraint is counted apart for each set of nodes it
 * looks at, and the count of a set first seen in the middle of a batch starts with the pods that run: those placed before, under the dropped term, are
 * not in it (pkg/controllers/provisioning/scheduling/topology.go, `Update`). Kubernetes reads the terms as one "or".
 */
export const relaxedTermCountsAnew: Deviation = {
  name: "relaxed-term-counts-anew",
  explains: ({ pods }, violation) => {
    const spec = pods.get(violation.pod ?? "")?.spec;
    const terms = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
    return violation.invariant === "holdsSpread" && terms.length > 1 && (spec?.topologySpreadConstraints ?? []).some(({ nodeAffinityPolicy, whenUnsatisfiable }) => whenUnsatisfiable === "DoNotSchedule" && nodeAffinityPolicy !== "Ignore");
  },
};
