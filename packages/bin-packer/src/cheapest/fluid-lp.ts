import type { Model } from "./model.ts";

const TOLERANCE = 1e-9;

/** An optimum of the fluid relaxation, or the best point reached within the limit. */
export interface FluidSolution {
  /** Bin by resource: USD an hour for one unit. */
  readonly resourcePrices: Float64Array;
  /** Nodes a bin, fractional. */
  readonly opened: Float64Array;
  readonly pivots: number;
}

/**
 * The fluid relaxation as a linear programme: x pods of class i on bin t, z nodes of bin t,
 *
 *   minimise Σ p z   subject to   C z − Σ a x ≥ 0 for every bin and resource,   Σ x = d for every class.
 *
 * The class rows are generalized upper bounds (Dantzig & Van Slyke 1967): every class has a key bin that takes what no other bin does, so the
 * working basis has a row for every bin and resource only, however many classes there are. Pivots touch the nonzeros of its inverse.
 */
export function solveFluid(model: Model, pivotLimit: number): FluidSolution {
  return new FluidSimplex(model).run(pivotLimit);
}

/** Which column a position of the working basis holds. */
type Member =
  | { readonly kind: "nodes"; readonly bin: number }
  | { readonly kind: "slack"; readonly row: number }
  | { readonly kind: "pods"; readonly bin: number; readonly podClass: number };

class FluidSimplex {
  readonly #model: Model;
  readonly #rows: number;
  readonly #inverse: Float64Array;
  readonly #members: Member[] = [];
  readonly #values: Float64Array;
  readonly #prices: Float64Array;
  /** The bin that takes what no other bin takes of a class, and how much that is. */
  readonly #key: Int32Array;
  readonly #keyValue: Float64Array;
  /** Basis positions of a class's pods on bins other than its key. */
  readonly #others: number[][];
  /** Bin by class: what the pod's resources cost there; kept with the prices. */
  #start = 0;

