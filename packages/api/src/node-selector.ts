import type { Labels } from "./object-meta.ts";
import type { NodeSelectorRequirement } from "./selector.ts";

const INTEGER = /^[-+]?\d{1,19}$/;

/**
 * Do these labels meet one requirement of a node selector? An absent label meets `NotIn` and `DoesNotExist` only; the numeric operators
 * compare whole numbers, and hold for nothing else (Kubernetes component-helpers nodeaffinity; `Gte` and `Lte` are Karpenter's).
 *
 * @example
 * meetsNodeSelectorRequirement({ "example.com/generation": "7" }, { key: "example.com/generation", operator: "Gt", values: ["5"] }) // => true
 */
export function meetsNodeSelectorRequirement(labels: Labels | undefined, { key, operator, values = [] }: NodeSelectorRequirement): boolean {
  const value = labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return value !== undefined && values[0] !== undefined && compares(operator, value, values[0]);
  }
}

function compares(operator: "Gt" | "Lt" | "Gte" | "Lte", value: string, bound: string): boolean {
  if (!INTEGER.test(value) || !INTEGER.test(bound)) return false;
  const difference = BigInt(value) - BigInt(bound);
  if (operator === "Gt") return difference > 0n;
  if (operator === "Lt") return difference < 0n;
  return operator === "Gte" ? difference >= 0n : difference <= 0n;
}
