import type { LabelSelector } from "@groupless/api";
import type { Requirement } from "../intern/requirement.ts";
import type { Failure } from "../place/failure.ts";
import type { SchedulingReason } from "../reason.ts";

/** Which rule left no domain, with what it counted. */
export function topologyReason({ template, stance, failure, counts }: Extract<Failure, { readonly kind: "topology" }>, code: string): SchedulingReason {
  const { group } = failure;
  const { spec } = group;
  if (failure.kind !== "unsatisfiable") {
    const chosen = failure.chosen?.requirements.flatMap((requirement) => requirement.values.map((value) => `${requirement.key}=${value}`)) ?? [];
    return { code: failure.kind === "undefined" ? "topology-undefined-label" : "topology-incompatible", canResolve: true, nodePool: template.name, topologyKey: spec.key, chosen };
  }
  const ofOthers = !stance.owned.includes(group);
  const podDomains = listed(failure.podDomains);
  const nodeDomains = listed(failure.nodeDomains);
  return {
    code: code as "topology-spread" | "pod-affinity" | "pod-anti-affinity",
    // Room in a domain comes when pods leave it; a rule on a label no node has, or after pods that do not exist, waits for someone to act.
    canResolve: spec.type !== "affinity" && counts.length > 0,
    nodePool: template.name,
    topologyKey: spec.key,
    counts: Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
    ...(spec.type === "spread" ? { maxSkew: spec.maxSkew } : {}),
    ...(spec.minDomains === undefined ? {} : { minDomains: spec.minDomains }),
    ...(spec.selector === undefined ? {} : { selector: selectorText(spec.selector) }),
    ofOthers,
    ...(podDomains === undefined ? {} : { podDomains }),
    ...(nodeDomains === undefined || group.isHostname ? {} : { nodeDomains }),
  };
}

function listed(requirement: Requirement | undefined): readonly string[] | undefined {
  return requirement === undefined || requirement.complement ? undefined : requirement.values;
}

function selectorText({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const labels = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
  const expressions = matchExpressions.map(({ key, operator, values = [] }) => (values.length === 0 ? `${key} ${operator}` : `${key} ${operator} (${values.join(", ")})`));
  return [...labels, ...expressions].sort().join(", ");
}
