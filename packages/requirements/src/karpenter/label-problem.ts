import type { NodeSelectorRequirementWithMinValues, Reason } from "@groupless/api";
import { CORE_LABELS, type LabelTables } from "../labels/label-tables.ts";

/** What is wrong with one requirement, as Karpenter finds it when a NodePool becomes ready or a pod is validated. */
export interface RequirementProblem extends Reason {
  readonly code:
    | "unsupported-operator"
    | "restricted-label"
    | "no-known-values"
    | "not-enough-known-values"
    | "unknown-values"
    | "key-not-qualified"
    | "value-invalid"
    | "in-without-values"
    | "fewer-values-than-min-values"
    | "not-a-positive-integer";
  /** With its key in the current name. */
  readonly requirement: NodeSelectorRequirementWithMinValues;
  /** The value that is wrong, where it is one. */
  readonly value?: string;
  /** Kubernetes' words about a key or value. */
  readonly detail?: string;
}

/** What is wrong with a label, a taint or a requirement of a NodePool's template. */
export interface TemplateProblem extends Reason {
  readonly code: "label-key-invalid" | "label-value-invalid" | "taint-invalid" | "duplicate-taint" | "requirement-invalid" | "node-pool-key";
  readonly field: "labels" | "taints" | "startupTaints" | "requirements";
  readonly key: string;
  /** The value of a label, or the effect of a taint. */
  readonly value?: string;
  readonly detail?: string;
  readonly causes?: readonly RequirementProblem[];
}

const OPERATORS = "[DoesNotExist Exists Gt Gte In Lt Lte NotIn]";
const list = (values: readonly string[]): string => `[${values.join(" ")}]`;

/** Why Karpenter does not let users set a label, in its words. */
export function restrictedText(key: string, tables: LabelTables = CORE_LABELS): string {
  const advice = `specify a well known label: ${list([...tables.wellKnown].sort())}, or a custom label that does not use a restricted domain: ${list([...tables.restrictedDomains].sort())}`;
  return `using label ${key} is not allowed as it might interfere with the internal provisioning logic; ${advice}`;
}

/** The problem in Karpenter's words. */
export function explainRequirementProblem(problem: RequirementProblem, tables: LabelTables = CORE_LABELS): string {
  const { key, operator, values = [], minValues } = problem.requirement;
  const known = [...(tables.knownValues[key] ?? [])].sort();
  switch (problem.code) {
    case "unsupported-operator":
      return `key ${key} has an unsupported operator ${operator} not in ${OPERATORS}`;
    case "restricted-label":
      return restrictedText(key, tables);
    case "no-known-values":
      return `no valid values found in ${list(values)} for ${key}, expected one of: map[${known.map((value) => `${value}:{}`).join(" ")}], got: ${list(values)}`;
    case "not-enough-known-values":
      return `not enough valid values found in ${list(values)} for ${key}, expected at least ${minValues} valid values from: ${list(known)}, got: ${values.filter((value) => known.includes(value)).length}`;
    case "unknown-values":
      return `invalid values: ${list(values)} for key: ${key}, expected one of: ${list(known)}`;
    case "key-not-qualified":
      return `key ${key} is not a qualified name, ${problem.detail}`;
    case "value-invalid":
      return `invalid value ${problem.value} for key ${key}, ${problem.detail}`;
    case "in-without-values":
      return `key ${key} with operator ${operator} must have a value defined`;
    case "fewer-values-than-min-values":
      return `key ${key} with operator ${operator} must have at least minimum number of values defined in 'values' field`;
    case "not-a-positive-integer":
      return `key ${key} with operator ${operator} must have a single positive integer value`;
  }
}

/** The problem in Karpenter's words. */
export function explainTemplateProblem(problem: TemplateProblem, tables: LabelTables = CORE_LABELS): string {
  const { field, key, value, detail } = problem;
  switch (problem.code) {
    case "label-key-invalid":
      return `invalid key name ${JSON.stringify(key)} in ${field}, ${detail}`;
    case "label-value-invalid":
      return `invalid value: ${value} for label[${key}], ${detail}`;
    case "taint-invalid":
      return `invalid value: ${detail} in ${field}`;
    case "duplicate-taint":
      return `duplicate taint Key/Effect pair ${key}=${value}`;
    case "requirement-invalid":
      return `invalid value: ${(problem.causes ?? []).map((cause) => explainRequirementProblem(cause, tables)).join("; ")} in ${field}, restricted`;
    case "node-pool-key":
      return `invalid key: ${JSON.stringify(key)} in ${field}, restricted`;
  }
}
