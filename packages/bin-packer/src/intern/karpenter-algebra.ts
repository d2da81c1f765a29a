import type { NodeSelectorRequirementWithMinValues, Operator } from "@groupless/api";
import { type Algebra, boundsToApi, type Form, largerMinValues, MAX_INT64, MIN_INT64 } from "./algebra.ts";
import { includes, largest, smallest, sortedUnique, within } from "./sorted-values.ts";

/**
 * Karpenter's own (pkg/scheduling/requirement.go): it knows no absence apart from the values, so that `In []`, every contradiction and
 * "must be absent" are one form, and `NotIn` lets a label be missing whatever was asked beside it.
 */
export const karpenterAlgebra: Algebra = {
  read(operator: Operator, values: readonly string[], minValues: number | undefined): Form {
    switch (operator) {
      case "In":
        return form(false, sortedUnique(values), undefined, undefined, minValues);
      case "NotIn":
        return form(true, sortedUnique(values), undefined, undefined, minValues);
      case "Exists":
        return form(true, [], undefined, undefined, minValues);
      case "DoesNotExist":
        return form(false, [], undefined, undefined, minValues);
      case "Gte":
        return form(true, [], integerOr0(values[0]), undefined, minValues);
      case "Lte":
        return form(true, [], undefined, integerOr0(values[0]), minValues);
      case "Gt": {
        const bound = integerOr0(values[0]);
        // Nothing is greater than the greatest; Karpenter drops minValues here too.
        return bound === MAX_INT64 ? form(false, [], undefined, undefined, undefined) : form(true, [], bound + 1n, undefined, minValues);
      }
      case "Lt":
        // Below the least wraps around to every integer.
        return form(true, [], undefined, wrap(integerOr0(values[0]) - 1n), minValues);
    }
  },

  intersect(a: Form, b: Form): Form {
    const gte = largest(a.gte, b.gte);
    const lte = smallest(a.lte, b.lte);
    const minValues = largerMinValues(a, b);
    if (gte !== undefined && lte !== undefined && gte > lte) return form(false, [], undefined, undefined, minValues);
    const complement = a.complement && b.complement;
    const values = a.complement
      ? b.complement
        ? sortedUnique([...a.values, ...b.values])
        : b.values.filter((value) => !includes(a.values, value))
      : a.values.filter((value) => includes(b.values, value) !== b.complement);
    const kept = gte === undefined && lte === undefined ? values : values.filter((value) => within(value, gte, lte));
    return complement ? form(true, kept, gte, lte, minValues) : form(false, kept, undefined, undefined, minValues);
  },

  /** One or two requirements; with bounds the excluded values are lost, as they are in Karpenter. */
  toApi(key: string, own: Form): NodeSelectorRequirementWithMinValues[] {
    const minValues = own.minValues === undefined ? {} : { minValues: own.minValues };
    const bounds = boundsToApi(key, own, minValues);
    if (bounds.length > 0) return bounds;
    const some = own.values.length > 0;
    if (some) return [{ key, operator: own.complement ? "NotIn" : "In", values: own.values, ...minValues }];
    return [{ key, operator: own.complement ? "Exists" : "DoesNotExist", ...minValues }];
  },
};

function form(complement: boolean, values: readonly string[], gte: bigint | undefined, lte: bigint | undefined, minValues: number | undefined): Form {
  return { complement, values, gte, lte, absent: complement === values.length > 0, minValues };
}

/** What Atoi leaves behind when its error is ignored: 0, or the nearest bound of 64 bits. */
function integerOr0(text: string | undefined): bigint {
  if (text === undefined || !/^[+-]?\d+$/.test(text)) return 0n;
  const integer = BigInt(text.replace(/^\+/, ""));
  return integer > MAX_INT64 ? MAX_INT64 : integer < MIN_INT64 ? MIN_INT64 : integer;
}

function wrap(integer: bigint): bigint {
  return integer < MIN_INT64 ? MAX_INT64 : integer;
}
