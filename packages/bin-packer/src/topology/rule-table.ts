import type { Namespace } from "@groupless/api";
import type { Constraints } from "../demand/constraints.ts";
import type { LabelClass } from "../demand/pod-class.ts";
import type { RequirementSets } from "../intern/requirement-set.ts";
import { type GroupSpec, groupSpecs, inverseSpecs } from "./group-spec.ts";

/** The rules of some pods, before they are counted. */
export interface Rules {
  readonly owned: readonly GroupSpec[];
  /** Their required anti-affinity, looked at from the pods they keep away. */
  readonly inverse: readonly GroupSpec[];
}

const NO_RULES: Rules = { owned: [], inverse: [] };

/** The rules that constraints come to for pods of a label class; made once for all snapshots of the same namespaces. */
export class RuleTable {
  readonly #sets: RequirementSets;
  readonly #namespaces: readonly Namespace[];
  readonly #ignorePreferences: boolean;
  readonly #rules: Map<string, Rules>[] = [];

  constructor(sets: RequirementSets, namespaces: readonly Namespace[], ignorePreferences: boolean) {
    this.#sets = sets;
    this.#namespaces = namespaces;
    this.#ignorePreferences = ignorePreferences;
  }

  of(constraints: Constraints, labels: LabelClass): Rules {
    if (!constraints.hasTopology) return NO_RULES;
    const byLabels = (this.#rules[constraints.id] ??= new Map());
    // Labels matter only to rules that copy their values into the selector.
    const key = constraints.spreads.some((spread) => spread.matchLabelKeys !== undefined) ? `${labels.id}` : `/${labels.namespace}`;
    let rules = byLabels.get(key);
    if (rules === undefined) {
      rules = { owned: groupSpecs(constraints, labels, this.#sets, this.#namespaces, this.#ignorePreferences), inverse: inverseSpecs(constraints, labels, this.#namespaces) };
      byLabels.set(key, rules);
    }
    return rules;
  }
}
