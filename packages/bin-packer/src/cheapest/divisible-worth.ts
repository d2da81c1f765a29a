import type { Model } from "./model.ts";

/** One node of a bin filled with pods that may be cut like cloth: what it is worth at most, and the resource prices that prove it. */
export interface DivisibleWorth {
  /** No mix of pods is worth more. */
  readonly worth: number;
  /** USD an hour for one unit of each resource; every class costs at least its value at them. */
  readonly prices: Float64Array;
  /** A class for each resource, or `~r` where resource `r` is not used up: the columns of `inverse`. */
  readonly basis: Int32Array;
  /** Rows by basis position. */
  readonly inverse: Float64Array;
}

/**
 * A linear programme with one row a resource, by the simplex method; it ends after a few pivots, or where it stands at the limit.
 *
 * It is asked of every bin again and again, so the answer's lists are lent: the next call writes over them. Who keeps an answer takes a copy (`keptWorth`).
 */
export function divisibleWorth(model: Model, bin: number, values: Float64Array): DivisibleWorth {
  const { resourceCount: R, requests, free } = model;
  const classes = model.allowed[bin] as Int32Array;
  if (lent.room.length !== R) lent = sheet(R);
  const { basis, inverse, room, prices, direction } = lent;
  inverse.fill(0);
  prices.fill(0);
  for (let r = 0; r < R; r++) {
    basis[r] = ~r;
    room[r] = free[bin * R + r] as number;
    inverse[r * R + r] = 1;
  }
  for (let pivot = 0; pivot < PIVOTS; pivot++) {
    // Mostly the largest gain for what it takes of the node, near the limit the first in line, which never runs in circles.
    let best = 1e-9;
    let entering = -1;
    for (let k = 0; k < classes.length; k++) {
      const i = classes[k] as number;
      const base = i * R;
      let cost = 0;
      for (let r = 0; r < R; r++) cost += (prices[r] as number) * (requests[base + r] as number);
      const value = values[i] as number;
      const gain = value > 0 ? ((value - cost) / value) : 0;
      if (gain > best) {
        best = gain;
        entering = i;
        if (pivot > PIVOTS / 2) break;
      }
    }
    let slack = -1;
    if (entering < 0) for (let r = 0; r < R; r++) if ((prices[r] as number) < -1e-15 && slack < 0) slack = r;
    if (entering < 0 && slack < 0) break;
    let leaving = -1;
    let step = Infinity;
    for (let k = 0; k < R; k++) {
      let change = 0;
      if (entering < 0) change = inverse[k * R + slack] as number;
      else for (let r = 0; r < R; r++) change += (inverse[k * R + r] as number) * (requests[entering * R + r] as number);
      direction[k] = change;
      if (change <= 1e-13) continue;
      const ratio = Math.max(0, room[k] as number) / change;
      if (ratio < step) {
        step = ratio;
        leaving = k;
      }
    }
    if (leaving < 0) break;
    const by = direction[leaving] as number;
    for (let r = 0; r < R; r++) inverse[leaving * R + r] = (inverse[leaving * R + r] as number) / by;
    for (let k = 0; k < R; k++) {
      if (k === leaving) continue;
      const factor = direction[k] as number;
      for (let r = 0; r < R; r++) inverse[k * R + r] = (inverse[k * R + r] as number) - factor * (inverse[leaving * R + r] as number);
      room[k] = Math.max(0, (room[k] as number) - factor * step);
    }
    room[leaving] = step;
    basis[leaving] = entering < 0 ? ~slack : entering;
    prices.fill(0);
    for (let k = 0; k < R; k++) {
      const value = (basis[k] as number) < 0 ? 0 : (values[basis[k] as number] as number);
      for (let r = 0; r < R; r++) prices[r] = (prices[r] as number) + value * (inverse[k * R + r] as number);
    }
  }
  // However the search went: prices that cover every class's value prove what the node is worth at most.
  let over = 1;
  for (let k = 0; k < classes.length; k++) {
    const i = classes[k] as number;
    let cost = 0;
    for (let r = 0; r < R; r++) cost += Math.max(0, prices[r] as number) * (requests[i * R + r] as number);
    if ((values[i] as number) > cost * over) over = (values[i] as number) / cost;
  }
  if (over === Infinity) return { worth: Infinity, prices, basis, inverse };
  let worth = 0;
  for (let r = 0; r < R; r++) worth += over * Math.max(0, prices[r] as number) * (free[bin * R + r] as number);
  return { worth, prices, basis, inverse };
}

/** An answer that stays as it is. */
export function keptWorth({ worth, prices, basis, inverse }: DivisibleWorth): DivisibleWorth {
  return { worth, prices: prices.slice(), basis: basis.slice(), inverse: inverse.slice() };
}

interface Sheet {
  readonly basis: Int32Array;
  readonly inverse: Float64Array;
  readonly room: Float64Array;
  readonly prices: Float64Array;
  readonly direction: Float64Array;
}

function sheet(length: number): Sheet {
  return { basis: new Int32Array(length), inverse: new Float64Array(length * length), room: new Float64Array(length), prices: new Float64Array(length), direction: new Float64Array(length) };
}

let lent = sheet(0);
const PIVOTS = 60;
