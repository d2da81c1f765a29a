/** The inverse of a square matrix given row by row, by Gauss-Jordan elimination with row exchanges; undefined if there is none to be trusted. The matrix is used up. */
export function invertedMatrix(matrix: Float64Array, n: number): Float64Array | undefined {
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < n; i++) inverse[i * n + i] = 1;
  for (let column = 0; column < n; column++) {
    let best = column;
    for (let i = column + 1; i < n; i++) if (Math.abs(matrix[i * n + column] as number) > Math.abs(matrix[best * n + column] as number)) best = i;
    const pivot = matrix[best * n + column] as number;
    if (Math.abs(pivot) < 1e-12) return undefined;
    if (best !== column) for (const m of [matrix, inverse]) swapRows(m, n, best, column);
    scaleRow(matrix, n, column, 1 / pivot);
    scaleRow(inverse, n, column, 1 / pivot);
    for (let i = 0; i < n; i++) {
      const factor = matrix[i * n + column] as number;
      if (i === column || factor === 0) continue;
      subtractRow(matrix, n, i, column, factor);
      subtractRow(inverse, n, i, column, factor);
    }
  }
  return inverse;
}

function swapRows(matrix: Float64Array, n: number, a: number, b: number): void {
  for (let j = 0; j < n; j++) {
    const kept = matrix[a * n + j] as number;
    matrix[a * n + j] = matrix[b * n + j] as number;
    matrix[b * n + j] = kept;
  }
}

function scaleRow(matrix: Float64Array, n: number, row: number, by: number): void {
  for (let j = row * n; j < row * n + n; j++) matrix[j] = (matrix[j] as number) * by;
}

function subtractRow(matrix: Float64Array, n: number, row: number, from: number, factor: number): void {
  const [to, base] = [row * n, from * n];
  for (let j = 0; j < n; j++) if (matrix[base + j] !== 0) matrix[to + j] = (matrix[to + j] as number) - factor * (matrix[base + j] as number);
}
