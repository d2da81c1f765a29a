import type { NodeSelectorRequirementWithMinValues } from "@groupless/api";

type Requirement = NodeSelectorRequirementWithMinValues;

/** What a label is made from: its text, or what is written as such. */
export type Fact = string | number | boolean | undefined;

/** Makes each different requirement once, so that the types of a catalog share what they have in common. */
export interface RequirementTable {
  /** Requirements of one label. */
  readonly of: (key: string) => LabelColumn;
}

export interface LabelColumn {
  /** `In` that value; `DoesNotExist` without one. `textOf` gives a value other than the fact as it is. */
  readonly is: (fact: Fact, textOf?: (fact: string) => string) => Requirement;
  /** `In` a value that no other type has: it is not kept for others. */
  readonly only: (value: string) => Requirement;
  /** `In` the values; `DoesNotExist` without any, which is how Karpenter reads an empty `In`. */
  readonly oneOf: (values: readonly string[]) => Requirement;
}

export function requirementTable(): RequirementTable {
  const columns = new Map<string, LabelColumn>();
  return {
    of: (key) => {
      let column = columns.get(key);
      if (column === undefined) columns.set(key, (column = labelColumn(key)));
      return column;
    },
  };
}

function labelColumn(key: string): LabelColumn {
  const absent: Requirement = Object.freeze({ key, operator: "DoesNotExist" });
  // By the fact and not by its text: most facts have been seen before, many at the type before, and then nothing is written.
  const single = new Map<Fact, Requirement>();
  let lastFact: Fact;
  let last = absent;
  const is = (fact: Fact, textOf?: (fact: string) => string): Requirement => {
    if (fact === lastFact) return last;
    let found = fact === undefined ? absent : single.get(fact);
    if (found === undefined) single.set(fact, (found = made(key, [textOf === undefined ? String(fact) : textOf(String(fact))])));
    lastFact = fact;
    last = found;
    return found;
  };
  const several = new Map<string, Requirement>();
  const byList = new Map<readonly string[], Requirement>();
  let lastValues: readonly string[] | undefined;
  let lastOfValues = absent;
  const oneOf = (values: readonly string[]): Requirement => {
    if (values === lastValues) return lastOfValues;
    let found = byList.get(values);
    if (found === undefined) {
      const id = values.join("\n");
      found = values.length < 2 ? is(values[0]) : several.get(id);
      if (found === undefined) several.set(id, (found = made(key, [...values])));
      byList.set(values, found);
    }
    lastValues = values;
    lastOfValues = found;
    return found;
  };
  return { is, oneOf, only: (value) => made(key, [value]) };
}

function made(key: string, values: readonly string[]): Requirement {
  return Object.freeze({ key, operator: "In", values: Object.freeze(values) });
}
