import type { Pattern } from "./schema.ts";

// Expressions here take linear time on any text: the texts come from outside, of any length.
function pattern(expression: RegExp, expected: string): Pattern {
  return { test: (text) => expression.test(text), expected };
}

const PREFIX = "(?:[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*/)?";
const QUANTITY = "[+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+))?";

export const QUALIFIED_NAME: Pattern = pattern(new RegExp(`^${PREFIX}(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$`), "a name such as team or example.com/team");
export const LABEL_VALUE: Pattern = pattern(/^(?:(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/, "letters, digits, '-', '_' and '.', beginning and ending with a letter or digit");
export const DURATION: Pattern = pattern(/^(?:\d+[smh])+$/, "a duration in s, m and h, such as 720h");
export const DURATION_OR_NEVER: Pattern = pattern(/^(?:(?:\d+[smh])+|Never)$/, "a duration in s, m and h, such as 720h, or Never");
export const BUDGET_DURATION: Pattern = pattern(/^(?:\d+[hm]|\d+h\d+m)(?:0s)?$/, "a duration in h and m, such as 8h or 1h30m");
export const BUDGET_NODES: Pattern = pattern(/^(?:(?:100|\d{1,2})%|\d+)$/, 'a count such as "5" or a percentage such as "10%"');
export const QUANTITY_TEXT: Pattern = pattern(new RegExp(`^${QUANTITY}$`), "a quantity such as 500m or 16Gi");
export const NO_SLASH: Pattern = pattern(/^[^/]*$/, "an API group without version, such as karpenter.k8s.aws");
export const PRICE: Pattern = pattern(/^\d+(?:\.\d+)?$/, "a decimal number such as 0.05");
export const PRICE_ADJUSTMENT: Pattern = pattern(/^(?:[+-](?:\d*\.)?\d+|\+(?:\d*\.)?\d+%|-\d{1,2}(?:\.\d+)?%|-100%)$/, "a signed amount or percentage, such as +0.5 or -10%");
export const CONDITION_TYPE: Pattern = pattern(new RegExp(`^${PREFIX}(?:(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$`), "a condition type such as Ready");
export const CONDITION_REASON: Pattern = pattern(/^[A-Za-z](?:[A-Za-z0-9_,:]*[A-Za-z0-9_])?$/, "a reason in CamelCase");
export const CONDITION_REASON_OR_EMPTY: Pattern = pattern(/^(?:[A-Za-z](?:[A-Za-z0-9_,:]*[A-Za-z0-9_])?)?$/, "a reason in CamelCase");
export const AMI_ID: Pattern = pattern(/ami-[0-9a-z]+/, "an image id such as ami-0123");
export const SUBNET_ID: Pattern = pattern(/subnet-[0-9a-z]+/, "a subnet id such as subnet-0123");
export const SECURITY_GROUP_ID: Pattern = pattern(/sg-[0-9a-z]+/, "a security group id such as sg-0123");
export const CAPACITY_RESERVATION_ID: Pattern = pattern(/^cr-[0-9a-z]+$/, "a capacity reservation id such as cr-0123");
export const PLACEMENT_GROUP_ID: Pattern = pattern(/^pg-[0-9a-z]+$/, "a placement group id such as pg-0123");
export const ACCOUNT_ID: Pattern = pattern(/^\d{12}$/, "an account id of 12 digits");
// Percentages up to 100 with two decimals, the empty text, or a quantity.
export const EVICTION_SIGNAL: Pattern = pattern(new RegExp(`^(?:(?:\\d{1,2}(?:\\.\\d{1,2})?|100(?:\\.0{1,2})?)%|${QUANTITY})?$`), "a percentage such as 5% or a quantity such as 100Mi");

const SCHEDULE_NAME = /^@(?:annually|yearly|monthly|weekly|daily|midnight|hourly)/;

/** Cron's named schedules at the start of the text, or five fields at its end, whatever they hold: that is all the definition asks. */
export const SCHEDULE: Pattern = { test: (text) => SCHEDULE_NAME.test(text) || endsInFiveFields(text), expected: 'a cron schedule of five fields such as "0 9 * * 1-5", or @daily and the like' };

// The expression (.+)\s(.+)\s(.+)\s(.+)\s(.+)$ run as an automaton, since a backtracking engine takes the fifth power of the length.
// Bit 2k: inside field k+1; bit 2k+1: just after the space behind it.
function endsInFiveFields(text: string): boolean {
  let states = 0;
  for (const character of text) {
    const newline = character === "\n";
    const space = /[\t\n\f\r ]/.test(character);
    const inside = states & 0b101010101;
    const after = states & 0b010101010;
    let next = 0;
    if (!newline) next |= 1 | inside | (after << 1);
    if (space) next |= (inside << 1) & 0b010101010;
    states = next;
  }
  return (states & 0b100000000) !== 0;
}

/** Whole sizes with G, Gi, T or Ti up to the largest EBS volume; the definition lets a bare `Ti` or `T` through. */
export const VOLUME_SIZE: Pattern = {
  test: (text) => {
    const [, number, unit] = /^([1-9]\d{0,4})?(Gi|G|Ti|T)$/.exec(text) ?? [];
    if (unit === undefined) return false;
    if (number === undefined) return unit.startsWith("T");
    // In Ti the definition forgot the tens that end in 8 and 9, but for 58.
    if (unit === "Ti") return /^(?:[1-9]|[1-5][0-7]|58)$/.test(number);
    return Number(number) <= { Gi: 59_000, G: 64_000, T: 64 }[unit as "Gi" | "G" | "T"];
  },
  expected: "a size from 1Gi to 59000Gi, 64000G, 58Ti or 64T",
};
