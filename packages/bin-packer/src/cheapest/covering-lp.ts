import { invertedMatrix } from "./inverted-matrix.ts";
import { longerList } from "./longer-list.ts";
import type { Pattern } from "./model.ts";

const EPSILON = 1e-9;
/** The basis inverse is rebuilt after so many pivots, before rounding errors matter. */
const REFACTOR_AFTER = 300;
/** Reduced costs count as below zero from this part of a column's cost. */
const TOLERANCE = 1e-7;
const MOST_WEIGHT = 1e6;

/**
 * Minimise cost over weights ≥ 0 of columns that together cover a demand: a revised simplex for restricted masters.
 *
 * Columns are added between solves and the demand may be changed; the basis is kept, so each solve goes on where the last one ended: by the
 * dual method while a weight is below zero, then by the primal one. It starts from one column a row (`seed`), which makes the first basis
 * diagonal and feasible.
 */
export class CoveringLp {
  readonly #rows: number;
  readonly #demand: Float64Array;
  // Columns one behind the other: where each starts, its rows and amounts, its cost, its basis position or -1.
  #count = 0;
  #starts = new Int32Array(1024);
  #costs = new Float64Array(1024);
  #position = new Int32Array(1024);
  #entryRows = new Int32Array(8192);
  #entries = new Float64Array(8192);
  // Reduced costs as of the last pivot and Devex weights (Harris 1973), for columns and for surpluses.
  #reduced = new Float64Array(1024);
  #weights = new Float64Array(1024);
  readonly #surplusWeights: Float64Array;
  readonly #surplusScales: Float64Array;
  readonly #row: Float64Array;
  /** Column index a basis position; below zero: the surplus of row ~index. */
  readonly #basis: Int32Array;
  readonly #surplusPosition: Int32Array;
  #inverse: Float64Array;
  readonly #values: Float64Array;
  readonly #duals: Float64Array;
  readonly #direction: Float64Array;
  readonly #nonzero: Int32Array;
  #sinceRefactor = 0;
  pivots = 0;

