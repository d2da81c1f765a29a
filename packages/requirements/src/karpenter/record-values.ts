const seen = new WeakMap<object, readonly unknown[]>();

/**
 * The values of a record that nobody changes, listed once: to walk a record without a prototype anew each time costs more than what is
 * done with it.
 */
export function valuesIn<T>(record: Readonly<Record<string, T>>): readonly T[] {
  let values = seen.get(record) as readonly T[] | undefined;
  if (values === undefined) seen.set(record, (values = Object.values(record)));
  return values;
}
