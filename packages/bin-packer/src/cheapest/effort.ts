/**
 * A budget of work counted in steps, so that the same question gets the same answer on every machine.
 *
 * One step is one look at a class for one bin; `STEPS_A_MS` of them take about a millisecond on a machine of 2026.
 */
export class Effort {
  #left: number;

  constructor(budgetMs: number) {
    this.#left = budgetMs * STEPS_A_MS;
  }

  spend(steps: number): void {
    this.#left -= steps;
  }

  /** Steps not spent yet. */
  get left(): number {
    return this.#left;
  }

  get isLeft(): boolean {
    return this.#left > 0;
  }

  /** A part of what is left, as a budget of its own; what it spends counts here too. */
  share(part: number): Effort {
    const slice = new Effort(0);
    slice.#left = this.#left * part;
    this.#left -= slice.#left;
    return slice;
  }

  /** Takes back what a share did not spend, or spent too much. */
  reclaim(slice: Effort): void {
    this.#left += slice.#left;
    slice.#left = 0;
  }
}

const STEPS_A_MS = 32_000;

/**
 * What of a budget is for the search: a process that has just started runs its first steps several times slower, until they are compiled.
 *
 * The part set aside is the same on a warm machine, so that the plan is the same too.
 */
export function searchMs(budgetMs: number): number {
  return budgetMs - Math.min(START_MS, budgetMs * START_SHARE);
}

const START_MS = 200;
const START_SHARE = 0.2;
