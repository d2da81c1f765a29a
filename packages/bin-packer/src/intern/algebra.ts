import type { NodeSelectorRequirementWithMinValues, Operator } from "@groupless/api";

/** What a label may be: listed values, or all but the listed ones within bounds; and whether it may be missing. */
export interface Form {
  /** False: one of `values`. True: anything but `values`, within the bounds. */
  readonly complement: boolean;
  /** Sorted. */
  readonly values: readonly string[];
  /** Inclusive; with a bound only values that spell an integer belong. */
  readonly gte: bigint | undefined;
  readonly lte: bigint | undefined;
  /** May the label be missing? */
  readonly absent: boolean;
  readonly minValues: number | undefined;
}

/** How requirements on one key are read, put together and written out: the one thing about them in which profiles differ. */
export interface Algebra {
  read(operator: Operator, values: readonly string[], minValues: number | undefined): Form;
  /** Both at once; the larger `minValues`. */
  intersect(a: Form, b: Form): Form;
  /** In API form. */
  toApi(key: string, form: Form): NodeSelectorRequirementWithMinValues[];
}

export const MAX_INT64: bigint = (1n << 63n) - 1n;
export const MIN_INT64: bigint = -(1n << 63n);

export function largerMinValues(a: Form, b: Form): number | undefined {
  return a.minValues === undefined ? b.minValues : b.minValues === undefined ? a.minValues : Math.max(a.minValues, b.minValues);
}

export function boundsToApi(key: string, { gte, lte }: Form, minValues: { readonly minValues?: number }): NodeSelectorRequirementWithMinValues[] {
  const bounds: NodeSelectorRequirementWithMinValues[] = [];
  if (gte !== undefined) bounds.push({ key, operator: "Gte", values: [String(gte)], ...minValues });
  if (lte !== undefined) bounds.push({ key, operator: "Lte", values: [String(lte)], ...minValues });
  return bounds;
}
