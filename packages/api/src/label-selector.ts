import { InputError } from "./input-error.ts";
import type { Labels } from "./object-meta.ts";
import type { LabelSelector } from "./selector.ts";

/**
 * Does a label selector select an object with these labels? An absent selector selects nothing, an empty one everything
 * (Kubernetes, "Labels and Selectors").
 *
 * @throws InputError `invalid-selector` for an operator that does not exist
 * @example
 * matchesSelector({ matchExpressions: [{ key: "tier", operator: "NotIn", values: ["x"] }] }, { app: "a" }) // => true
 */
export function matchesSelector(selector: LabelSelector | undefined, labels: Labels | undefined): boolean {
  if (selector === undefined) return false;
  const valueOf = (key: string): string | undefined => (labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined);
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) if (valueOf(key) !== value) return false;
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    const value = valueOf(key);
    switch (operator) {
      case "In":
        if (value === undefined || !values.includes(value)) return false;
        break;
      case "NotIn":
        if (value !== undefined && values.includes(value)) return false;
        break;
      case "Exists":
        if (value === undefined) return false;
        break;
      case "DoesNotExist":
        if (value !== undefined) return false;
        break;
      default:
        throw invalid(`operator ${JSON.stringify(operator)}`, "In, NotIn, Exists or DoesNotExist");
    }
  }
  return true;
}

const NAME = /^[A-Za-z0-9](?:[-\w.]*[A-Za-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

/**
 * Why the API machinery would not take a selector, or undefined: unknown operators, values missing or out of place, texts that are no label keys or values.
 *
 * Selection by such a selector is an error for some callers (budgets) and selects nothing for others (topology), so it is asked for apart.
 */
export function selectorProblem(selector: LabelSelector | undefined): InputError | undefined {
  for (const [key, value] of Object.entries(selector?.matchLabels ?? {})) {
    const problem = keyProblem(key) ?? valueProblem(value);
    if (problem !== undefined) return problem;
  }
  for (const { key, operator, values = [] } of selector?.matchExpressions ?? []) {
    if (!["In", "NotIn", "Exists", "DoesNotExist"].includes(operator)) return invalid(`operator ${JSON.stringify(operator)}`, "In, NotIn, Exists or DoesNotExist");
    const wantsValues = operator === "In" || operator === "NotIn";
    if (wantsValues && values.length === 0) return invalid(`${operator} of ${key} without values`, "at least one value");
    if (!wantsValues && values.length > 0) return invalid(`${operator} of ${key} with values`, "no values");
    const problem = keyProblem(key) ?? values.map(valueProblem).find((found) => found !== undefined);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function keyProblem(key: string): InputError | undefined {
  const parts = key.split("/");
  const name = parts.at(-1) as string;
  const prefix = parts.length === 2 ? parts[0] : undefined;
  const good = parts.length <= 2 && name.length <= 63 && NAME.test(name) && (prefix === undefined || (prefix.length <= 253 && SUBDOMAIN.test(prefix)));
  return good ? undefined : invalid(`label key ${JSON.stringify(key.slice(0, 80))}`, "a name of at most 63 letters, digits, '-', '_' and '.', with or without a DNS prefix and '/'");
}

function valueProblem(value: string): InputError | undefined {
  return value === "" || (value.length <= 63 && NAME.test(value)) ? undefined : invalid(`label value ${JSON.stringify(value.slice(0, 80))}`, "at most 63 letters, digits, '-', '_' and '.'");
}

function invalid(problem: string, expected: string): InputError {
  return new InputError("invalid-selector", problem, { expected });
}
