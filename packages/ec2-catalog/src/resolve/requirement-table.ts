import type { NodeSelectorRequirementWithMinValues } from "@groupless/api";

type Requirement = NodeSelectorRequirementWithMinValues;

/** Makes each different requirement once, so that the types of a catalog share what they have in common. */
export interface RequirementTable {
  /** Requirements of one label. */
  readonly of: (key: string) => LabelColumn;
}

export interface LabelColumn {
  /** `In` that value; `DoesNotExist` without one. */
  readonly is: (value: string | undefined) => Requirement;
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
  const single = new Map<string, Requirement>();
  const several = new Map<string, Requirement>();
  const is = (value: string | undefined): Requirement => {
    if (value === undefined) return absent;
    let found = single.get(value);
    if (found === undefined) single.set(value, (found = made(key, [value])));
    return found;
  };
  const oneOf = (values: readonly string[]): Requirement => {
    if (values.length < 2) return is(values[0]);
    const id = values.join("\n");
    let found = several.get(id);
    if (found === undefined) several.set(id, (found = made(key, [...values])));
    return found;
  };
  return { is, oneOf };
}

function made(key: string, values: readonly string[]): Requirement {
  return Object.freeze({ key, operator: "In", values: Object.freeze(values) });
}
