import type { NodeSelectorRequirementWithMinValues, Operator } from "@groupless/api";
import fc from "fast-check";

export const RUNS = { numRuns: Number(process.env["LAWS_RUNS"] ?? 300) };

export const OPERATORS: readonly Operator[] = ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt", "Gte", "Lte"];
const INTEGERS = ["0", "1", "2", "3", "5", "9", "-1", "-4", "007", "05", "+4", "9223372036854775807", "9223372036854775806", "-9223372036854775808", "9007199254740992", "9007199254740993"];
const TEXTS = ["", "A", "B", "a", "1.5", "1e3", "9223372036854775808", " 1", "é"];

const value = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...INTEGERS) }, { weight: 2, arbitrary: fc.constantFrom(...TEXTS) });
const operand = fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...INTEGERS) }, { weight: 1, arbitrary: fc.constantFrom("x", "", "1.5", "9223372036854775808", "-9223372036854775809") });

/** One requirement of a key, comparisons and lists about evenly. */
export function requirementArbitrary(key = "key"): fc.Arbitrary<NodeSelectorRequirementWithMinValues> {
  return fc.constantFrom(...OPERATORS, "In" as const, "NotIn" as const).chain((operator): fc.Arbitrary<NodeSelectorRequirementWithMinValues> => {
    if (operator === "In" || operator === "NotIn") return fc.array(value, { maxLength: 4 }).map((values) => ({ key, operator, values }));
    if (operator === "Exists" || operator === "DoesNotExist") return fc.constant({ key, operator });
    return operand.map((text) => ({ key, operator, values: [text] }));
  });
}

/** Requirements over a few keys. */
export const requirementList = fc.array(fc.constantFrom("a", "b", "c").chain(requirementArbitrary), { maxLength: 5 });

/** The API's words taken literally, for one candidate (undefined: absent): the brute force to compare with. */
export function accepts({ operator, values = [] }: NodeSelectorRequirementWithMinValues, candidate: string | undefined): boolean {
  switch (operator) {
    case "In":
      return candidate !== undefined && values.includes(candidate);
    case "NotIn":
      return candidate === undefined || !values.includes(candidate);
    case "Exists":
      return candidate !== undefined;
    case "DoesNotExist":
      return candidate === undefined;
    default: {
      const bound = integerOf(values[0]);
      const integer = integerOf(candidate);
      if (bound === undefined || integer === undefined) return false;
      return operator === "Gt" ? integer > bound : operator === "Lt" ? integer < bound : operator === "Gte" ? integer >= bound : integer <= bound;
    }
  }
}

function integerOf(text: string | undefined): bigint | undefined {
  if (text === undefined || !/^[+-]?[0-9]+$/.test(text)) return undefined;
  const integer = BigInt(text.replace("+", ""));
  return integer >= -(2n ** 63n) && integer < 2n ** 63n ? integer : undefined;
}

/**
 * Absence, and every text that could tell the requirements apart: values named, integers about every bound, each in three spellings,
 * and texts that are named nowhere.
 */
export function universe(...all: readonly NodeSelectorRequirementWithMinValues[]): readonly (string | undefined)[] {
  const texts = new Set(["", "named-nowhere", "0", "00000", "77777777"]);
  for (const { values = [] } of all) {
    for (const text of values) {
      texts.add(text);
      const integer = integerOf(text);
      if (integer === undefined) continue;
      for (let near = integer - 2n; near <= integer + 2n; near++) {
        if (integerOf(`${near}`) === undefined) continue;
        texts.add(`${near}`);
        texts.add(near < 0n ? `-0${-near}` : `0${near}`);
        texts.add(near < 0n ? `-000${-near}` : `+000${near}`);
      }
    }
  }
  return [undefined, ...texts];
}
