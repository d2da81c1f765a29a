import type { NodeSelectorRequirementWithMinValues, Operator } from "@groupless/api";

/**
 * What one label key may be, in Karpenter's form: listed values, or all but the listed ones within bounds.
 *
 * Interned: two requirements of one table are the same set with the same origin exactly when they are the same object.
 * Karpenter pkg/scheduling/requirement.go: `In []` and "must be absent" are one object here, and bounds are inclusive.
 */
export interface Requirement {
  readonly id: number;
  readonly key: string;
  /** False: one of `values`. True: anything but `values`, within the bounds. */
  readonly complement: boolean;
  /** Sorted. */
  readonly values: readonly string[];
  readonly gte: bigint | undefined;
  readonly lte: bigint | undefined;
  readonly minValues: number | undefined;
}

const MAX = (1n << 63n) - 1n;
const MIN = -(1n << 63n);

/** Makes and combines requirements; every answer is remembered. */
export class RequirementTable {
  readonly #byText = new Map<string, Requirement>();
  readonly #single = new Map<string, Map<string, Requirement>>();
  readonly #intersections: Map<number, Requirement>[] = [];
  #next = 0;

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
    const made = this.#make(key, false, [value], undefined, undefined, undefined);
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
    switch (operator) {
      case "In":
        return this.#make(key, false, unique(values), undefined, undefined, minValues);
      case "NotIn":
        return this.#make(key, true, unique(values), undefined, undefined, minValues);
      case "Exists":
        return this.#make(key, true, [], undefined, undefined, minValues);
      case "DoesNotExist":
        return this.#make(key, false, [], undefined, undefined, minValues);
      case "Gte":
        return this.#make(key, true, [], integerOr0(values[0]), undefined, minValues);
      case "Lte":
        return this.#make(key, true, [], undefined, integerOr0(values[0]), minValues);
      case "Gt": {
        const bound = integerOr0(values[0]);
        // Nothing is greater than the greatest; Karpenter drops minValues here too.
        return bound === MAX ? this.#make(key, false, [], undefined, undefined, undefined) : this.#make(key, true, [], bound + 1n, undefined, minValues);
      }
      case "Lt":
        // Below the least wraps around to every integer.
        return this.#make(key, true, [], undefined, wrap(integerOr0(values[0]) - 1n), minValues);
    }
  }

  /** The same set with another floor of distinct values. */
  withMinValues(requirement: Requirement, minValues: number | undefined): Requirement {
    return this.#make(requirement.key, requirement.complement, requirement.values, requirement.gte, requirement.lte, minValues);
  }

  exists(key: string): Requirement {
    return this.#make(key, true, [], undefined, undefined, undefined);
  }

  absent(key: string): Requirement {
    return this.#make(key, false, [], undefined, undefined, undefined);
  }

  intersect(a: Requirement, b: Requirement): Requirement {
    if (a === b) return a;
    let known = this.#intersections[a.id];
    if (known === undefined) this.#intersections[a.id] = known = new Map();
    let found = known.get(b.id);
    if (found === undefined) known.set(b.id, (found = this.#intersect(a, b)));
    return found;
  }

  #intersect(a: Requirement, b: Requirement): Requirement {
    const gte = largest(a.gte, b.gte);
    const lte = smallest(a.lte, b.lte);
    const minValues = a.minValues === undefined ? b.minValues : b.minValues === undefined ? a.minValues : Math.max(a.minValues, b.minValues);
    if (gte !== undefined && lte !== undefined && gte > lte) return this.#make(a.key, false, [], undefined, undefined, minValues);
    const complement = a.complement && b.complement;
    const values = a.complement
      ? b.complement
        ? unique([...a.values, ...b.values])
        : b.values.filter((value) => !includes(a.values, value))
      : a.values.filter((value) => includes(b.values, value) !== b.complement);
    const kept = gte === undefined && lte === undefined ? values : values.filter((value) => within(value, gte, lte));
    return complement ? this.#make(a.key, true, kept, gte, lte, minValues) : this.#make(a.key, false, kept, undefined, undefined, minValues);
  }

  #make(key: string, complement: boolean, values: readonly string[], gte: bigint | undefined, lte: bigint | undefined, minValues: number | undefined): Requirement {
    const text = `${key}\n${complement ? "!" : "="}${gte ?? ""}\n${lte ?? ""}\n${minValues ?? ""}\n${values.join("\n")}${values.length === 0 ? "" : "\n"}`;
    let found = this.#byText.get(text);
    if (found === undefined) {
      found = { id: this.#next++, key, complement, values, gte, lte, minValues };
      this.#byText.set(text, found);
    }
    return found;
  }
}

