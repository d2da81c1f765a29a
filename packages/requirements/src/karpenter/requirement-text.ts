import type { NodeSelectorRequirementWithMinValues } from "@groupless/api";
import { type Requirement, operatorOf } from "./requirement.ts";

const MOST_SHOWN = 5;

// Go sorts text by bytes, which is the order of code points.
function compareCodePoints(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = ((left[i] as string).codePointAt(0) as number) - ((right[i] as string).codePointAt(0) as number);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** Texts in the order in which Go prints them. */
export function inGoOrder(texts: readonly string[]): string[] {
  return [...texts].sort(compareCodePoints);
}

/** Karpenter's text: `key In [a b]`, at most five values, then bounds and `minValues`. */
export function requirementText(requirement: Requirement): string {
  const { key, values, gte, lte, minValues } = requirement;
  const shown = inGoOrder(values);
  if (shown.length > MOST_SHOWN) shown.splice(MOST_SHOWN, shown.length, `and ${values.length - MOST_SHOWN} others`);
  return [
    `${key} ${operatorOf(requirement)}`,
    ...(values.length > 0 ? [`[${shown.join(" ")}]`] : []),
    ...(gte === undefined ? [] : [`>=${gte}`]),
    ...(lte === undefined ? [] : [`<=${lte}`]),
    ...(minValues === undefined ? [] : [`minValues ${minValues}`]),
  ].join(" ");
}

/**
 * The requirement as the API writes it: `Gte` and `Lte` for bounds, two entries for two bounds. As in Karpenter, excluded values do not
 * show beside bounds.
 */
export function toSelectorRequirements(requirement: Requirement): readonly NodeSelectorRequirementWithMinValues[] {
  const { key, values, gte, lte, minValues } = requirement;
  const flexibility = minValues === undefined ? {} : { minValues };
  const bounds: NodeSelectorRequirementWithMinValues[] = [];
  if (gte !== undefined) bounds.push({ key, operator: "Gte", values: [`${gte}`], ...flexibility });
  if (lte !== undefined) bounds.push({ key, operator: "Lte", values: [`${lte}`], ...flexibility });
  if (bounds.length > 0) return bounds;
  return [{ key, operator: operatorOf(requirement), ...(values.length > 0 ? { values: inGoOrder(values) } : {}), ...flexibility }];
}
