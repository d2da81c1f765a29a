import type { OpenClaim } from "./open-claim.ts";

/** The open claims that some rule closes for good to some pods, bit by bit in the order claims are searched. */
export class Blocker {
  /** By bucket: a bit a slot. */
  readonly bits: (Int32Array | undefined)[] = [];

  /** From the claim's next slot on; ClaimOrder marks it there. */
  block(claim: OpenClaim): void {
    claim.blockers.push(this);
  }

  mark(bucket: number, slot: number): void {
    const word = slot >>> 5;
    let bits = this.bits[bucket];
    if (bits === undefined || word >= bits.length) {
      const grown = new Int32Array(Math.max(4, 2 * word + 2));
      if (bits !== undefined) grown.set(bits);
      this.bits[bucket] = bits = grown;
    }
    (bits[word] as number) |= 1 << (slot & 31);
  }
}
