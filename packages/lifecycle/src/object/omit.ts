/** The record without a key. */
export function without<T extends object, K extends keyof T>(record: T, key: K): Omit<T, K> {
  return Object.fromEntries(Object.entries(record).filter(([other]) => other !== key)) as Omit<T, K>;
}
