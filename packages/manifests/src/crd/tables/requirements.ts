import { all, get, has, int } from "../rule-error.ts";
import { LABEL_VALUE, QUALIFIED_NAME } from "../patterns.ts";
import { integer, listOf, object, oneOf, rule, type Rule, type Schema, text } from "../schema.ts";
import { restrictedKeyRules, type RestrictedLabels } from "./restricted-labels.ts";

const NUMERIC = ["Gt", "Lt", "Gte", "Lte"];

function needsValue(operator: string): Rule {
  return rule(`requirements with operator '${operator}' must have a value defined`, (self) => all(self, (item: any) => get(item, "operator") !== operator || get(item, "values").length !== 0));
}

function needsOneNumber(names: string): Rule {
  return rule(`requirements operator ${names} must have a single positive integer value`, (self) =>
    all(self, (item: any) => {
      if (!NUMERIC.includes(get(item, "operator"))) return true;
      const values = get(item, "values");
      return values.length === 1 && int(values[0]) >= 0n;
    }),
  );
}

/** A list of node requirements. `minValues` is known to NodePools and NodeClaims, `NotIn` needs a value only in overlays. */
export function requirements(options: { readonly minValues: boolean; readonly restricted: RestrictedLabels }): Schema {
  const { minValues, restricted } = options;
  return listOf(
    object(
      {
        key: text({ maxLength: 316, pattern: QUALIFIED_NAME, rules: restrictedKeyRules(restricted) }),
        operator: oneOf("Gte", "Lte", "In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"),
        values: listOf(text(), { misplaced: { maxLength: 63, pattern: LABEL_VALUE } }),
        ...(minValues ? { minValues: integer(1, 50) } : {}),
      },
      ["key", "operator"],
    ),
    {
      maxItems: 100,
      rules: minValues
        ? [
            needsValue("In"),
            needsOneNumber("'Gt', 'Lt', 'Gte', or 'Lte'"),
            rule("requirements with 'minValues' must have at least that many values specified in the 'values' field", (self) =>
              all(self, (item: any) => !(get(item, "operator") === "In" && has(item, "minValues")) || get(item, "values").length >= item.minValues),
            ),
          ]
        : [needsValue("NotIn"), needsValue("In"), needsOneNumber("'Gt', 'Lt', 'Gte' or 'Lte'")],
    },
  );
}
