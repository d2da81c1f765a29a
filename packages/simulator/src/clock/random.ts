/** Numbers that only depend on a seed. */
export interface Random {
  /** In [0, 1), with 32 bits. */
  next(): number;
  /** In [0, below). */
  integer(below: number): number;
  /** `length` characters as Kubernetes generates them for names: no vowels, no 0, 1 or 3. */
  suffix(length: number): string;
  uuid(): string;
  /** A stream of its own: draws from one never shift another. */
  stream(name: string): Random;
}

// Kubernetes apimachinery util/rand: letters and digits that spell no words.
const SAFE = "bcdfghjklmnpqrstvwxz2456789";
const HEX = "0123456789abcdef";

/** A generator (sfc32) seeded from text; the same seed gives the same draws on every engine. */
export function random(seed: string): Random {
  let [a, b, c, d] = [hash32(seed, 0x811c9dc5), hash32(seed, 0x9e3779b9), hash32(seed, 0x85ebca6b), 1];
  const draw = (): number => {
    const sum = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
  for (let warm = 0; warm < 15; warm += 1) draw();

  const integer = (below: number): number => Math.floor((draw() / 0x1_0000_0000) * below);
  const text = (alphabet: string, length: number): string => {
    let result = "";
    for (let index = 0; index < length; index += 1) result += alphabet[integer(alphabet.length)] ?? "";
    return result;
  };
  return {
    next: () => draw() / 0x1_0000_0000,
    integer,
    suffix: (length) => text(SAFE, length),
    uuid: () => `${text(HEX, 8)}-${text(HEX, 4)}-4${text(HEX, 3)}-${HEX[8 + integer(4)] ?? "8"}${text(HEX, 3)}-${text(HEX, 12)}`,
    stream: (name) => random(`${seed}/${name}`),
  };
}

/** FNV-1a over UTF-16 units, from a start of the caller's. */
export function hash32(text: string, start = 0x811c9dc5): number {
  let hash = start;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

/** A short stable name for a text, in the alphabet Kubernetes uses for template hashes. */
export function safeHash(text: string): string {
  let value = hash32(text);
  let result = "";
  for (let index = 0; index < 10; index += 1) {
    result += SAFE[value % SAFE.length] ?? "";
    value = Math.floor(value / SAFE.length) || hash32(text + index);
  }
  return result;
}
