/** A set of small numbers, 32 to a word. All sets of one kind have the same length. */
export type Bits = Int32Array;

export function bits(size: number): Bits {
  return new Int32Array((size + 31) >>> 5);
}

export function allBits(size: number): Bits {
  const set = bits(size).fill(-1);
  const rest = size & 31;
  if (rest !== 0) set[set.length - 1] = (1 << rest) - 1;
  return set;
}

export function setBit(set: Bits, index: number): void {
  (set[index >>> 5] as number) |= 1 << (index & 31);
}

export function hasBit(set: Bits, index: number): boolean {
  return ((set[index >>> 5] as number) & (1 << (index & 31))) !== 0;
}

export function anyBit(set: Bits): boolean {
  for (let word = 0; word < set.length; word++) if (set[word] !== 0) return true;
  return false;
}

/** What both hold, in a new set. */
export function andBits(a: Bits, b: Bits): Bits {
  const out = new Int32Array(a.length);
  for (let word = 0; word < a.length; word++) out[word] = (a[word] as number) & (b[word] as number);
  return out;
}

export function intersects(a: Bits, b: Bits): boolean {
  for (let word = 0; word < a.length; word++) if (((a[word] as number) & (b[word] as number)) !== 0) return true;
  return false;
}

/** Keeps in the first what the second holds too. */
export function keepBits(into: Bits, other: Bits): void {
  for (let word = 0; word < into.length; word++) (into[word] as number) &= other[word] as number;
}

export function addBits(into: Bits, other: Bits): void {
  for (let word = 0; word < into.length; word++) (into[word] as number) |= other[word] as number;
}

/** The members in ascending order. */
export function members(set: Bits): number[] {
  const out: number[] = [];
  for (let word = 0; word < set.length; word++) {
    let rest = set[word] as number;
    while (rest !== 0) {
      out.push((word << 5) + (31 - Math.clz32(rest & -rest)));
      rest &= rest - 1;
    }
  }
  return out;
}
