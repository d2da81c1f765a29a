/** The name of a law if two answers that must be the same are not. */
export function same(law: string, a: unknown, b: unknown): readonly string[] {
  return JSON.stringify(a) === JSON.stringify(b) ? [] : [law];
}

/** The name of a law that does not hold. */
export function unless(holds: boolean, law: string): readonly string[] {
  return holds ? [] : [law];
}
