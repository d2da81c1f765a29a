import type { OpenClaim } from "./open-claim.ts";

/**
 * Open claims in the order pods are offered them: fewest pods first, as a stable sort before every look leaves them. One that got a
 * pod comes before those that already had as many; a new one comes after all others with one pod.
 */
export class ClaimOrder {
  readonly #byCount: OpenClaim[][] = [];

  append(claim: OpenClaim): void {
    this.#bucket(claim.pods.length).push(claim);
  }

  /** Call after a claim got one more pod. */
  promote(claim: OpenClaim): void {
    const before = this.#bucket(claim.pods.length - 1);
    before.splice(before.indexOf(claim), 1);
    this.#bucket(claim.pods.length).unshift(claim);
  }

  find<T>(test: (claim: OpenClaim) => T | undefined): { readonly claim: OpenClaim; readonly found: T } | undefined {
    for (const bucket of this.#byCount) {
      for (const claim of bucket) {
        const found = test(claim);
        if (found !== undefined) return { claim, found };
      }
    }
    return undefined;
  }

  #bucket(count: number): OpenClaim[] {
    while (this.#byCount.length <= count) this.#byCount.push([]);
    return this.#byCount[count] as OpenClaim[];
  }
}