  constructor(model: Model) {
    const { classCount, binCount, resourceCount: R, requests, free, prices, counts } = model;
    this.#model = model;
    const m = (this.#rows = binCount * R);
    this.#inverse = new Float64Array(m * m);
    this.#values = new Float64Array(m);
    this.#prices = new Float64Array(m);
    this.#key = new Int32Array(classCount);
    // A hair's breadth of difference between classes keeps the simplex from standing still at ties.
    this.#keyValue = counts.map((count, i) => count * (1 + 1e-7 * ((i * 7919) % 97)));
    this.#others = Array.from({ length: classCount }, () => []);
    const load = new Float64Array(m);
    const share = new Float64Array(classCount).fill(Infinity);
    model.allowed.forEach((classes, bin) => {
      for (const i of classes) {
        let largest = 0;
        for (let r = 0; r < R; r++) largest = Math.max(largest, (requests[i * R + r] as number) / (free[bin * R + r] as number));
        const cost = largest * (prices[bin] as number);
        if (cost < (share[i] as number)) {
          share[i] = cost;
          this.#key[i] = bin;
        }
      }
    });
    for (let i = 0; i < classCount; i++) for (let r = 0; r < R; r++) load[(this.#key[i] as number) * R + r] = (load[(this.#key[i] as number) * R + r] as number) + (requests[i * R + r] as number) * (this.#keyValue[i] as number);
    for (let bin = 0; bin < binCount; bin++) {
      let binding = 0;
      for (let r = 1; r < R; r++) if ((load[bin * R + r] as number) / (free[bin * R + r] as number) > (load[bin * R + binding] as number) / (free[bin * R + binding] as number)) binding = r;
      const tight = bin * R + binding;
      const nodes = (load[tight] as number) / (free[tight] as number);
      this.#prices[tight] = (prices[bin] as number) / (free[tight] as number);
      for (let r = 0; r < R; r++) {
        const row = bin * R + r;
        if (r === binding) {
          this.#members[row] = { kind: "nodes", bin };
          this.#values[row] = nodes;
          this.#inverse[row * m + tight] = 1 / (free[tight] as number);
        } else {
          this.#members[row] = { kind: "slack", row };
          this.#values[row] = (free[row] as number) * nodes - (load[row] as number);
          this.#inverse[row * m + tight] = (free[row] as number) / (free[tight] as number);
          this.#inverse[row * m + row] = -1;
        }
      }
    }
  }

  run(pivotLimit: number): FluidSolution {
    let pivots = 0;
    for (; pivots < pivotLimit; pivots++) {
      const entering = this.#entering();
      if (entering === undefined || !this.#pivot(entering)) break;
    }
    const opened = new Float64Array(this.#model.binCount);
    this.#members.forEach((member, position) => {
      if (member.kind === "nodes") opened[member.bin] = Math.max(0, this.#values[position] as number);
    });
    return { resourcePrices: this.#prices.map((price) => Math.max(0, price)), opened, pivots };
  }

  /** What the resources of one pod of the class cost on the bin. */
  #costOf(podClass: number, bin: number): number {
    const { resourceCount: R, requests } = this.#model;
    let cost = 0;
    for (let r = 0; r < R; r++) cost += (this.#prices[bin * R + r] as number) * (requests[podClass * R + r] as number);
    return cost;
  }

  /** A class that is cheaper elsewhere than on its key, nodes that bring in more than they cost, or a resource with a price below zero. */
  #entering(): Member | undefined {
    const { binCount, classCount, resourceCount: R, free, prices, requests, counts } = this.#model;
    const resourcePrices = this.#prices;
    let best = 1e-10;
    let chosen: Member | undefined;
    for (let bin = 0; bin < binCount; bin++) {
      let worth = 0;
      for (let r = 0; r < R; r++) {
        const row = bin * R + r;
        worth += (resourcePrices[row] as number) * (free[row] as number);
        const gain = (-(resourcePrices[row] as number) * (free[row] as number)) / (prices[bin] as number);
        if (gain > best) {
          best = gain;
          chosen = { kind: "slack", row };
        }
      }
      const gain = worth / (prices[bin] as number) - 1;
      if (gain > Math.max(best, 1e-9)) {
        best = gain;
        chosen = { kind: "nodes", bin };
      }
    }
    if (chosen !== undefined) return chosen;
    const keyCost = new Float64Array(classCount);
    for (let i = 0; i < classCount; i++) keyCost[i] = this.#costOf(i, this.#key[i] as number);
    // Partial pricing: go round the bins, stop a while after the first gain.
    let looked = 0;
    const patience = Math.max(8, binCount >> 2);
    for (let offset = 0; offset < binCount; offset++) {
      const bin = (this.#start + offset) % binCount;
      const base = bin * R;
      for (const i of this.#model.allowed[bin] as Int32Array) {
        const key = keyCost[i] as number;
        let cost = 0;
        for (let r = 0; r < R; r++) cost += (resourcePrices[base + r] as number) * (requests[i * R + r] as number);
        const saving = key - cost;
        if (saving <= 1e-9 * key || bin === this.#key[i]) continue;
        const gain = saving * (counts[i] as number);
        if (gain > best) {
          best = gain;
          chosen = { kind: "pods", bin, podClass: i };
        }
      }
      if (chosen !== undefined && ++looked >= patience) {
        this.#start = (bin + 1) % binCount;
        break;
      }
    }
    return chosen;
  }

  /** Adds a multiple of the member's column of the inverse product to `direction`. */
  #direction(member: Member): Float64Array {
    const { resourceCount: R, requests, free } = this.#model;
    const m = this.#rows;
    const inverse = this.#inverse;
    const rows: number[] = [];
    const amounts: number[] = [];
    if (member.kind === "slack") {
      rows.push(member.row);
      amounts.push(-1);
    } else {
      for (let r = 0; r < R; r++) {
        const row = member.bin * R + r;
        rows.push(row);
        amounts.push(member.kind === "nodes" ? (free[row] as number) : -(requests[member.podClass * R + r] as number));
        if (member.kind === "pods") {
          rows.push((this.#key[member.podClass] as number) * R + r);
          amounts.push(requests[member.podClass * R + r] as number);
        }
      }
    }
    const direction = new Float64Array(m);
    for (let position = 0; position < m; position++) {
      let sum = 0;
      const base = position * m;
      for (let k = 0; k < rows.length; k++) sum += (inverse[base + (rows[k] as number)] as number) * (amounts[k] as number);
      direction[position] = sum;
    }
    return direction;
  }

  #reducedCost(member: Member): number {
    const { resourceCount: R, free, prices } = this.#model;
    if (member.kind === "slack") return this.#prices[member.row] as number;
    if (member.kind === "pods") return this.#costOf(member.podClass, member.bin) - this.#costOf(member.podClass, this.#key[member.podClass] as number);
    let worth = 0;
    for (let r = 0; r < R; r++) worth += (this.#prices[member.bin * R + r] as number) * (free[member.bin * R + r] as number);
    return (prices[member.bin] as number) - worth;
  }

  #pivot(entering: Member): boolean {
    const m = this.#rows;
    let direction = this.#direction(entering);
    let step = Infinity;
    let leaving = -1;
    for (let position = 0; position < m; position++) {
      const change = direction[position] as number;
      if (change <= TOLERANCE) continue;
      const ratio = Math.max(0, this.#values[position] as number) / change;
      if (ratio < step - 1e-13 || (ratio <= step + 1e-13 && leaving >= 0 && change > (direction[leaving] as number))) {
        step = ratio;
        leaving = position;
      }
    }
    // Keys shrink by what the other bins of their class gain.
    let leavingKey = -1;
    for (let i = 0; i < this.#others.length; i++) {
      const shrink = this.#keyShrink(i, entering, direction);
      if (shrink <= TOLERANCE) continue;
      const ratio = Math.max(0, this.#keyValue[i] as number) / shrink;
      if (ratio < step) {
        step = ratio;
        leavingKey = i;
      }
    }
    if (step === Infinity) return false;
    for (let i = 0; i < this.#others.length; i++) {
      const shrink = this.#keyShrink(i, entering, direction);
      if (shrink !== 0) this.#keyValue[i] = Math.max(0, (this.#keyValue[i] as number) - step * shrink);
    }
    for (let position = 0; position < m; position++) if (direction[position] !== 0) this.#values[position] = Math.max(0, (this.#values[position] as number) - step * (direction[position] as number));
    if (leavingKey >= 0) {
      const swap = this.#others[leavingKey]?.find((position) => Math.abs(direction[position] as number) > TOLERANCE) ?? this.#others[leavingKey]?.[0];
      if (swap === undefined) {
        // Nothing else of the class is in the basis: the entering column becomes the key, and the working basis stays.
        if (entering.kind !== "pods") return false;
        this.#key[leavingKey] = entering.bin;
        this.#keyValue[leavingKey] = step;
        return true;
      }
      this.#swapKey(leavingKey, swap);
      leaving = swap;
      direction = this.#direction(entering);
      if (Math.abs(direction[leaving] as number) < 1e-11) return false;
    }
    this.#replace(leaving, entering, direction, step);
    return true;
  }

  /** How fast a class's key value falls as the entering column grows. */
  #keyShrink(podClass: number, entering: Member, direction: Float64Array): number {
    let shrink = entering.kind === "pods" && entering.podClass === podClass ? 1 : 0;
    for (const position of this.#others[podClass] as number[]) shrink -= direction[position] as number;
    return shrink;
  }

  /** Makes the pods at a basis position the key of their class; the old key takes the position. */
  #swapKey(podClass: number, position: number): void {
    const m = this.#rows;
    const member = this.#members[position] as { readonly kind: "pods"; readonly bin: number };
    const base = position * m;
    for (const other of this.#others[podClass] as number[]) if (other !== position) for (let j = 0; j < m; j++) this.#inverse[base + j] = (this.#inverse[base + j] as number) + (this.#inverse[other * m + j] as number);
    for (let j = 0; j < m; j++) this.#inverse[base + j] = -(this.#inverse[base + j] as number);
    this.#members[position] = { kind: "pods", bin: this.#key[podClass] as number, podClass };
    const value = this.#values[position] as number;
    this.#values[position] = this.#keyValue[podClass] as number;
    this.#key[podClass] = member.bin;
    this.#keyValue[podClass] = value;
  }

  #replace(leaving: number, entering: Member, direction: Float64Array, step: number): void {
    const m = this.#rows;
    const inverse = this.#inverse;
    const reduced = this.#reducedCost(entering);
    const pivot = direction[leaving] as number;
    const base = leaving * m;
    const nonzero: number[] = [];
    for (let j = 0; j < m; j++) {
      if (inverse[base + j] === 0) continue;
      inverse[base + j] = (inverse[base + j] as number) / pivot;
      nonzero.push(j);
    }
    for (let position = 0; position < m; position++) {
      const factor = direction[position] as number;
      if (position === leaving || (factor < 1e-14 && factor > -1e-14)) continue;
      const row = position * m;
      for (const j of nonzero) inverse[row + j] = (inverse[row + j] as number) - factor * (inverse[base + j] as number);
    }
    for (const j of nonzero) this.#prices[j] = (this.#prices[j] as number) + reduced * (inverse[base + j] as number);
    const old = this.#members[leaving] as Member;
    if (old.kind === "pods") this.#others[old.podClass] = (this.#others[old.podClass] as number[]).filter((position) => position !== leaving);
    if (entering.kind === "pods") (this.#others[entering.podClass] as number[]).push(leaving);
    this.#members[leaving] = entering;
    this.#values[leaving] = step;
  }
}
