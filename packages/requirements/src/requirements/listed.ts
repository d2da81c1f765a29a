import { type ValueSet, isEmptySet } from "../values/value-set.ts";
import type { Requirements } from "./requirements.ts";

/** Requirements in the form in which they are asked about most. */
export interface Listed {
  readonly keys: readonly string[];
  /** What each key may be, in the order of the keys. */
  readonly sets: readonly ValueSet[];
  readonly byKey: ReadonlyMap<string, ValueSet>;
  /** Whether some key can be nothing, not even absent. */
  readonly empty: boolean;
}

const seen = new WeakMap<Requirements, Listed>();

/** Requirements that nobody changes, listed once: walking a record anew each time costs more than the comparison of its sets. */
export function listed(all: Requirements): Listed {
  let list = seen.get(all);
  if (list === undefined) seen.set(all, (list = read(all)));
  return list;
}

function read(all: Requirements): Listed {
  const keys = Object.keys(all);
  const sets = Object.values(all).map(({ values }) => values);
  return { keys, sets, byKey: new Map(keys.map((key, index) => [key, sets[index] as ValueSet])), empty: sets.some(isEmptySet) };
}