/** Is the value in the set? */
export function admits(requirement: Requirement, value: string): boolean {
  return includes(requirement.values, value) !== requirement.complement && (requirement.gte === undefined && requirement.lte === undefined ? true : within(value, requirement.gte, requirement.lte));
}

/** `NotIn` or `DoesNotExist`: a label that is not there satisfies it. */
export function admitsAbsence(requirement: Requirement): boolean {
  return requirement.complement === requirement.values.length > 0;
}

/** The operator Karpenter reports: a set that only has bounds is an `Exists`. */
export function operatorOf(requirement: Requirement): "In" | "NotIn" | "Exists" | "DoesNotExist" {
  const some = requirement.values.length > 0;
  return requirement.complement ? (some ? "NotIn" : "Exists") : some ? "In" : "DoesNotExist";
}

/** One or two requirements in API form; with bounds the excluded values are lost, as they are in Karpenter. */
export function toApi(requirement: Requirement): NodeSelectorRequirementWithMinValues[] {
  const { key, gte, lte } = requirement;
  const minValues = requirement.minValues === undefined ? {} : { minValues: requirement.minValues };
  const bounds: NodeSelectorRequirementWithMinValues[] = [];
  if (gte !== undefined) bounds.push({ key, operator: "Gte", values: [String(gte)], ...minValues });
  if (lte !== undefined) bounds.push({ key, operator: "Lte", values: [String(lte)], ...minValues });
  if (bounds.length > 0) return bounds;
  const operator = operatorOf(requirement);
  return [operator === "In" || operator === "NotIn" ? { key, operator, values: requirement.values, ...minValues } : { key, operator, ...minValues }];
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

function within(value: string, gte: bigint | undefined, lte: bigint | undefined): boolean {
  if (gte === undefined && lte === undefined) return true;
  const integer = integerOf(value);
  return integer !== undefined && (gte === undefined || integer >= gte) && (lte === undefined || integer <= lte);
}

/** Go's strconv.Atoi: an optional sign and decimal digits that fit 64 bits. */
function integerOf(text: string): bigint | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const integer = BigInt(text.replace(/^\+/, ""));
  return integer > MAX || integer < MIN ? undefined : integer;
}

/** What Atoi leaves behind when its error is ignored: 0, or the nearest bound of 64 bits. */
function integerOr0(text: string | undefined): bigint {
  if (text === undefined || !/^[+-]?\d+$/.test(text)) return 0n;
  const integer = BigInt(text.replace(/^\+/, ""));
  return integer > MAX ? MAX : integer < MIN ? MIN : integer;
}

function wrap(integer: bigint): bigint {
  return integer < MIN ? MAX : integer;
}

function largest(a: bigint | undefined, b: bigint | undefined): bigint | undefined {
  return a === undefined ? b : b === undefined ? a : a > b ? a : b;
}

function smallest(a: bigint | undefined, b: bigint | undefined): bigint | undefined {
  return a === undefined ? b : b === undefined ? a : a < b ? a : b;
}

/** Binary search for long lists: instance-type lists hold hundreds of names. */
function includes(sorted: readonly string[], value: string): boolean {
  if (sorted.length <= 8) return sorted.includes(value);
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as string) < value) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === value;
}

function unique(values: readonly string[]): readonly string[] {
  return values.length <= 1 ? values : [...new Set(values)].sort();
}
