import { isJsonObject, type Json, type Path } from "../read/json.ts";
import { fieldSchema } from "./defaulted.ts";
import { fieldPair, isUnchanged, itemPair, type Pair } from "./old-value.ts";
import { RuleError } from "./rule-error.ts";
import type { Schema } from "./schema.ts";
import { type Violation, violation } from "./violation.ts";

interface Context {
  readonly old: Json | undefined;
  readonly pair: Pair | undefined;
  /** Whether the nearest value around this one that has an old value is unchanged. */
  readonly unchangedAround: boolean;
}

/** The cross-field rules, at every level. A rule about something that an update left as it was is forgiven, unless it cannot be evaluated at all. */
export function checkRules(value: Json, schema: Schema, at: Path, pair: Pair | undefined): readonly Violation[] {
  const found: Violation[] = [];
  check(value, schema, { at: [...at], found }, pair === undefined ? NEW : { old: pair.old, pair, unchangedAround: false });
  return found;
}

const NEW: Context = { old: undefined, pair: undefined, unchangedAround: false };

function check(value: Json, schema: Schema, walk: { readonly at: (string | number)[]; readonly found: Violation[] }, context: Context): void {
  if (value === null) return;
  const { at, found } = walk;
  const { old, pair } = context;
  const unchanged = pair === undefined ? context.unchangedAround : isUnchanged(pair);
  for (const { message, holds, transition } of schema.rules ?? []) {
    if (transition && (old === undefined || old === null)) continue;
    try {
      const problem = unreadable(value, schema);
      if (problem !== undefined) throw new RuleError(problem);
      if (!holds(value, old) && (transition || !unchanged)) found.push({ ...violation(at, "FieldValueInvalid", message), rule: message });
    } catch (error) {
      // A TypeError: the wrong type stands deeper inside.
      if (!(error instanceof RuleError) && !(error instanceof TypeError)) throw error;
      const rule = `${error instanceof RuleError ? error.message : "invalid data"} evaluating rule: ${message}`;
      found.push({ ...violation(at, "FieldValueInvalid", message), rule });
    }
  }
  if (Array.isArray(value)) {
    if (schema.type !== "array") return;
    (value as readonly Json[]).forEach((item, index) => {
      const own = itemPair(pair, index);
      at.push(index);
      check(item, schema.items, walk, context === NEW ? NEW : { old: own?.old, pair: own, unchangedAround: unchanged });
      at.pop();
    });
  } else if (isJsonObject(value)) {
    const comparable = !(schema.type === "object" && schema.atomic === true) && isJsonObject(old);
    for (const key of Object.keys(value)) {
      const own = fieldSchema(schema, key);
      if (own === undefined) continue;
      const oldItem = comparable && Object.hasOwn(old, key) ? old[key] : undefined;
      at.push(key);
      check(value[key] as Json, own, walk, context === NEW ? NEW : { old: oldItem, pair: fieldPair(pair, key), unchangedAround: unchanged });
      at.pop();
    }
  }
}

// Rules meet a value of the wrong type only where an update left it so; then they cannot be evaluated.
function unreadable(value: Json, schema: Schema): string | undefined {
  if (schema.type === "array" && !Array.isArray(value)) return "invalid data, expected an array for the provided schema with type=array";
  if (schema.type === "object" && !isJsonObject(value)) return "invalid data, expected a map for the provided schema with type=object";
  return undefined;
}
