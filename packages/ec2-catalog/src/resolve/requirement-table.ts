import type { NodeSelectorRequirementWithMinValues } from "@groupless/api";

/** Makes each different requirement once, so that the types of a catalog share what they have in common. */
export interface RequirementTable {
  /** `In` that value; `DoesNotExist` without one. */
  readonly is: (key: string, value: string | undefined) => NodeSelectorRequirementWithMinValues;
  /** `In` the values; `DoesNotExist` without any, which is how Karpenter reads an empty `In`. */
  readonly oneOf: (key: string, values: readonly string[]) => NodeSelectorRequirementWithMinValues;
}

export function requirementTable(): RequirementTable {
  const single = new Map<string, Map<string | undefined, NodeSelectorRequirementWithMinValues>>();
  const lists = new Map<string, NodeSelectorRequirementWithMinValues>();
  const is = (key: string, value: string | undefined): NodeSelectorRequirementWithMinValues => {
    let byValue = single.get(key);
    if (byValue === undefined) single.set(key, (byValue = new Map()));
    let found = byValue.get(value);
    if (found === undefined) byValue.set(value, (found = Object.freeze(value === undefined ? { key, operator: "DoesNotExist" } : { key, operator: "In", values: Object.freeze([value]) })));
    return found;
  };
  const oneOf = (key: string, values: readonly string[]): NodeSelectorRequirementWithMinValues => {
    if (values.length < 2) return is(key, values[0]);
    const id = `${key}\n${values.join("\n")}`;
    let found = lists.get(id);
    if (found === undefined) lists.set(id, (found = Object.freeze({ key, operator: "In", values: Object.freeze([...values]) })));
    return found;
  };
  return { is, oneOf };
}
