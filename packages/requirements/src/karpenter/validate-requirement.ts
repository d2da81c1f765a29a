import type { NodeSelectorRequirementWithMinValues } from "@groupless/api";
import { isRestrictedKey, normaliseKey } from "../labels/label-key.ts";
import { labelKeyErrors, labelValueErrors } from "../labels/label-syntax.ts";
import { CORE_LABELS, type LabelTables } from "../labels/label-tables.ts";
import { compareInt64, parseInt64 } from "../values/int64.ts";
import type { RequirementProblem } from "./label-problem.ts";

const OPERATORS: ReadonlySet<string> = new Set(["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt", "Gte", "Lte"]);
const COMPARISONS: ReadonlySet<string> = new Set(["Gt", "Lt", "Gte", "Lte"]);

/**
 * Everything Karpenter finds wrong with a requirement: operator, key, known values, syntax, counts (pkg/apis/v1/nodeclaim_validation.go).
 * Unknown values beside known ones are let pass, as there.
 */
export function validateRequirement(requirement: NodeSelectorRequirementWithMinValues, tables: LabelTables = CORE_LABELS): readonly RequirementProblem[] {
  const normal = { ...requirement, key: normaliseKey(requirement.key, tables) };
  const { key, operator, minValues } = normal;
  const values = normal.values ?? [];
  const problems: RequirementProblem[] = [];
  const found = (code: RequirementProblem["code"], more: Pick<RequirementProblem, "value" | "detail"> = {}): void => {
    problems.push({ code, canResolve: false, requirement: normal, ...more });
  };
  if (!OPERATORS.has(operator)) found("unsupported-operator");
  if (isRestrictedKey(key, tables)) found("restricted-label");
  const known = knownValuesOf(key, tables);
  if (operator === "In" && known !== undefined) {
    const count = values.filter((value) => known.includes(value)).length;
    if (count === 0) found("no-known-values");
    else if (minValues !== undefined && count < minValues) found("not-enough-known-values");
  }
  for (const detail of labelKeyErrors(key)) found("key-not-qualified", { detail });
  for (const value of values) for (const detail of labelValueErrors(value)) found("value-invalid", { value, detail });
  if (operator === "In" && values.length === 0) found("in-without-values");
  if (operator === "In" && minValues !== undefined && values.length < minValues) found("fewer-values-than-min-values");
  if (COMPARISONS.has(operator)) {
    const operand = values.length === 1 ? parseInt64(values[0] as string) : undefined;
    if (operand === undefined || compareInt64(operand, 0) < 0) found("not-a-positive-integer");
  }
  return problems;
}

/** Whether none of a well-known key's values makes sense; a key without known values has none that do (Karpenter's HasKnownValues). */
export function knownValueProblems(requirement: NodeSelectorRequirementWithMinValues, tables: LabelTables = CORE_LABELS): readonly RequirementProblem[] {
  if (!tables.wellKnown.includes(requirement.key)) return [];
  const known = knownValuesOf(requirement.key, tables) ?? [];
  if ((requirement.values ?? []).some((value) => known.includes(value))) return [];
  return [{ code: "unknown-values", canResolve: false, requirement }];
}

function knownValuesOf(key: string, tables: LabelTables): readonly string[] | undefined {
  return tables.wellKnown.includes(key) && Object.hasOwn(tables.knownValues, key) ? tables.knownValues[key] : undefined;
}
