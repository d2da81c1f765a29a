import { HOSTNAME_LABEL, NODE_POOL_LABEL, type NodeSelectorTerm, type PodAffinityTerm, type PodSpec, type PreferredSchedulingTerm, type Toleration, type TopologySpreadConstraint, type WeightedPodAffinityTerm } from "@groupless/api";
import { alike, sameAffinity, sameSpreads } from "./alike.ts";
import type { Requirement } from "../intern/requirement.ts";
import type { RequirementSet, RequirementSets } from "../intern/requirement-set.ts";
import type { Rules } from "../profile/rules.ts";

/**
 * What pods of one spec ask for besides resources, at one level of relaxation. Interned; `relaxed` leads to the next level.
 */
export interface Constraints {
  readonly id: number;
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** Terms are alternatives: only the first counts, relaxation drops it. Undefined: no required node affinity. */
  readonly required: readonly NodeSelectorTerm[] | undefined;
  /** Heaviest first. */
  readonly preferred: readonly PreferredSchedulingTerm[];
  readonly affinity: readonly PodAffinityTerm[];
  readonly preferredAffinity: readonly WeightedPodAffinityTerm[];
  readonly antiAffinity: readonly PodAffinityTerm[];
  readonly preferredAntiAffinity: readonly WeightedPodAffinityTerm[];
  readonly spreads: readonly TopologySpreadConstraint[];
  readonly tolerations: readonly Toleration[];
  /** Its required terms and tolerations as the pod has them, whatever has been relaxed. */
  readonly declared: Pick<Constraints, "required" | "tolerations">;
  /** What has been given up: required terms at most; preferences too; all, and the terms are looked at once more without them. */
  readonly givenUp: "terms" | "preferences" | "all";
  /** What a node must be, the heaviest preference counted as a demand; without the hostname. */
  readonly requirements: RequirementSet;
  readonly hostname: Requirement | undefined;
  /** The same without preferences: which domains a pod may use at all. */
  readonly strict: RequirementSet;
  readonly strictHostname: Requirement | undefined;
  /** Does it ask for nodes of no NodePool, its heaviest preference counted as a demand even where preferences are ignored? */
  readonly shunsNodePools: boolean;
  /** Is there anything topology may have to say? */
  readonly hasTopology: boolean;
}

type Parts = Omit<Constraints, "id" | "requirements" | "hostname" | "strict" | "strictHostname" | "shunsNodePools" | "hasTopology">;

const NONE: Parts = { nodeSelector: {}, required: undefined, preferred: [], affinity: [], preferredAffinity: [], antiAffinity: [], preferredAntiAffinity: [], spreads: [], tolerations: [], declared: { required: undefined, tolerations: [] }, givenUp: "terms" };
const PREFER_NO_SCHEDULE: Toleration = { operator: "Exists", effect: "PreferNoSchedule" };

export class ConstraintTable {
  readonly #sets: RequirementSets;
  readonly #ignorePreferences: boolean;
  readonly #rules: Pick<Rules, "blankTermsMatch" | "termsComeBack">;
  readonly #byText = new Map<string, Constraints>();
  readonly #relaxed = [new Map<number, Constraints | null>(), new Map<number, Constraints | null>()] as const;
  #plain: Constraints | undefined;
  #last: PodSpec | undefined;
  #lastFound: Constraints | undefined;
  #next = 0;

  constructor(sets: RequirementSets, ignorePreferences: boolean, rules: Pick<Rules, "blankTermsMatch" | "termsComeBack">) {
    this.#sets = sets;
    this.#rules = rules;
    this.#ignorePreferences = ignorePreferences;
  }

  /** How many there are. */
  get size(): number {
    return this.#next;
  }

