import type { Blocker } from "./blocker.ts";
import type { OpenClaim } from "./open-claim.ts";

/** Claims with equally many pods: a slot each, in the order they came. */
interface Bucket {
  readonly claims: (OpenClaim | undefined)[];
  /** A bit a slot: is the claim still here? */
  open: Int32Array;
  count: number;
  /** No open slot lies in a word before this. */
  first: number;
}

/**
 * Open claims in the order pods are offered them: fewest pods first, as a stable sort before every look leaves them. One that got a
 * pod comes before those that already had as many, so buckets are read from the last to come to the first; new claims come after
 * all others with one pod, so the first bucket is read the other way. Claims that a rule blocks are passed over a word at a time.
 */
export class ClaimOrder {
  readonly #buckets: Bucket[] = [];
  /** No claim has fewer pods. */
  #fewest = 1;

  append(claim: OpenClaim): void {
    this.#enter(claim, claim.pods.length);
  }

  /** Call after a claim got more pods than it had. */
  promote(claim: OpenClaim, had: number = claim.pods.length - 1): void {
    const before = this.#buckets[had] as Bucket;
    (before.open[claim.slot >>> 5] as number) &= ~(1 << (claim.slot & 31));
    before.claims[claim.slot] = undefined;
    before.count--;
    this.#enter(claim, claim.pods.length);
  }

  /** The first claim that passes the test, of those that no blocker holds back. */
  find(blockers: readonly Blocker[], test: (claim: OpenClaim) => boolean): OpenClaim | undefined {
    for (let count = this.#fewest; count < this.#buckets.length; count++) {
      const bucket = this.#buckets[count] as Bucket;
      if (bucket.count === 0) {
        if (count === this.#fewest) this.#fewest++;
        continue;
      }
      const found = count === 1 ? forwards(bucket, count, blockers, test) : backwards(bucket, count, blockers, test);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #enter(claim: OpenClaim, count: number): void {
    while (this.#buckets.length <= count) this.#buckets.push({ claims: [], open: new Int32Array(4), count: 0, first: 0 });
    const bucket = this.#buckets[count] as Bucket;
    if (count < this.#fewest) this.#fewest = count;
    if (bucket.count === 0) bucket.first = bucket.claims.length >>> 5;
    claim.slot = bucket.claims.length;
    bucket.claims.push(claim);
    bucket.count++;
    const word = claim.slot >>> 5;
    if (word >= bucket.open.length) {
      const grown = new Int32Array(bucket.open.length * 2);
      grown.set(bucket.open);
      bucket.open = grown;
    }
    (bucket.open[word] as number) |= 1 << (claim.slot & 31);
    for (const blocker of claim.blockers) blocker.mark(count, claim.slot);
  }
}

function forwards(bucket: Bucket, count: number, blockers: readonly Blocker[], test: (claim: OpenClaim) => boolean): OpenClaim | undefined {
  const { open, claims } = bucket;
  const words = ((claims.length - 1) >>> 5) + 1;
  while (bucket.first < words && open[bucket.first] === 0) bucket.first++;
  for (let word = bucket.first; word < words; word++) {
    let left = unblocked(open[word] as number, count, word, blockers);
    while (left !== 0) {
      const claim = claims[(word << 5) + (31 - Math.clz32(left & -left))] as OpenClaim;
      if (test(claim)) return claim;
      left &= left - 1;
    }
  }
  return undefined;
}

function backwards(bucket: Bucket, count: number, blockers: readonly Blocker[], test: (claim: OpenClaim) => boolean): OpenClaim | undefined {
  const { open, claims } = bucket;
  while (open[bucket.first] === 0) bucket.first++;
  for (let word = (claims.length - 1) >>> 5; word >= bucket.first; word--) {
    let left = unblocked(open[word] as number, count, word, blockers);
    while (left !== 0) {
      const bit = 31 - Math.clz32(left);
      const claim = claims[(word << 5) + bit] as OpenClaim;
      if (test(claim)) return claim;
      left &= ~(1 << bit);
    }
  }
  return undefined;
}

function unblocked(open: number, count: number, word: number, blockers: readonly Blocker[]): number {
  let left = open;
  for (let i = 0; left !== 0 && i < blockers.length; i++) {
    const bits = (blockers[i] as Blocker).bits[count];
    if (bits !== undefined && word < bits.length) left &= ~(bits[word] as number);
  }
  return left;
}
