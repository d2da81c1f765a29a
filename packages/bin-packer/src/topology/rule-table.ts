import type { Constraints } from "../demand/constraints.ts";
import type { LabelClass } from "../demand/pod-class.ts";
import { type GroupSpec, groupSpecs, inverseSpecs, type SpecTerms } from "./group-spec.ts";

/** The rules of some pods, before they are counted. */
export interface Rules {
  readonly owned: readonly GroupSpec[];
  /** Their required anti-affinity, looked at from the pods they keep away. */
  readonly inverse: readonly GroupSpec[];
}

const NO_RULES: Rules = { owned: [], inverse: [] };

/** The rules that constraints come to for pods of a label class; made once for all snapshots of the same namespaces. */
export class RuleTable {
  readonly #terms: SpecTerms;
  readonly #rules: Map<string, Rules>[] = [];

  constructor(terms: SpecTerms) {
    this.#terms = terms;
  }

  of(constraints: Constraints, labels: LabelClass): Rules {
    if (!constraints.hasTopology) return NO_RULES;
    const byLabels = (this.#rules[constraints.id] ??= new Map());
    // Labels matter only to rules that copy their values into the selector.
    const key = copiesLabels(constraints, this.#terms.asDeclared) ? `${labels.id}` : `/${labels.namespace}`;
    let rules = byLabels.get(key);
    if (rules === undefined) {
      rules = { owned: groupSpecs(constraints, labels, this.#terms), inverse: inverseSpecs(constraints, labels, this.#terms) };
      byLabels.set(key, rules);
    }
    return rules;
  }
}

function copiesLabels({ spreads, affinity, antiAffinity, preferredAffinity, preferredAntiAffinity }: Constraints, asDeclared: boolean): boolean {
  if (spreads.some((spread) => spread.matchLabelKeys !== undefined)) return true;
  const soft = [...preferredAffinity, ...preferredAntiAffinity].map(({ podAffinityTerm }) => podAffinityTerm);
  return asDeclared && [...affinity, ...antiAffinity, ...soft].some((term) => term.matchLabelKeys !== undefined || term.mismatchLabelKeys !== undefined);
}
