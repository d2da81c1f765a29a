import type { Pattern } from "./model.ts";

const EPSILON = 1e-9;
/** The basis inverse is rebuilt after so many pivots, before rounding errors matter. */
const REFACTOR_AFTER = 300;

interface Column {
  readonly cost: number;
  readonly rows: Int32Array;
  readonly values: Float64Array;
  /** What the caller knows the column by. */
  readonly tag: number;
}

/**
 * Minimise cost over weights ≥ 0 of columns that together cover a demand: a primal revised simplex for restricted masters.
 *
 * Columns are added between solves; the basis is kept, so each solve goes on where the last one ended. It starts from one column a row
 * (`seed`), which makes the first basis diagonal and feasible.
 */
export class CoveringLp {
  readonly #rows: number;
  readonly #demand: Float64Array;
  readonly #columns: Column[] = [];
  /** Column index a basis position; below zero: the surplus of row ~index. */
  readonly #basis: Int32Array;
  readonly #inBasis = new Set<number>();
  #inverse: Float64Array;
  #values: Float64Array;
  readonly #duals: Float64Array;
  #sincePivot = 0;
  pivots = 0;

  constructor(demand: Float64Array, seed: readonly { readonly cost: number; readonly amount: number; readonly tag: number }[]) {
    const n = (this.#rows = demand.length);
    this.#demand = demand;
    this.#basis = new Int32Array(n);
    this.#inverse = new Float64Array(n * n);
    this.#values = new Float64Array(n);
    this.#duals = new Float64Array(n);
    seed.forEach(({ cost, amount, tag }, row) => {
      this.#columns.push({ cost, rows: Int32Array.of(row), values: Float64Array.of(amount), tag });
      this.#basis[row] = row;
      this.#inBasis.add(row);
      this.#inverse[row * n + row] = 1 / amount;
      this.#values[row] = (demand[row] as number) / amount;
      this.#duals[row] = cost / amount;
    });
  }

  /** The price of one more unit of each row's demand, at the last optimum; never below zero. */
  get duals(): Float64Array {
    return this.#duals.map((dual) => Math.max(0, dual));
  }

  get cost(): number {
    let cost = 0;
    for (let i = 0; i < this.#rows; i++) cost += this.#costOf(this.#basis[i] as number) * (this.#values[i] as number);
    return cost;
  }

  add(cost: number, pattern: Pattern, tag: number): void {
    this.#columns.push({ cost, rows: Int32Array.from(pattern, ([row]) => row), values: Float64Array.from(pattern, ([, amount]) => amount), tag });
  }

  /** Columns of the solution with their weights, heaviest first; ties by the order they were added in. */
  solution(): readonly { readonly tag: number; readonly weight: number }[] {
    const found: { tag: number; weight: number; index: number }[] = [];
    for (let i = 0; i < this.#rows; i++) {
      const index = this.#basis[i] as number;
      if (index >= 0 && (this.#values[i] as number) > EPSILON) found.push({ tag: (this.#columns[index] as Column).tag, weight: this.#values[i] as number, index });
    }
    return found.sort((a, b) => b.weight - a.weight || a.index - b.index);
  }

  /** Pivots until no column helps, or until the limit. */
  solve(pivotLimit: number): void {
    const end = this.pivots + pivotLimit;
    while (this.pivots < end) {
      const entering = this.#entering();
      if (entering === undefined) return;
      if (!this.#pivot(entering)) return;
    }
  }

  #costOf(index: number): number {
    return index < 0 ? 0 : (this.#columns[index] as Column).cost;
  }

  /** The column with the most negative reduced cost relative to its cost (Dantzig's rule, scaled). */
  #entering(): number | undefined {
    let best = -1e-7;
    let chosen: number | undefined;
    const columns = this.#columns;
    const duals = this.#duals;
    for (let j = 0; j < columns.length; j++) {
      const { cost, rows, values } = columns[j] as Column;
      let reduced = cost;
      for (let k = 0; k < rows.length; k++) reduced -= (duals[rows[k] as number] as number) * (values[k] as number);
      reduced /= cost;
      if (reduced < best && !this.#inBasis.has(j)) {
        best = reduced;
        chosen = j;
      }
    }
    for (let row = 0; row < this.#rows; row++) {
      const reduced = duals[row] as number;
      if (reduced < best && !this.#inBasis.has(~row)) {
        best = reduced;
        chosen = ~row;
      }
    }
    return chosen;
  }

  #pivot(entering: number): boolean {
    const n = this.#rows;
    const inverse = this.#inverse;
    const direction = new Float64Array(n);
    const { rows, values } = entering < 0 ? { rows: Int32Array.of(~entering), values: Float64Array.of(-1) } : (this.#columns[entering] as Column);
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let k = 0; k < rows.length; k++) sum += (inverse[i * n + (rows[k] as number)] as number) * (values[k] as number);
      direction[i] = sum;
    }
    let leaving = -1;
    let step = Infinity;
    for (let i = 0; i < n; i++) {
      if ((direction[i] as number) <= EPSILON) continue;
      const ratio = (this.#values[i] as number) / (direction[i] as number);
      // Ties leave by the largest pivot, for the sake of numbers.
      if (ratio < step - 1e-12 || (ratio <= step + 1e-12 && leaving >= 0 && (direction[i] as number) > (direction[leaving] as number))) {
        step = Math.min(step, ratio);
        leaving = i;
      }
    }
    if (leaving < 0) return false;
    step = Math.max(0, (this.#values[leaving] as number) / (direction[leaving] as number));
    let reduced = this.#costOf(entering);
    for (let k = 0; k < rows.length; k++) reduced -= (this.#duals[rows[k] as number] as number) * (values[k] as number);
    const pivot = direction[leaving] as number;
    const base = leaving * n;
    for (let j = 0; j < n; j++) inverse[base + j] = (inverse[base + j] as number) / pivot;
    for (let i = 0; i < n; i++) {
      const factor = direction[i] as number;
      if (i === leaving || factor === 0) continue;
      const row = i * n;
      for (let j = 0; j < n; j++) inverse[row + j] = (inverse[row + j] as number) - factor * (inverse[base + j] as number);
      this.#values[i] = Math.max(0, (this.#values[i] as number) - step * factor);
    }
    this.#values[leaving] = step;
    for (let j = 0; j < n; j++) this.#duals[j] = (this.#duals[j] as number) + reduced * (inverse[base + j] as number);
    this.#inBasis.delete(this.#basis[leaving] as number);
    this.#basis[leaving] = entering;
    this.#inBasis.add(entering);
    this.pivots += 1;
    if (++this.#sincePivot >= REFACTOR_AFTER) this.#refactor();
    return true;
  }

  /** Gauss-Jordan inversion of the basis, then values and duals afresh. */
  #refactor(): void {
    const n = this.#rows;
    this.#sincePivot = 0;
    const matrix = new Float64Array(n * n);
    for (let position = 0; position < n; position++) {
      const index = this.#basis[position] as number;
      if (index < 0) matrix[~index * n + position] = -1;
      else {
        const { rows, values } = this.#columns[index] as Column;
        for (let k = 0; k < rows.length; k++) matrix[(rows[k] as number) * n + position] = values[k] as number;
      }
    }
    const inverse = new Float64Array(n * n);
    for (let i = 0; i < n; i++) inverse[i * n + i] = 1;
    for (let column = 0; column < n; column++) {
      let best = column;
      for (let i = column + 1; i < n; i++) if (Math.abs(matrix[i * n + column] as number) > Math.abs(matrix[best * n + column] as number)) best = i;
      const pivot = matrix[best * n + column] as number;
      if (Math.abs(pivot) < 1e-12) return; // keep the inverse we have
      if (best !== column) for (const m of [matrix, inverse]) for (let j = 0; j < n; j++) [m[best * n + j], m[column * n + j]] = [m[column * n + j] as number, m[best * n + j] as number];
      for (const m of [matrix, inverse]) for (let j = 0; j < n; j++) m[column * n + j] = (m[column * n + j] as number) / pivot;
      for (let i = 0; i < n; i++) {
        const factor = matrix[i * n + column] as number;
        if (i === column || factor === 0) continue;
        for (const m of [matrix, inverse]) for (let j = 0; j < n; j++) m[i * n + j] = (m[i * n + j] as number) - factor * (m[column * n + j] as number);
      }
    }
    this.#inverse = inverse;
    for (let i = 0; i < n; i++) {
      let value = 0;
      for (let j = 0; j < n; j++) value += (inverse[i * n + j] as number) * (this.#demand[j] as number);
      this.#values[i] = Math.max(0, value);
    }
    this.#duals.fill(0);
    for (let i = 0; i < n; i++) {
      const cost = this.#costOf(this.#basis[i] as number);
      if (cost !== 0) for (let j = 0; j < n; j++) this.#duals[j] = (this.#duals[j] as number) + cost * (inverse[i * n + j] as number);
    }
  }
}
