import type { NodeSelectorRequirement, NodeSelectorRequirementWithMinValues, Operator } from "@groupless/api";
import * as fc from "fast-check";
import { KEYS } from "./vocabulary.ts";

/** One requirement on a key of the small world; `operators` narrows the kinds. */
export function requirements(operators: readonly Operator[] = ["In", "NotIn", "Exists", "DoesNotExist"]): fc.Arbitrary<NodeSelectorRequirement> {
  const numeric = operators.filter((operator) => ["Gt", "Lt", "Gte", "Lte"].includes(operator));
  const sets = operators.filter((operator) => !numeric.includes(operator));
  const onKnownKey = fc.constantFrom(...KEYS).chain(([key, values]) =>
    fc.constantFrom(...sets).chain((operator): fc.Arbitrary<NodeSelectorRequirement> =>
      operator === "In" || operator === "NotIn"
        ? fc.uniqueArray(fc.constantFrom(...values, ...(key === "team" ? ["green"] : [])), { minLength: 1, maxLength: values.length }).map((chosen) => ({ key, operator, values: chosen.toSorted() }))
        : fc.constant({ key, operator }),
    ),
  );
  if (numeric.length === 0) return onKnownKey;
  const bounded = fc.tuple(fc.constantFrom(...numeric), fc.integer({ min: -2, max: 40 })).map(([operator, bound]): NodeSelectorRequirement => ({ key: "example.com/size", operator, values: [String(bound)] }));
  return sets.length === 0 ? bounded : fc.oneof({ weight: 2, arbitrary: onKnownKey }, { weight: 1, arbitrary: bounded });
}

/** A NodePool's requirement on zone, capacity type or architecture, sometimes with minValues it can just meet. */
export function poolRequirements(): fc.Arbitrary<readonly NodeSelectorRequirementWithMinValues[]> {
  const one = fc.constantFrom(...KEYS.slice(0, 3)).chain(([key, values]) => fc.subarray([...values], { minLength: 1 }).map((chosen): NodeSelectorRequirementWithMinValues => ({ key, operator: "In", values: chosen })));
  return fc.uniqueArray(one, { selector: ({ key }) => key, maxLength: 2 });
}
