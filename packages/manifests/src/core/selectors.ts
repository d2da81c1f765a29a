import { all } from "../crd/rule-error.ts";
import { listOf, mapOf, open, oneOf, rule, type Rule, type Schema, text } from "../crd/schema.ts";

const KEY: Schema = text({ minLength: 1 });

function valuesFit(wanting: readonly string[], exactlyOne: readonly string[]): Rule {
  return rule("In and NotIn need values, Gt and Lt exactly one, Exists and DoesNotExist none", (self) =>
    all(self, (item: any) => {
      const count = item.values?.length ?? 0;
      return wanting.includes(item.operator) ? count > 0 : exactlyOne.includes(item.operator) ? count === 1 : count === 0;
    }),
  );
}

export const LABEL_SELECTOR: Schema = open({
  matchLabels: mapOf(text()),
  matchExpressions: listOf(open({ key: KEY, operator: oneOf("In", "NotIn", "Exists", "DoesNotExist"), values: listOf(text()) }, ["key", "operator"]), { rules: [valuesFit(["In", "NotIn"], [])] }),
});

const NODE_EXPRESSIONS: Schema = listOf(open({ key: KEY, operator: oneOf("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"), values: listOf(text()) }, ["key", "operator"]), { rules: [valuesFit(["In", "NotIn"], ["Gt", "Lt"])] });

export const NODE_SELECTOR_TERM: Schema = open({ matchExpressions: NODE_EXPRESSIONS, matchFields: NODE_EXPRESSIONS });

export const NODE_SELECTOR: Schema = open({ nodeSelectorTerms: listOf(NODE_SELECTOR_TERM, { minItems: 1 }) }, ["nodeSelectorTerms"]);
