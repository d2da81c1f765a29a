import type { NodeSelectorRequirementWithMinValues } from "@groupless/api";

/** Makes each different requirement once, so that the types of a catalog share what they have in common. */
export interface RequirementTable {
  /** `In` that value; `DoesNotExist` without one. */
  readonly is: (key: string, value: string | undefined) => NodeSelectorRequirementWithMinValues;
  readonly oneOf: (key: string, values: readonly string[]) => NodeSelectorRequirementWithMinValues;
}

export function requirementTable(): RequirementTable {
  const single = new Map<string, Map<string | undefined, NodeSelectorRequirementWithMinValues>>();
  const lists = new Map<string, NodeSelectorRequirementWithMinValues>();
  const freeze = (requirement: NodeSelectorRequirementWithMinValues): NodeSelectorRequirementWithMinValues => {
    if (requirement.values !== undefined) Object.freeze(requirement.values);
    return Object.freeze(requirement);
  };
  return {
    is: (key, value) => {
      let byValue = single.get(key);
      if (byValue === undefined) single.set(key, (byValue = new Map()));
      let found = byValue.get(value);
      if (found === undefined) byValue.set(value, (found = freeze(value === undefined ? { key, operator: "DoesNotExist" } : { key, operator: "In", values: [value] })));
      return found;
    },
    oneOf: (key, values) => {
      const id = `${key}\n${values.join("\n")}`;
      let found = lists.get(id);
      if (found === undefined) lists.set(id, (found = freeze({ key, operator: "In", values: [...values] })));
      return found;
    },
  };
}
