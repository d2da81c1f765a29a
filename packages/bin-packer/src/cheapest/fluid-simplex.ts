import type { DivisibleWorth } from "./divisible-worth.ts";
import { favouriteBins } from "./favourite-bins.ts";
import { FluidBasis } from "./fluid-basis.ts";
import { type FluidColumn, NODES, PODS, SLACK } from "./fluid-column.ts";
import { longerList } from "./longer-list.ts";
import type { Model } from "./model.ts";
import { seededRandom } from "./random.ts";

const TOLERANCE = 1e-9;

/**
 * The simplex method for the fluid relaxation over some of the bins; more can be admitted at an optimum.
 *
 * The class rows are generalized upper bounds (Dantzig & Van Slyke 1967): every class has a key bin that takes what no other bin does, so the
 * working basis has a row for every bin and resource only, however many classes there are. Pivots touch the nonzeros of its inverse.
 * Nearly all right-hand sides are zero; what is basic starts a hair's breadth above it, at random, so that the method does not stand still at ties.
 */
export class FluidSimplex {
  readonly #model: Model;
  /** Bins taken in, by place. */
  readonly bins: number[] = [];
  readonly #placeOf: Int32Array;
  /** A row for each bin taken in and each resource. */
  readonly #basis = new FluidBasis();
  /** Place by resource: USD an hour for one unit. */
  prices: Float64Array = new Float64Array(0);
  /** The place of the bin that takes what no other bin takes of a class, and how much that is. */
  readonly #key: Int32Array;
  readonly #keyValue: Float64Array;
  /** Basis positions of a class's pods on bins other than its key. */
  readonly #others: number[][];
  readonly #random = seededRandom(0x51ed270b);
  #direction = new Float64Array(0);
  readonly #keyCosts: Float64Array;
  #start = 0;
  pivots = 0;

