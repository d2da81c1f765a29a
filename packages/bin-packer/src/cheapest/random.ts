/** A small seeded generator (mulberry32): the search must give the same plan on every engine. */
export interface Random {
  /** Uniform in [0, 1). */
  readonly next: () => number;
  /** About normal, mean 0, deviation 1: the sum of four uniforms, which needs no library function whose last digit differs by engine. */
  readonly normal: () => number;
}

export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return { next, normal: () => (next() + next() + next() + next() - 2) * 1.7320508 };
}
