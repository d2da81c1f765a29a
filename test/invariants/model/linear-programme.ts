/**
 * The least of `cost · x` over `x ≥ 0` with `rows · x ≥ least`, costs not below zero: the dual simplex on a whole tableau, first come first taken; and what one more
 * of each demand would cost.
 *
 * Slow and plain: for holding other people's solvers against.
 */
export function leastCost(cost: readonly number[], rows: readonly (readonly number[])[], least: readonly number[]): { readonly cost: number; readonly worth: readonly number[] } {
  const none = { cost: Infinity, worth: least.map(() => 0) };
  const [n, m] = [cost.length, rows.length];
  // rows · x − slack = least, with the slacks as basis: −rows · x + slack = −least.
  const table = rows.map((row, i) => [...row.map((a) => -a), ...Array.from({ length: m }, (_, k) => (k === i ? 1 : 0)), -(least[i] as number)]);
  const reduced = [...cost, ...Array.from({ length: m + 1 }, () => 0)];
  for (let pivots = 0; pivots < 20_000; pivots++) {
    // Where nothing is gained for long, the first that may leave does: that cannot go in circles.
    const leaving = pivots > 300 ? table.findIndex((row) => (row[n + m] as number) < -1e-9) : table.reduce((worst, row, i) => ((row[n + m] as number) < (worst === -1 ? -1e-9 : (table[worst]?.[n + m] as number)) ? i : worst), -1);
    if (leaving === -1) return { cost: -(reduced[n + m] as number), worth: reduced.slice(n, n + m) };
    const row = table[leaving] as number[];
    let entering = -1;
    for (let j = 0; j < n + m; j++) if ((row[j] as number) < -1e-9 && (entering === -1 || (reduced[j] as number) / -(row[j] as number) < (reduced[entering] as number) / -(row[entering] as number) - 1e-12)) entering = j;
    if (entering === -1) return none;
    const pivot = row[entering] as number;
    for (let j = 0; j <= n + m; j++) row[j] = (row[j] as number) / pivot;
    for (const other of [...table, reduced]) {
      const factor = other[entering] as number;
      if (other !== row && factor !== 0) for (let j = 0; j <= n + m; j++) other[j] = (other[j] as number) - factor * (row[j] as number);
    }
  }
  throw new Error("the programme goes in circles");
}
