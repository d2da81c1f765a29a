import type { LabelSelector, Namespace, PodAffinityTerm, Toleration, TopologySpreadConstraint } from "@groupless/api";
import { matchesSelector, selectorProblem } from "@groupless/api";
import type { Constraints, ConstraintTable } from "../demand/constraints.ts";
import type { LabelClass } from "../demand/pod-class.ts";
import type { RequirementSet } from "../intern/requirement-set.ts";

export type TopologyType = "spread" | "affinity" | "anti-affinity";

/** Which nodes a spread looks at. */
export interface NodeFilter {
  /** Alternatives; none at all admits every node. */
  readonly alternatives: readonly RequirementSet[];
  readonly honoursTaints: boolean;
  /** Do taints that only ask to be avoided count among those? */
  readonly softTaintsCount: boolean;
  readonly honoursAffinity: boolean;
  readonly tolerations: readonly Toleration[];
}

/** One topology rule of a pod, before anything is counted. */
export interface GroupSpec {
  /** What Karpenter tells rules apart by: rules of equal text share one group, that of the first pod that has it. */
  readonly text: string;
  /** The text and all that the first pod may give a group beyond it. */
  readonly full: string;
  readonly type: TopologyType;
  readonly key: string;
  readonly namespaces: Pick<ReadonlySet<string>, "has">;
  readonly selector: LabelSelector | undefined;
  /** The selector cannot be read: it selects nothing. */
  readonly badSelector: boolean;
  /** To Karpenter a rule without selector lists every running pod of its namespaces, though it selects none. */
  readonly listsAll: boolean;
  /** Other rules that must look at a pod for this one to do. */
  readonly also: readonly Pick<GroupSpec, "namespaces" | "selector" | "badSelector">[];
  readonly maxSkew: number;
  readonly minDomains: number | undefined;
  readonly filter: NodeFilter | undefined;
  /** Of the pod that brings the group about: which pools' domains count. */
  readonly tolerations: readonly Toleration[];
  /** By label class: does the rule look at these pods? Filled as it is asked. */
  readonly selected: (boolean | undefined)[];
}

/** What reading rules depends on besides the pods. */
export interface SpecTerms {
  readonly constraints: ConstraintTable;
  readonly namespaces: readonly Namespace[];
  readonly ignorePreferences: boolean;
  /** See {@link Rules.topologyAsDeclared}. */
  readonly asDeclared: boolean;
}

/** The rules of pods of one label class and one level of constraints: spreads, then affinities, then anti-affinities. */
export function groupSpecs(constraints: Constraints, labels: LabelClass, terms: SpecTerms): GroupSpec[] {
  const { ignorePreferences, asDeclared } = terms;
  const specs: GroupSpec[] = [];
  let filter: { readonly alternatives: readonly RequirementSet[]; readonly text: string } | undefined;
  for (const spread of constraints.spreads) {
    if (ignorePreferences && spread.whenUnsatisfiable !== "DoNotSchedule") continue;
    filter ??= filterOf(constraints, terms);
    specs.push(spreadSpec(spread, constraints, labels, filter, asDeclared));
  }
  const soft = (preferred: readonly { readonly podAffinityTerm: PodAffinityTerm }[]): PodAffinityTerm[] => (ignorePreferences ? [] : preferred.map((term) => term.podAffinityTerm));
  const near = constraints.affinity.map((term) => affinitySpec("affinity", term, constraints, labels, terms));
  // Kubernetes counts only pods that all required terms look at.
  for (const spec of near) specs.push(asDeclared && near.length > 1 ? together(spec, near) : spec);
  for (const term of soft(constraints.preferredAffinity)) specs.push(affinitySpec("affinity", term, constraints, labels, terms));
  for (const term of [...constraints.antiAffinity, ...soft(constraints.preferredAntiAffinity)]) specs.push(affinitySpec("anti-affinity", term, constraints, labels, terms));
  return specs;
}

function together(spec: GroupSpec, all: readonly GroupSpec[]): GroupSpec {
  const others = all.filter((other) => other !== spec);
  const text = JSON.stringify([spec.text, others.map((other) => other.text).sort()]);
  return { ...spec, text, full: text, also: others, selected: [] };
}

/** The required anti-affinity of pods, looked at from the pods they keep away. */
export function inverseSpecs(constraints: Constraints, labels: LabelClass, terms: SpecTerms): GroupSpec[] {
  return constraints.antiAffinity.map((term) => affinitySpec("anti-affinity", term, constraints, labels, terms));
}

