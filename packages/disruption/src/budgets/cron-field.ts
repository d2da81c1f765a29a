import { InputError } from "@groupless/api";

/** One of the five fields of a cron line: its bounds and the names that stand for numbers. */
export interface CronFieldRule {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
  /** The number the first name stands for. */
  readonly firstName?: number;
}

/** The values a field takes, ascending. `star`: it was written so that it restricts nothing. */
export interface CronField {
  readonly values: readonly number[];
  readonly star: boolean;
}

const INT64_MAX = 2n ** 63n - 1n;

/**
 * Reads one field of a cron line in the dialect of robfig/cron's standard parser, which Karpenter's budgets use.
 *
 * A comma list of `*`, `?`, `n`, `n-m`, each with an optional `/step`; `n/step` runs to the field's end; a step above 1 takes the star's meaning away.
 *
 * @throws InputError `invalid-cron` in that parser's words
 */
export function cronField(text: string, rule: CronFieldRule): CronField {
  const values = new Set<number>();
  let star = false;
  for (const part of text.split(",").filter((piece) => piece !== "")) {
    const range = cronRange(part, rule);
    star ||= range.star;
    for (let value = range.start; value <= range.end; value += range.step) values.add(value);
  }
  return { values: [...values].sort((a, b) => a - b), star };
}

function cronRange(text: string, rule: CronFieldRule): { start: number; end: number; step: number; star: boolean } {
  const [range = "", stepText, ...more] = text.split("/");
  const ends = range.split("-");
  const [low = "", high] = ends;
  let start = BigInt(rule.min);
  let end = BigInt(rule.max);
  let star = low === "*" || low === "?";
  if (!star) {
    start = integerOrName(low, rule);
    if (ends.length > 2) throw invalid(`too many hyphens: ${text}`);
    end = high === undefined ? start : integerOrName(high, rule);
  }
  let step = 1n;
  if (more.length > 0) throw invalid(`too many slashes: ${text}`);
  if (stepText !== undefined) {
    step = integer(stepText);
    if (ends.length === 1) end = BigInt(rule.max);
    if (step > 1n) star = false;
  }
  if (start < BigInt(rule.min)) throw invalid(`beginning of range (${start}) below minimum (${rule.min}): ${text}`);
  if (end > BigInt(rule.max)) throw invalid(`end of range (${end}) above maximum (${rule.max}): ${text}`);
  if (start > end) throw invalid(`beginning of range (${start}) beyond end of range (${end}): ${text}`);
  if (step === 0n) throw invalid(`step of range should be a positive number: ${text}`);
  return { start: Number(start), end: Number(end), step: Number(step), star };
}

function integerOrName(text: string, rule: CronFieldRule): bigint {
  const index = rule.names?.indexOf(text.toLowerCase()) ?? -1;
  return index >= 0 ? BigInt((rule.firstName ?? 0) + index) : integer(text);
}

function integer(text: string): bigint {
  const failed = (why: string): InputError => invalid(`failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: ${why}`);
  if (!/^[-+]?\d+$/.test(text)) throw failed("invalid syntax");
  const value = BigInt(text.replace(/^\+/, ""));
  if (value > INT64_MAX || value < -INT64_MAX - 1n) throw failed("value out of range");
  if (value < 0n) throw invalid(`negative number (${value}) not allowed: ${text}`);
  return value;
}

/** Bad cron text; the message is what robfig/cron says. */
export function invalid(problem: string): InputError {
  return new InputError("invalid-cron", problem);
}