  of(spec: PodSpec): Constraints {
    const { nodeSelector, affinity, tolerations, topologySpreadConstraints } = spec;
    if (nodeSelector === undefined && affinity === undefined && tolerations === undefined && topologySpreadConstraints === undefined) return (this.#plain ??= this.#intern(NONE));
    // Pods in name order are mostly of the deployment the one before was of.
    const last = this.#last;
    if (last !== undefined && alike(last.nodeSelector, nodeSelector) && sameAffinity(last.affinity, affinity) && alike(last.tolerations, tolerations) && sameSpreads(last.topologySpreadConstraints, topologySpreadConstraints)) return this.#lastFound as Constraints;
    const text = constraintsText(spec);
    let found = this.#byText.get(text);
    if (found === undefined) {
      const declared = { required: affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms, tolerations: tolerations ?? [] };
      found = this.#intern({
        nodeSelector: nodeSelector ?? {},
        ...declared,
        declared,
        givenUp: "terms",
        preferred: heaviestFirst(affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution),
        affinity: affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [],
        preferredAffinity: affinity?.podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [],
        antiAffinity: affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [],
        preferredAntiAffinity: affinity?.podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [],
        spreads: topologySpreadConstraints ?? [],
      });
      this.#byText.set(text, found);
    }
    this.#last = spec;
    this.#lastFound = found;
    return found;
  }

  /**
   * The next, softer level, or null. One thing is given up at a time: an alternative term, then the heaviest preference of each kind,
   * then soft spreads, last distaste for PreferNoSchedule taints. Karpenter pkg/controllers/provisioning/scheduling/preferences.go.
   */
  relax(constraints: Constraints, toleratePreferNoSchedule: boolean): Constraints | null {
    const known = this.#relaxed[toleratePreferNoSchedule ? 1 : 0];
    let found = known.get(constraints.id);
    if (found === undefined) {
      const softer = soften(constraints, toleratePreferNoSchedule) ?? (this.#rules.termsComeBack ? termsAgain(constraints) : undefined);
      found = softer === undefined ? null : this.#intern({ ...constraints, ...softer });
      known.set(constraints.id, found);
    }
    return found;
  }

  /** With a soft-taint toleration and other required terms: how Karpenter looks at daemons. */
  with(constraints: Constraints, change: Partial<Pick<Parts, "required" | "tolerations">>): Constraints {
    return this.#intern({ ...constraints, ...change });
  }

  /** What each of the required terms asks for beside the node selector: the alternatives a node may meet. */
  alternatives(nodeSelector: Constraints["nodeSelector"], required: Constraints["required"]): readonly RequirementSet[] {
    const own = this.#selected(nodeSelector);
    return required === undefined ? [own] : required.map((term) => this.#sets.merge(own, this.#required(term)));
  }

  #selected(nodeSelector: Constraints["nodeSelector"]): RequirementSet {
    const { table } = this.#sets;
    return this.#sets.of(Object.entries(nodeSelector).map(([key, value]) => table.of({ key, operator: "In", values: [value] })));
  }

  #expressions(term: NodeSelectorTerm | undefined): RequirementSet {
    return this.#sets.of((term?.matchExpressions ?? []).map((expression) => this.#sets.table.of(expression)));
  }

  /** Kubernetes: a required term that asks for nothing matches nothing, and so do no terms at all. */
  #required(term: NodeSelectorTerm | undefined): RequirementSet {
    const isBlank = term === undefined || ((term.matchExpressions ?? []).length === 0 && (term.matchFields ?? []).length === 0);
    return isBlank && !this.#rules.blankTermsMatch ? this.#sets.of([this.#sets.table.make(HOSTNAME_LABEL, "In", [])]) : this.#expressions(term);
  }

  #intern(parts: Parts): Constraints {
    const own = this.#selected(parts.nodeSelector);
    const required = parts.required === undefined ? this.#sets.empty : this.#required(parts.required[0]);
    const strict = this.#sets.splitHostname(this.#sets.merge(own, required));
    const heaviest = parts.preferred[0]?.preference;
    const wished = heaviest === undefined ? strict : this.#sets.splitHostname(this.#sets.merge(this.#sets.merge(own, this.#expressions(heaviest)), required));
    const all = this.#ignorePreferences ? strict : wished;
    const pool = wished.rest.byKey.get(NODE_POOL_LABEL);
    return {
      ...parts,
      id: this.#next++,
      requirements: all.rest,
      hostname: all.hostname,
      strict: strict.rest,
      strictHostname: strict.hostname,
      shunsNodePools: pool !== undefined && !pool.complement && pool.values.length === 0,
      hasTopology: parts.spreads.length + parts.affinity.length + parts.preferredAffinity.length + parts.antiAffinity.length + parts.preferredAntiAffinity.length > 0,
    };
  }
}

