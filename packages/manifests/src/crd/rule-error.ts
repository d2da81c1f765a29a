/** A rule that cannot be evaluated: the API server reports it as failed, with this text before the rule's own. */
export class RuleError extends Error {
  override readonly name: string = "RuleError";
}

/** Is the field there? */
export function has(value: any, key: string): boolean {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key);
}

/** The field, which must be there. */
export function get(value: any, key: string): any {
  if (!has(value, key)) throw new RuleError(`no such key: ${key}`);
  return value[key];
}

/**
 * Does every element satisfy the condition? One that does not decides, even beside others for which the condition cannot be evaluated
 * (the rule language's conjunction is commutative).
 */
export function all<T>(items: readonly T[], condition: (item: T) => boolean): boolean {
  let failure: RuleError | undefined;
  for (const item of items) {
    try {
      if (!condition(item)) return false;
    } catch (error) {
      if (!(error instanceof RuleError)) throw error;
      failure ??= error;
    }
  }
  if (failure !== undefined) throw failure;
  return true;
}

/** Does some element satisfy the condition? */
export function some<T>(items: readonly T[], condition: (item: T) => boolean): boolean {
  return !all(items, (item) => !condition(item));
}

export function keys(value: any): readonly string[] {
  return Object.keys(value);
}

/** A text as a 64-bit integer, in the spellings of Go's ParseInt. */
export function int(value: string): bigint {
  const number = /^[-+]?\d{1,40}$/.test(value) ? BigInt(value.replace(/^\+/, "")) : undefined;
  if (number === undefined || number >= 2n ** 63n || number < -(2n ** 63n)) throw new RuleError("type conversion error from 'string' to 'int'");
  return number;
}