function spreadSpec(spread: TopologySpreadConstraint, { tolerations: softened, declared }: Constraints, labels: LabelClass, nodes: { readonly alternatives: readonly RequirementSet[]; readonly text: string }, asDeclared: boolean): GroupSpec {
  const tolerations = asDeclared ? declared.tolerations : softened;
  const selector = asDeclared && spread.labelSelector === undefined ? undefined : withLabelKeys(spread.labelSelector, labels, spread.matchLabelKeys);
  const honoursTaints = spread.nodeTaintsPolicy === "Honor";
  const honoursAffinity = spread.nodeAffinityPolicy !== "Ignore";
  // Karpenter's hash sees the keys of the node filter, not its values (pkg/controllers/provisioning/scheduling/topologygroup.go Hash).
  const text = JSON.stringify(["spread", spread.topologyKey, [labels.namespace], spread.maxSkew, nodes.text, honoursTaints, honoursAffinity, odd(tolerations.map(tolerationText)), selectorText(selector)]);
  const minDomains = spread.minDomains ?? undefined;
  const full = `${text}${JSON.stringify([minDomains ?? 0, nodes.alternatives.map((set) => set.id), tolerations])}`;
  return {
    text: asDeclared ? full : text,
    full,
    type: "spread",
    key: spread.topologyKey,
    namespaces: new Set([labels.namespace]),
    selector,
    badSelector: selectorProblem(selector) !== undefined,
    listsAll: selector === undefined && !asDeclared,
    also: NONE,
    maxSkew: spread.maxSkew,
    minDomains,
    filter: { alternatives: nodes.alternatives, honoursTaints, softTaintsCount: !asDeclared, honoursAffinity, tolerations },
    tolerations,
    selected: [],
  };
}

function affinitySpec(type: "affinity" | "anti-affinity", term: PodAffinityTerm, { tolerations: softened, declared }: Constraints, labels: LabelClass, { namespaces, asDeclared }: SpecTerms): GroupSpec {
  const tolerations = asDeclared ? declared.tolerations : softened;
  const among = namespacesOf(term, labels.namespace, namespaces);
  const undescribed = asDeclared && term.namespaceSelector !== undefined && matchesSelector(term.namespaceSelector, undefined);
  // The API server writes what label keys mean into the selector; manifests have not been there yet.
  const selector = asDeclared && term.labelSelector !== undefined ? withLabelKeys(term.labelSelector, labels, term.matchLabelKeys, term.mismatchLabelKeys) : term.labelSelector;
  const text = JSON.stringify([type, term.topologyKey, among, selectorText(selector)]);
  const full = `${text}${JSON.stringify([undescribed, tolerations])}`;
  return {
    text: asDeclared ? full : text,
    full,
    type,
    key: term.topologyKey,
    namespaces: undescribed ? withUndescribed(among, namespaces) : new Set(among),
    selector,
    badSelector: selectorProblem(selector) !== undefined,
    listsAll: selector === undefined && !asDeclared,
    also: NONE,
    maxSkew: 2147483647,
    minDomains: undefined,
    filter: undefined,
    tolerations,
    selected: [],
  };
}

const NONE: readonly never[] = [];

/** The selector, and that a pod has the same values of some labels as these pods, and others of some. */
function withLabelKeys(selector: LabelSelector | undefined, { labels }: LabelClass, same: readonly string[] = NONE, other: readonly string[] = NONE): LabelSelector | undefined {
  const wanted = (keys: readonly string[], operator: "In" | "NotIn") => keys.flatMap((key) => (Object.hasOwn(labels, key) ? [{ key, operator, values: [labels[key] as string] }] : []));
  const added = [...wanted(same, "In"), ...wanted(other, "NotIn")];
  return added.length === 0 ? selector : { ...selector, matchExpressions: [...(selector?.matchExpressions ?? []), ...added] };
}

/** The pod's own namespace, unless the term names or selects others. */
function namespacesOf(term: PodAffinityTerm, own: string, namespaces: readonly Namespace[]): string[] {
  const named = term.namespaces ?? [];
  const selector = term.namespaceSelector;
  if (selector === undefined) return named.length === 0 ? [own] : [...new Set(named)].sort();
  const selected = namespaces.filter((namespace) => matchesSelector(selector, namespace.metadata.labels)).map((namespace) => namespace.metadata.name);
  return [...new Set([...selected, ...named])].sort();
}

/** These, and every namespace of which no object tells the labels. */
function withUndescribed(among: readonly string[], namespaces: readonly Namespace[]): Pick<ReadonlySet<string>, "has"> {
  const chosen = new Set(among);
  const described = new Set(namespaces.map(({ metadata }) => metadata.name));
  return { has: (namespace) => chosen.has(namespace) || !described.has(namespace) };
}

/** Node selector and each required term together: the alternatives a node may meet. */
function filterOf({ nodeSelector, required, declared }: Constraints, { constraints, asDeclared }: SpecTerms): { readonly alternatives: readonly RequirementSet[]; readonly text: string } {
  const alternatives = constraints.alternatives(nodeSelector, asDeclared ? declared.required : required);
  return { alternatives, text: JSON.stringify(odd(alternatives.map((set) => JSON.stringify(set.requirements.map((requirement) => requirement.key))))) };
}

function tolerationText({ key, operator, value, effect, tolerationSeconds }: Toleration): string {
  return JSON.stringify([key ?? "", operator ?? "", value ?? "", effect ?? "", tolerationSeconds ?? 0]);
}

function selectorText(selector: LabelSelector | undefined): unknown {
  if (selector === undefined) return null;
  const labels = Object.entries(selector.matchLabels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const expressions = (selector.matchExpressions ?? []).map(({ key, operator, values }) => JSON.stringify([key, operator, odd(values ?? [])]));
  return [labels, [...new Set(expressions)].sort()];
}

/** The hash combines the elements of a list by exclusive or: what stands there twice cancels out. */
function odd(texts: readonly string[]): string[] {
  const seen = new Set<string>();
  for (const text of texts) if (!seen.delete(text)) seen.add(text);
  return [...seen].sort();
}