/** The terms that were given up while there were preferences left, without those. */
function termsAgain({ givenUp, declared: { required } }: Constraints): Partial<Parts> | undefined {
  return givenUp === "preferences" && required !== undefined && required.length > 1 ? { required: required.slice(0, -1), givenUp: "all" } : undefined;
}

function soften(from: Constraints, toleratePreferNoSchedule: boolean): Partial<Parts> | undefined {
  if (from.required !== undefined && from.required.length > 1) return { required: from.required.slice(1) };
  const preference = softenPreference(from, toleratePreferNoSchedule);
  return preference === undefined ? undefined : { ...preference, givenUp: "preferences" };
}

function softenPreference(from: Constraints, toleratePreferNoSchedule: boolean): Partial<Parts> | undefined {
  if (from.preferredAffinity.length > 0) return { preferredAffinity: heaviestFirst(from.preferredAffinity).slice(1) };
  if (from.preferredAntiAffinity.length > 0) return { preferredAntiAffinity: heaviestFirst(from.preferredAntiAffinity).slice(1) };
  if (from.preferred.length > 0) return { preferred: from.preferred.slice(1) };
  const soft = from.spreads.findIndex((spread) => spread.whenUnsatisfiable === "ScheduleAnyway");
  if (soft !== -1) {
    // The last constraint takes the place of the one dropped.
    const spreads = [...from.spreads];
    const last = spreads.pop() as TopologySpreadConstraint;
    if (soft < spreads.length) spreads[soft] = last;
    return { spreads };
  }
  if (toleratePreferNoSchedule && !from.tolerations.some(isPreferNoSchedule)) return { tolerations: [...from.tolerations, PREFER_NO_SCHEDULE] };
  return undefined;
}

export function withPreferNoSchedule(tolerations: readonly Toleration[]): readonly Toleration[] {
  return tolerations.some(isPreferNoSchedule) ? tolerations : [...tolerations, PREFER_NO_SCHEDULE];
}

function isPreferNoSchedule(toleration: Toleration): boolean {
  return (toleration.key ?? "") === "" && toleration.operator === "Exists" && (toleration.value ?? "") === "" && toleration.effect === "PreferNoSchedule";
}

function heaviestFirst<T extends { readonly weight: number }>(terms: readonly T[] | undefined): readonly T[] {
  return terms === undefined ? [] : [...terms].sort((a, b) => b.weight - a.weight);
}

/** Tells constraints apart; the spreads that most pods have cost no look at fields nobody set. */
function constraintsText({ nodeSelector, affinity, tolerations, topologySpreadConstraints: spreads }: PodSpec): string {
  if (nodeSelector !== undefined || affinity !== undefined || tolerations !== undefined || spreads === undefined || !spreads.every(isPlainSpread)) return JSON.stringify([nodeSelector, affinity, tolerations, spreads]);
  let text = "";
  // With lengths in front no two lists read alike.
  for (const { topologyKey, maxSkew, whenUnsatisfiable, labelSelector } of spreads) {
    text += `${maxSkew},${topologyKey.length},${topologyKey}${whenUnsatisfiable.length},${whenUnsatisfiable}`;
    const labels = labelSelector?.matchLabels;
    for (const key in labels) {
      const value = labels[key] as string;
      text += `${key.length},${value.length},${key}${value}`;
    }
    text += ";";
  }
  return text;
}

function isPlainSpread({ labelSelector, minDomains, nodeAffinityPolicy, nodeTaintsPolicy, matchLabelKeys }: TopologySpreadConstraint): boolean {
  return minDomains === undefined && nodeAffinityPolicy === undefined && nodeTaintsPolicy === undefined && matchLabelKeys === undefined && labelSelector?.matchLabels !== undefined && labelSelector.matchExpressions === undefined;
}
