import { admits, operatorOf, type Requirement } from "../intern/requirement.ts";

/**
 * A value for a label that may have several: the first of those listed, else the least natural number not excluded, where Karpenter
 * takes a random one. Empty if the label must be absent.
 */
export function anyValue(requirement: Requirement): string {
  const operator = operatorOf(requirement);
  if (operator === "In") return requirement.values[0] as string;
  if (operator === "DoesNotExist") return "";
  const { gte, lte } = requirement;
  let value = gte ?? (lte !== undefined && lte < 0n ? lte : 0n);
  const step = gte === undefined && lte !== undefined && lte < 0n ? -1n : 1n;
  while (!admits(requirement, String(value)) && requirement.values.includes(String(value))) value += step;
  return String(value);
}
