import type { NodeSelectorRequirementWithMinValues, Operator } from "@groupless/api";
import { EMPTY, intersectValues, setOf, type ValueSet, valuesOf } from "@groupless/requirements";
import { type Algebra, boundsToApi, type Form, largerMinValues, MAX_INT64, MIN_INT64 } from "./algebra.ts";

/** Set theory, by `@groupless/requirements`: absence is a member that a set has or has not, and nothing else is empty. */
export const exactAlgebra: Algebra = {
  read: (operator: Operator, values: readonly string[], minValues: number | undefined): Form => formOf(valuesOf({ key: "", operator, values }), minValues),

  intersect: (a: Form, b: Form): Form => formOf(intersectValues(setBehind(a), setBehind(b)), largerMinValues(a, b)),

  /** As many requirements as it takes to say all of it; what nothing meets is one of no values. */
  toApi(key: string, form: Form): NodeSelectorRequirementWithMinValues[] {
    const { complement, values, absent } = form;
    const minValues = form.minValues === undefined ? {} : { minValues: form.minValues };
    if (!complement) return [absent ? { key, operator: "DoesNotExist", ...minValues } : { key, operator: "In", values, ...minValues }];
    const bounds = boundsToApi(key, form, minValues);
    const present = bounds.length > 0 || absent ? bounds : [{ key, operator: "Exists", ...minValues } as const];
    return values.length > 0 || present.length === 0 ? [...present, { key, operator: "NotIn", values, ...minValues }] : present;
  },
};

/** A set as the packer keeps it. Of what requirements ask for together, the integers left are always one range. */
function formOf({ absent, others, integers, except }: ValueSet, minValues: number | undefined): Form {
  const [range] = integers;
  if (range === undefined && !others) return { complement: false, values: except, gte: undefined, lte: undefined, absent, minValues };
  if (others || range === undefined) return { complement: true, values: except, gte: undefined, lte: undefined, absent, minValues };
  const [gte, lte] = [BigInt(range.gte), BigInt(range.lte)];
  // Bounds at the ends of 64 bits go without saying, unless they are all that tells an integer from any text.
  return { complement: true, values: except, gte: gte > MIN_INT64 || lte === MAX_INT64 ? gte : undefined, lte: lte < MAX_INT64 ? lte : undefined, absent, minValues };
}

const UNBOUNDED = { gte: String(MIN_INT64), lte: String(MAX_INT64) } as const;

function setBehind({ complement, values, gte, lte, absent }: Form): ValueSet {
  if (!complement) return { ...(values.length === 0 ? EMPTY : setOf(values)), absent };
  const bounded = gte !== undefined || lte !== undefined;
  return { absent, others: !bounded, integers: [{ gte: int64(gte) ?? UNBOUNDED.gte, lte: int64(lte) ?? UNBOUNDED.lte }], except: setOf(values).except };
}

/** Numbers while they are exact, text beyond: how `@groupless/requirements` keeps 64-bit integers. */
function int64(value: bigint | undefined): number | string | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}
