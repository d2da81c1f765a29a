import { longerList } from "./longer-list.ts";

/**
 * The working basis of the fluid programme: which column stands at each position, its value, and the inverse of the columns' matrix.
 *
 * It grows by rows as bins are taken in; a position of it and a row of the programme are counted alike.
 */
export class FluidBasis {
  rows = 0;
  /** From one position of the inverse to the next. */
  stride = 0;
  inverse: Float64Array = new Float64Array(0);
  values: Float64Array = new Float64Array(0);
  // The column at each position: its kind, the place of its bin (or its row, if a slack), and its class.
  kind: Uint8Array = new Uint8Array(0);
  at: Int32Array = new Int32Array(0);
  classAt: Int32Array = new Int32Array(0);
  /** Rows in which the last pivot's position of the inverse is not zero: as many as `pivot` says. */
  nonzero: Int32Array = new Int32Array(0);

  put(position: number, kind: number, at: number, podClass: number, value: number): void {
    this.kind[position] = kind;
    this.at[position] = at;
    this.classAt[position] = podClass;
    this.values[position] = value;
  }

  grow(rows: number): void {
    const old = this.stride;
    if (rows > old) {
      const stride = Math.max(rows, old * 2);
      const inverse = new Float64Array(stride * stride);
      for (let row = 0; row < this.rows; row++) inverse.set(this.inverse.subarray(row * old, row * old + this.rows), row * stride);
      this.inverse = inverse;
      this.stride = stride;
      this.values = longerList(this.values, stride);
      this.kind = longerList(this.kind, stride);
      this.at = longerList(this.at, stride);
      this.classAt = longerList(this.classAt, stride);
      this.nonzero = new Int32Array(stride);
    }
    this.rows = rows;
  }

  /** Takes a column in at a position, seen from the basis as `direction`. Returns how many rows of the position's inverse are not zero. */
  pivot(leaving: number, direction: Float64Array): number {
    const { inverse, nonzero, rows, stride } = this;
    const pivot = direction[leaving] as number;
    const base = leaving * stride;
    let found = 0;
    for (let j = 0; j < rows; j++) {
      if (inverse[base + j] === 0) continue;
      inverse[base + j] = (inverse[base + j] as number) / pivot;
      nonzero[found++] = j;
    }
    for (let position = 0; position < rows; position++) {
      const factor = direction[position] as number;
      if (position === leaving || (factor < 1e-14 && factor > -1e-14)) continue;
      const row = position * stride;
      for (let k = 0; k < found; k++) {
        const j = nonzero[k] as number;
        inverse[row + j] = (inverse[row + j] as number) - factor * (inverse[base + j] as number);
      }
    }
    return found;
  }

  /** What a position is, once it stands for the key of its class: the opposite of all positions of the class together. */
  exchange(position: number, ofClass: readonly number[]): void {
    const { inverse, rows, stride } = this;
    const base = position * stride;
    for (const other of ofClass) if (other !== position) for (let j = 0; j < rows; j++) inverse[base + j] = (inverse[base + j] as number) + (inverse[other * stride + j] as number);
    for (let j = 0; j < rows; j++) inverse[base + j] = -(inverse[base + j] as number);
  }
}