  constructor(demand: Float64Array, seed: readonly { readonly cost: number; readonly amount: number }[]) {
    const n = (this.#rows = demand.length);
    this.#demand = perturbed(demand);
    this.#basis = new Int32Array(n);
    this.#surplusPosition = new Int32Array(n).fill(-1);
    this.#inverse = new Float64Array(n * n);
    this.#values = new Float64Array(n);
    this.#duals = new Float64Array(n);
    this.#direction = new Float64Array(n);
    this.#nonzero = new Int32Array(n);
    this.#surplusWeights = new Float64Array(n);
    this.#surplusScales = new Float64Array(n);
    this.#row = new Float64Array(n);
    seed.forEach(({ cost, amount }, row) => {
      this.add(cost, [[row, amount]]);
      this.#basis[row] = row;
      this.#position[row] = row;
      this.#inverse[row * n + row] = 1 / amount;
      this.#values[row] = (this.#demand[row] as number) / amount;
      this.#duals[row] = cost / amount;
      this.#surplusWeights[row] = this.#surplusScales[row] = (cost / amount) * (cost / amount);
    });
  }

  /** Columns so far; their indexes count from zero in the order they were added, seeds first. */
  get count(): number {
    return this.#count;
  }

  /** Amounts in all columns: what one look at each of them takes. */
  get size(): number {
    return this.#starts[this.#count] as number;
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

  add(cost: number, pattern: Pattern): void {
    const start = this.#starts[this.#count] as number;
    if (this.#count + 2 > this.#starts.length) {
      this.#starts = longerList(this.#starts, this.#starts.length * 2);
      this.#costs = longerList(this.#costs, this.#costs.length * 2);
      this.#position = longerList(this.#position, this.#position.length * 2);
      this.#reduced = longerList(this.#reduced, this.#reduced.length * 2);
      this.#weights = longerList(this.#weights, this.#weights.length * 2);
    }
    while (start + pattern.length > this.#entryRows.length) {
      this.#entryRows = longerList(this.#entryRows, this.#entryRows.length * 2);
      this.#entries = longerList(this.#entries, this.#entries.length * 2);
    }
    let at = start;
    for (const [row, amount] of pattern) {
      this.#entryRows[at] = row;
      this.#entries[at++] = amount;
    }
    let reduced = cost;
    for (const [row, amount] of pattern) reduced -= (this.#duals[row] as number) * amount;
    this.#reduced[this.#count] = reduced;
    this.#weights[this.#count] = cost * cost;
    this.#costs[this.#count] = cost;
    this.#position[this.#count] = -1;
    this.#starts[++this.#count] = at;
  }

  /** Columns of the solution with their weights, heaviest first; ties by the order they were added in. */
  solution(): { readonly column: number; readonly weight: number }[] {
    const found: { column: number; weight: number }[] = [];
    for (let i = 0; i < this.#rows; i++) {
      const column = this.#basis[i] as number;
      if (column >= 0 && (this.#values[i] as number) > 1e-6) found.push({ column, weight: this.#values[i] as number });
    }
    return found.sort((a, b) => b.weight - a.weight || a.column - b.column);
  }

  /** Covers another demand from now on. */
  demand(demand: Float64Array): void {
    this.#demand.set(perturbed(demand));
    this.#revalue();
  }

  /** Pivots until no column helps, or until the limit. */
  solve(pivotLimit: number): void {
    const end = this.pivots + pivotLimit;
    while (this.pivots < end && this.#dualPivot());
    for (let i = 0; i < this.#rows; i++) if ((this.#values[i] as number) < 0) this.#values[i] = 0;
    while (this.pivots < end) {
      const entering = this.#entering();
      if (entering === undefined || !this.#primalPivot(entering)) return;
    }
  }

  #costOf(column: number): number {
    return column < 0 ? 0 : (this.#costs[column] as number);
  }

  /** The column whose reduced cost is furthest below zero, measured by its Devex weight. */
  #entering(): number | undefined {
    let best = 0;
    let chosen: number | undefined;
    const [reduced, weights, costs, position] = [this.#reduced, this.#weights, this.#costs, this.#position];
    for (let j = 0; j < this.#count; j++) {
      const gain = reduced[j] as number;
      if (gain >= -TOLERANCE * (costs[j] as number) || position[j] !== -1) continue;
      const score = (gain * gain) / (weights[j] as number);
      if (score > best) {
        best = score;
        chosen = j;
      }
    }
    for (let row = 0; row < this.#rows; row++) {
      const gain = this.#duals[row] as number;
      if (gain >= -TOLERANCE || this.#surplusPosition[row] !== -1) continue;
      const score = (gain * gain) / (this.#surplusWeights[row] as number);
      if (score > best) {
        best = score;
        chosen = ~row;
      }
    }
    return chosen;
  }

  /** The entering column seen from the basis. */
  #see(entering: number): void {
    const n = this.#rows;
    const [inverse, direction] = [this.#inverse, this.#direction];
    if (entering < 0) {
      for (let i = 0; i < n; i++) direction[i] = -(inverse[i * n + ~entering] as number);
      return;
    }
    const [rows, entries] = [this.#entryRows, this.#entries];
    const start = this.#starts[entering] as number;
    const end = this.#starts[entering + 1] as number;
    for (let i = 0; i < n; i++) {
      let sum = 0;
      const base = i * n;
      for (let at = start; at < end; at++) sum += (inverse[base + (rows[at] as number)] as number) * (entries[at] as number);
      direction[i] = sum;
    }
  }

  #reducedCost(column: number): number {
    return column < 0 ? (this.#duals[~column] as number) : (this.#reduced[column] as number);
  }

  /** Starts the Devex weights anew: what they measure from lies too far back. */
  #reweigh(): void {
    for (let j = 0; j < this.#count; j++) this.#weights[j] = (this.#costs[j] as number) * (this.#costs[j] as number);
    this.#surplusWeights.set(this.#surplusScales);
  }

  /** Carries reduced costs and weights over the pivot that takes `entering` in at a row of the basis. */
  #carry(entering: number, leaving: number): void {
    const n = this.#rows;
    const [starts, rows, entries, reduced, weights, position, row] = [this.#starts, this.#entryRows, this.#entries, this.#reduced, this.#weights, this.#position, this.#row];
    const base = leaving * n;
    for (let j = 0; j < n; j++) row[j] = this.#inverse[base + j] as number;
    const pivot = this.#direction[leaving] as number;
    const ratio = this.#reducedCost(entering) / pivot;
    if ((entering < 0 ? (this.#surplusWeights[~entering] as number) / (this.#surplusScales[~entering] as number) : (weights[entering] as number) / ((this.#costs[entering] as number) * (this.#costs[entering] as number))) > MOST_WEIGHT) this.#reweigh();
    const weight = (entering < 0 ? (this.#surplusWeights[~entering] as number) : (weights[entering] as number)) / (pivot * pivot);
    let at = 0;
    for (let j = 0; j < this.#count; j++) {
      const end = starts[j + 1] as number;
      let along = 0;
      for (; at < end; at++) along += (row[rows[at] as number] as number) * (entries[at] as number);
      if (along === 0 || position[j] !== -1) continue;
      reduced[j] = (reduced[j] as number) - ratio * along;
      const carried = along * along * weight;
      if (carried > (weights[j] as number)) weights[j] = carried;
    }
    for (let j = 0; j < n; j++) {
      const along = row[j] as number;
      if (along === 0) continue;
      this.#duals[j] = (this.#duals[j] as number) + ratio * along;
      const carried = along * along * weight;
      if (carried > (this.#surplusWeights[j] as number)) this.#surplusWeights[j] = carried;
    }
    const old = this.#basis[leaving] as number;
    if (old < 0) this.#surplusWeights[~old] = Math.max(weight, this.#surplusWeights[~old] as number);
    else {
      reduced[old] = -ratio;
      weights[old] = Math.max(weight, (this.#costs[old] as number) * (this.#costs[old] as number));
    }
    if (entering >= 0) reduced[entering] = 0;
  }

  #primalPivot(entering: number): boolean {
    this.#see(entering);
    const [direction, values] = [this.#direction, this.#values];
    let leaving = -1;
    let step = Infinity;
    for (let i = 0; i < this.#rows; i++) {
      const change = direction[i] as number;
      if (change <= EPSILON) continue;
      const ratio = (values[i] as number) / change;
      // Ties leave by the largest pivot, for the sake of numbers.
      if (ratio < step - 1e-12 || (ratio <= step + 1e-12 && leaving >= 0 && change > (direction[leaving] as number))) {
        step = Math.min(step, ratio);
        leaving = i;
      }
    }
    if (leaving < 0) return false;
    this.#replace(leaving, entering, Math.max(0, (values[leaving] as number) / (direction[leaving] as number)));
    for (let i = 0; i < this.#rows; i++) if ((values[i] as number) < 0) values[i] = 0;
    return true;
  }

  /** Takes the weight that is furthest below zero out of the basis; false if there is none, or nothing to take its place. */
  #dualPivot(): boolean {
    const n = this.#rows;
    let leaving = -1;
    let least = -1e-7;
    for (let i = 0; i < n; i++) {
      if ((this.#values[i] as number) >= least) continue;
      least = this.#values[i] as number;
      leaving = i;
    }
    if (leaving < 0) return false;
    const [starts, rows, entries, duals, position, inverse] = [this.#starts, this.#entryRows, this.#entries, this.#duals, this.#position, this.#inverse];
    const base = leaving * n;
    let best = Infinity;
    let most = 0;
    let entering: number | undefined;
    let at = 0;
    for (let j = 0; j < this.#count; j++) {
      const end = starts[j + 1] as number;
      let along = 0;
      for (; at < end; at++) along += (inverse[base + (rows[at] as number)] as number) * (entries[at] as number);
      if (along >= -EPSILON || position[j] !== -1) continue;
      const ratio = Math.max(0, this.#reduced[j] as number) / -along;
      if (ratio < best - 1e-12 || (ratio <= best + 1e-12 && -along > most)) {
        best = Math.min(best, ratio);
        most = -along;
        entering = j;
      }
    }
    for (let row = 0; row < n; row++) {
      const along = -(inverse[base + row] as number);
      if (along >= -EPSILON || this.#surplusPosition[row] !== -1) continue;
      const ratio = Math.max(0, duals[row] as number) / -along;
      if (ratio < best - 1e-12 || (ratio <= best + 1e-12 && -along > most)) {
        best = Math.min(best, ratio);
        most = -along;
        entering = ~row;
      }
    }
    if (entering === undefined) return false;
    this.#see(entering);
    if (Math.abs(this.#direction[leaving] as number) < 1e-11) return false;
    this.#replace(leaving, entering, (this.#values[leaving] as number) / (this.#direction[leaving] as number));
    return true;
  }

  #replace(leaving: number, entering: number, step: number): void {
    const n = this.#rows;
    const [inverse, direction, values, nonzero, row] = [this.#inverse, this.#direction, this.#values, this.#nonzero, this.#row];
    this.#carry(entering, leaving);
    const pivot = direction[leaving] as number;
    let found = 0;
    for (let j = 0; j < n; j++) {
      if (row[j] === 0) continue;
      row[j] = (row[j] as number) / pivot;
      nonzero[found++] = j;
    }
    const dense = found * 2 > n;
    for (let i = 0; i < n; i++) {
      const factor = direction[i] as number;
      if (i === leaving || (factor < 1e-13 && factor > -1e-13)) continue;
      const base = i * n;
      if (dense) for (let j = 0; j < n; j++) inverse[base + j] = (inverse[base + j] as number) - factor * (row[j] as number);
      else {
        for (let k = 0; k < found; k++) {
          const j = nonzero[k] as number;
          inverse[base + j] = (inverse[base + j] as number) - factor * (row[j] as number);
        }
      }
      values[i] = (values[i] as number) - step * factor;
    }
    values[leaving] = step;
    inverse.set(row, leaving * n);
    const old = this.#basis[leaving] as number;
    if (old < 0) this.#surplusPosition[~old] = -1;
    else this.#position[old] = -1;
    this.#basis[leaving] = entering;
    if (entering < 0) this.#surplusPosition[~entering] = leaving;
    else this.#position[entering] = leaving;
    this.pivots += 1;
    if (++this.#sinceRefactor >= REFACTOR_AFTER) this.#refactor();
  }

  #revalue(): void {
    const n = this.#rows;
    for (let i = 0; i < n; i++) {
      let value = 0;
      for (let j = 0; j < n; j++) value += (this.#inverse[i * n + j] as number) * (this.#demand[j] as number);
      this.#values[i] = value;
    }
  }

  /** The inverse from the basis itself, then values, duals and reduced costs afresh. */
  #refactor(): void {
    const n = this.#rows;
    this.#sinceRefactor = 0;
    const matrix = new Float64Array(n * n);
    for (let position = 0; position < n; position++) {
      const column = this.#basis[position] as number;
      if (column < 0) matrix[~column * n + position] = -1;
      else for (let at = this.#starts[column] as number; at < (this.#starts[column + 1] as number); at++) matrix[(this.#entryRows[at] as number) * n + position] = this.#entries[at] as number;
    }
    const inverse = invertedMatrix(matrix, n);
    if (inverse === undefined) return; // keep the one we have
    this.#inverse = inverse;
    this.#revalue();
    this.#duals.fill(0);
    for (let i = 0; i < n; i++) {
      const cost = this.#costOf(this.#basis[i] as number);
      if (cost !== 0) for (let j = 0; j < n; j++) this.#duals[j] = (this.#duals[j] as number) + cost * (inverse[i * n + j] as number);
    }
    let at = 0;
    for (let j = 0; j < this.#count; j++) {
      let reduced = this.#costs[j] as number;
      for (; at < (this.#starts[j + 1] as number); at++) reduced -= (this.#duals[this.#entryRows[at] as number] as number) * (this.#entries[at] as number);
      this.#reduced[j] = reduced;
    }
  }
}

/** A hair's breadth more of everything, unlike from row to row, so that the simplex does not stand still at ties. */
function perturbed(demand: Float64Array): Float64Array {
  return demand.map((amount, row) => amount + 1e-4 * (1 + ((row * 7919) % 97) / 97));
}
