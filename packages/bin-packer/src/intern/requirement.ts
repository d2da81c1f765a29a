import type { NodeSelectorRequirementWithMinValues, Operator } from "@groupless/api";
import type { Algebra, Form } from "./algebra.ts";
import { karpenterAlgebra } from "./karpenter-algebra.ts";
import { includes, largest, smallest, within } from "./sorted-values.ts";

/**
 * What one label key may be. Interned: two requirements of one table are the same set with the same origin exactly when they are the same object.
 */
export interface Requirement extends Form {
  readonly id: number;
  readonly key: string;
}

/** Makes and combines requirements by one algebra; every answer is remembered. */
export class RequirementTable {
  readonly #algebra: Algebra;
  readonly #byText = new Map<string, Requirement>();
  readonly #single = new Map<string, Map<string, Requirement>>();
  readonly #intersections: Map<number, Requirement>[] = [];
  #next = 0;

  constructor(algebra: Algebra = karpenterAlgebra) {
    this.#algebra = algebra;
  }

  /** The requirement `key In [value]`, by far the most frequent. */
  is(key: string, value: string): Requirement {
    const ofKey = this.valuesOf(key);
    return ofKey.get(value) ?? this.isNew(key, value, ofKey);
  }

  /** The single-valued requirements of a key by value, for those who ask for many. */
  valuesOf(key: string): Map<string, Requirement> {
    let ofKey = this.#single.get(key);
    if (ofKey === undefined) this.#single.set(key, (ofKey = new Map()));
    return ofKey;
  }

  isNew(key: string, value: string, ofKey: Map<string, Requirement>): Requirement {
    const made = this.#make(key, { complement: false, values: [value], gte: undefined, lte: undefined, absent: false, minValues: undefined });
    ofKey.set(value, made);
    return made;
  }

  /** A requirement in API form; keys that are old names of others mean those. */
  of(requirement: NodeSelectorRequirementWithMinValues): Requirement {
    const key = normalisedKey(requirement.key);
    const values = requirement.values ?? [];
    if (requirement.operator === "In" && values.length === 1 && requirement.minValues === undefined) return this.is(key, values[0] as string);
    return this.make(key, requirement.operator, values, requirement.minValues);
  }

  make(key: string, operator: Operator, values: readonly string[], minValues?: number): Requirement {
    return this.#make(key, this.#algebra.read(operator, values, minValues));
  }

  /** The same set with another floor of distinct values. */
  withMinValues(requirement: Requirement, minValues: number | undefined): Requirement {
    return this.#make(requirement.key, { ...requirement, minValues });
  }

  exists(key: string): Requirement {
    return this.make(key, "Exists", []);
  }

  absent(key: string): Requirement {
    return this.make(key, "DoesNotExist", []);
  }

  intersect(a: Requirement, b: Requirement): Requirement {
    if (a === b) return a;
    let known = this.#intersections[a.id];
    if (known === undefined) this.#intersections[a.id] = known = new Map();
    let found = known.get(b.id);
    if (found === undefined) known.set(b.id, (found = this.#make(a.key, this.#algebra.intersect(a, b))));
    return found;
  }

  /** In API form. */
  toApi(requirement: Requirement): NodeSelectorRequirementWithMinValues[] {
    return this.#algebra.toApi(requirement.key, requirement);
  }

  #make(key: string, { complement, values, gte, lte, absent, minValues }: Form): Requirement {
    const text = `${key}\n${complement ? "!" : "="}${absent ? "-" : ""}${gte ?? ""}\n${lte ?? ""}\n${minValues ?? ""}\n${values.join("\n")}${values.length === 0 ? "" : "\n"}`;
    let found = this.#byText.get(text);
    if (found === undefined) {
      found = { id: this.#next++, key, complement, values, gte, lte, absent, minValues };
      this.#byText.set(text, found);
    }
    return found;
  }
}

/** Is the value in the set? */
export function admits(requirement: Requirement, value: string): boolean {
  return includes(requirement.values, value) !== requirement.complement && (requirement.gte === undefined && requirement.lte === undefined ? true : within(value, requirement.gte, requirement.lte));
}

/** Does a label that is not there satisfy it? */
export function admitsAbsence(requirement: Requirement): boolean {
  return requirement.absent;
}

/** Does nothing satisfy it, not even absence? Never so in Karpenter's algebra. */
export function isUnmeetable({ complement, values, absent }: Requirement): boolean {
  return !complement && !absent && values.length === 0;
}

/** The operator Karpenter reports: a set that only has bounds is an `Exists`. */
export function operatorOf(requirement: Requirement): "In" | "NotIn" | "Exists" | "DoesNotExist" {
  const some = requirement.values.length > 0;
  return requirement.complement ? (some ? "NotIn" : "Exists") : some ? "In" : "DoesNotExist";
}

/** Old names of label keys that Kubernetes replaced. */
const NORMALISED: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ["failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone"],
  ["failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region"],
  ["beta.kubernetes.io/arch", "kubernetes.io/arch"],
  ["beta.kubernetes.io/os", "kubernetes.io/os"],
  ["beta.kubernetes.io/instance-type", "node.kubernetes.io/instance-type"],
]);

export function normalisedKey(key: string): string {
  // All old names begin with one of two letters; most keys need no look-up.
  const first = key.charCodeAt(0);
  return first === 98 || first === 102 ? (NORMALISED.get(key) ?? key) : key;
}

/** Karpenter's cheap test: two complements always meet unless their bounds are empty, even if every value between is excluded. */
export function meets(a: Requirement, b: Requirement): boolean {
  const gte = largest(a.gte, b.gte);
  const lte = smallest(a.lte, b.lte);
  if (gte !== undefined && lte !== undefined && gte > lte) return false;
  if (a.complement && b.complement) return true;
  const listed = a.complement ? b : a;
  const other = a.complement ? a : b;
  for (const value of listed.values) if (includes(other.values, value) !== other.complement && within(value, gte, lte)) return true;
  return false;
}