  constructor(model: Model) {
    const { classCount, binCount, resourceCount: R, requests, free, prices, counts } = model;
    this.#model = model;
    this.#placeOf = new Int32Array(binCount).fill(-1);
    this.#key = new Int32Array(classCount);
    this.#keyCosts = new Float64Array(classCount);
    this.#keyValue = counts.map((count) => count * (1 + 1e-7 * this.#random.next()));
    this.#others = Array.from({ length: classCount }, () => []);
    const favourite = favouriteBins(model);
    for (const bin of [...new Set(favourite)].filter((bin) => bin >= 0).sort((a, b) => a - b)) {
      this.#placeOf[bin] = this.bins.length;
      this.bins.push(bin);
    }
    this.#grow(this.bins.length * R);
    const m = this.#basis.stride;
    const load = new Float64Array(this.#basis.rows);
    for (let i = 0; i < classCount; i++) {
      const place = (this.#key[i] = this.#placeOf[favourite[i] as number] as number);
      for (let r = 0; r < R; r++) load[place * R + r] = (load[place * R + r] as number) + (requests[i * R + r] as number) * (this.#keyValue[i] as number);
    }
    this.bins.forEach((bin, place) => {
      let binding = 0;
      for (let r = 1; r < R; r++) if ((load[place * R + r] as number) / (free[bin * R + r] as number) > (load[place * R + binding] as number) / (free[bin * R + binding] as number)) binding = r;
      const tight = place * R + binding;
      const whole = free[bin * R + binding] as number;
      const nodes = (load[tight] as number) / whole;
      this.prices[tight] = (prices[bin] as number) / whole;
      for (let r = 0; r < R; r++) {
        const row = place * R + r;
        if (r === binding) {
          this.#basis.put(row, NODES, place, -1, nodes);
          this.#basis.inverse[row * m + tight] = 1 / whole;
        } else {
          this.#basis.put(row, SLACK, row, -1, (free[bin * R + r] as number) * nodes - (load[row] as number) + this.#hair() * (free[bin * R + r] as number));
          this.#basis.inverse[row * m + tight] = (free[bin * R + r] as number) / whole;
          this.#basis.inverse[row * m + row] = -1;
        }
      }
    });
  }

  isIn(bin: number): boolean {
    return (this.#placeOf[bin] as number) >= 0;
  }

  /** Takes in bins at an optimum, each with the columns that price its resources. */
  admit(wanted: readonly { readonly bin: number; readonly fill: DivisibleWorth }[]): void {
    const { resourceCount: R, requests, free } = this.#model;
    const old = this.#basis.rows;
    this.#grow(old + wanted.length * R);
    const m = this.#basis.stride;
    for (const { bin, fill } of wanted) {
      const place = this.bins.length;
      this.#placeOf[bin] = place;
      this.bins.push(bin);
      const first = place * R;
      for (let k = 0; k < R; k++) {
        const position = first + k;
        const podClass = fill.basis[k] as number;
        for (let r = 0; r < R; r++) this.#basis.inverse[position * m + first + r] = -(fill.inverse[k * R + r] as number);
        if (podClass < 0) this.#basis.put(position, SLACK, first + ~podClass, -1, this.#hair() * (free[bin * R + ~podClass] as number));
        else {
          const pods = Math.min(this.#hair() * 10, (this.#keyValue[podClass] as number) / 2);
          this.#basis.put(position, PODS, place, podClass, pods);
          this.#keyValue[podClass] = (this.#keyValue[podClass] as number) - pods;
          (this.#others[podClass] as number[]).push(position);
        }
        this.prices[first + k] = fill.prices[k] as number;
      }
      // What these pods leave on their key bins shows in the rows that were there before.
      for (let position = 0; position < old; position++) {
        for (let k = 0; k < R; k++) {
          const podClass = fill.basis[k] as number;
          if (podClass < 0) continue;
          let moved = 0;
          const key = (this.#key[podClass] as number) * R;
          for (let r = 0; r < R; r++) moved += (this.#basis.inverse[position * m + key + r] as number) * (requests[podClass * R + r] as number);
          if (moved !== 0) for (let r = 0; r < R; r++) this.#basis.inverse[position * m + first + r] = (this.#basis.inverse[position * m + first + r] as number) + moved * (fill.inverse[k * R + r] as number);
        }
      }
    }
  }

  optimise(pivotLimit: number): void {
    while (this.pivots < pivotLimit) {
      const entering = this.#entering();
      if (entering === undefined || !this.#pivot(entering)) break;
      this.pivots += 1;
    }
    this.#reprice();
  }

  /** What a pod of each class costs on its key bin. */
  values(): Float64Array {
    return this.#key.reduce((values, place, i) => ((values[i] = this.#costOf(i, place)), values), new Float64Array(this.#key.length));
  }

  /** Nodes a bin, fractional. */
  opened(): Float64Array {
    const opened = new Float64Array(this.#model.binCount);
    for (let position = 0; position < this.#basis.rows; position++) if (this.#basis.kind[position] === NODES && (this.#basis.values[position] as number) > NEGLIGIBLE) opened[this.bins[this.#basis.at[position] as number] as number] = this.#basis.values[position] as number;
    return opened;
  }

  shares(): { readonly bin: number; readonly podClass: number; readonly pods: number }[] {
    const shares: { bin: number; podClass: number; pods: number }[] = [];
    const put = (place: number, podClass: number, pods: number): void => {
      if (pods > NEGLIGIBLE) shares.push({ bin: this.bins[place] as number, podClass, pods });
    };
    this.#key.forEach((place, podClass) => put(place, podClass, this.#keyValue[podClass] as number));
    for (let position = 0; position < this.#basis.rows; position++) if (this.#basis.kind[position] === PODS) put(this.#basis.at[position] as number, this.#basis.classAt[position] as number, this.#basis.values[position] as number);
    return shares;
  }

  readonly #hair = (): number => 1e-7 * (0.5 + this.#random.next());

  #grow(rows: number): void {
    this.#basis.grow(rows);
    if (this.prices.length >= this.#basis.stride) return;
    this.prices = longerList(this.prices, this.#basis.stride);
    this.#direction = new Float64Array(this.#basis.stride);
  }

  /** What the resources of one pod of the class cost on the bin at a place. */
  #costOf(podClass: number, place: number): number {
    const { resourceCount: R, requests } = this.#model;
    let cost = 0;
    for (let r = 0; r < R; r++) cost += (this.prices[place * R + r] as number) * (requests[podClass * R + r] as number);
    return cost;
  }

  /** Prices from the basis, without what rounding left in them. */
  #reprice(): void {
    this.prices.fill(0);
    for (let position = 0; position < this.#basis.rows; position++) {
      if (this.#basis.kind[position] !== NODES) continue;
      const price = this.#model.prices[this.bins[this.#basis.at[position] as number] as number] as number;
      const base = position * this.#basis.stride;
      for (let row = 0; row < this.#basis.rows; row++) this.prices[row] = (this.prices[row] as number) + price * (this.#basis.inverse[base + row] as number);
    }
  }

  /** A class that is cheaper elsewhere than on its key, nodes that bring in more than they cost, or a resource with a price below zero. */
  #entering(): FluidColumn | undefined {
    const { classCount, resourceCount: R, free, prices, requests, counts } = this.#model;
    const resourcePrices = this.prices;
    let best = 1e-10;
    let chosen: FluidColumn | undefined;
    for (let place = 0; place < this.bins.length; place++) {
      const bin = this.bins[place] as number;
      let worth = 0;
      for (let r = 0; r < R; r++) {
        const row = place * R + r;
        worth += (resourcePrices[row] as number) * (free[bin * R + r] as number);
        const gain = (-(resourcePrices[row] as number) * (free[bin * R + r] as number)) / (prices[bin] as number);
        if (gain > best) {
          best = gain;
          chosen = { kind: SLACK, at: row, podClass: -1 };
        }
      }
      const gain = worth / (prices[bin] as number) - 1;
      if (gain > Math.max(best, 1e-9)) {
        best = gain;
        chosen = { kind: NODES, at: place, podClass: -1 };
      }
    }
    if (chosen !== undefined) return chosen;
    const keyCost = this.#keyCosts;
    for (let i = 0; i < classCount; i++) keyCost[i] = this.#costOf(i, this.#key[i] as number);
    // Partial pricing: go round the bins, stop a while after the first gain.
    let looked = 0;
    let [bestPlace, bestClass] = [-1, -1];
    const patience = Math.max(8, this.bins.length >> 2);
    for (let offset = 0; offset < this.bins.length; offset++) {
      const place = (this.#start + offset) % this.bins.length;
      const base = place * R;
      const classes = this.#model.allowed[this.bins[place] as number] as Int32Array;
      for (let k = 0; k < classes.length; k++) {
        const i = classes[k] as number;
        const key = keyCost[i] as number;
        let cost = 0;
        for (let r = 0; r < R; r++) cost += (resourcePrices[base + r] as number) * (requests[i * R + r] as number);
        const saving = key - cost;
        if (saving <= 1e-9 * key) continue;
        const gain = saving * (counts[i] as number);
        if (gain > best && place !== this.#key[i]) {
          best = gain;
          bestPlace = place;
          bestClass = i;
        }
      }
      if (bestPlace >= 0 && ++looked >= patience) {
        this.#start = (place + 1) % this.bins.length;
        break;
      }
    }
    return bestPlace < 0 ? undefined : { kind: PODS, at: bestPlace, podClass: bestClass };
  }

  /** The entering column seen from the basis. */
  #directionOf({ kind, at, podClass }: FluidColumn): Float64Array {
    const { resourceCount: R, requests, free } = this.#model;
    const m = this.#basis.stride;
    const inverse = this.#basis.inverse;
    const direction = this.#direction;
    const own = at * R;
    const key = podClass < 0 ? 0 : (this.#key[podClass] as number) * R;
    for (let position = 0; position < this.#basis.rows; position++) {
      const base = position * m;
      let sum = 0;
      if (kind === SLACK) sum = -(inverse[base + at] as number);
      else if (kind === NODES) {
        const whole = (this.bins[at] as number) * R;
        for (let r = 0; r < R; r++) sum += (inverse[base + own + r] as number) * (free[whole + r] as number);
      } else for (let r = 0; r < R; r++) sum += ((inverse[base + key + r] as number) - (inverse[base + own + r] as number)) * (requests[podClass * R + r] as number);
      direction[position] = sum;
    }
    return direction;
  }

  #reducedCost({ kind, at, podClass }: FluidColumn): number {
    const { resourceCount: R, free, prices } = this.#model;
    if (kind === SLACK) return this.prices[at] as number;
    if (kind === PODS) return this.#costOf(podClass, at) - this.#costOf(podClass, this.#key[podClass] as number);
    const bin = this.bins[at] as number;
    let reduced = prices[bin] as number;
    for (let r = 0; r < R; r++) reduced -= (this.prices[at * R + r] as number) * (free[bin * R + r] as number);
    return reduced;
  }

  #pivot(entering: FluidColumn): boolean {
    const m = this.#basis.rows;
    let direction = this.#directionOf(entering);
    let [step, leaving] = [Infinity, -1];
    for (let position = 0; position < m; position++) {
      const change = direction[position] as number;
      if (change <= TOLERANCE) continue;
      const ratio = Math.max(0, this.#basis.values[position] as number) / change;
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
    for (let position = 0; position < m; position++) if (direction[position] !== 0) this.#basis.values[position] = Math.max(0, (this.#basis.values[position] as number) - step * (direction[position] as number));
    if (leavingKey >= 0) {
      const others = this.#others[leavingKey] as number[];
      const swap = others.find((position) => Math.abs(direction[position] as number) > TOLERANCE) ?? others[0];
      if (swap === undefined) {
        // Nothing else of the class is in the basis: the entering column becomes the key, and the working basis stays.
        if (entering.kind !== PODS) return false;
        this.#key[leavingKey] = entering.at;
        this.#keyValue[leavingKey] = step;
        return true;
      }
      this.#swapKey(leavingKey, swap);
      leaving = swap;
      direction = this.#directionOf(entering);
      if (Math.abs(direction[leaving] as number) < 1e-11) return false;
    }
    this.#replace(leaving, entering, direction, step);
    return true;
  }

  /** How fast a class's key value falls as the entering column grows. */
  #keyShrink(podClass: number, entering: FluidColumn, direction: Float64Array): number {
    let shrink = entering.podClass === podClass ? 1 : 0;
    const others = this.#others[podClass] as number[];
    for (let k = 0; k < others.length; k++) shrink -= direction[others[k] as number] as number;
    return shrink;
  }

  /** Makes the pods at a basis position the key of their class; the old key takes the position. */
  #swapKey(podClass: number, position: number): void {
    this.#basis.exchange(position, this.#others[podClass] as number[]);
    const [place, value] = [this.#basis.at[position] as number, this.#basis.values[position] as number];
    this.#basis.put(position, PODS, this.#key[podClass] as number, podClass, this.#keyValue[podClass] as number);
    this.#key[podClass] = place;
    this.#keyValue[podClass] = value;
  }

  #replace(leaving: number, entering: FluidColumn, direction: Float64Array, step: number): void {
    const reduced = this.#reducedCost(entering);
    const found = this.#basis.pivot(leaving, direction);
    const [{ inverse, nonzero, stride }, prices] = [this.#basis, this.prices];
    const base = leaving * stride;
    for (let k = 0; k < found; k++) {
      const j = nonzero[k] as number;
      prices[j] = (prices[j] as number) + reduced * (inverse[base + j] as number);
    }
    if (this.#basis.kind[leaving] === PODS) {
      const others = this.#others[this.#basis.classAt[leaving] as number] as number[];
      others.splice(others.indexOf(leaving), 1);
    }
    if (entering.kind === PODS) (this.#others[entering.podClass] as number[]).push(leaving);
    this.#basis.put(leaving, entering.kind, entering.at, entering.podClass, step);
  }
}

/** Below that it is a hair's breadth, not a node or a pod. */
const NEGLIGIBLE = 1e-5;
