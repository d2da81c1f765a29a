/**
 * A number with so many decimals as Go's `%.Nf` prints it: ties go to the even digit, where JavaScript's `toFixed` takes the larger.
 *
 * @example
 * fixed(0.125, 2) // => "0.12"
 */
export function fixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
  // A double lies exactly between two such decimals only if it is an odd multiple of 2^-(decimals + 1).
  const halves = value * 2 ** (decimals + 1);
  if (!Number.isInteger(halves) || Math.abs(halves % 2) !== 1) return value.toFixed(decimals);
  const scaled = Math.abs(value) * 10 ** decimals;
  const below = Math.floor(scaled);
  const even = below % 2 === 0 ? below : below + 1;
  return `${value < 0 ? "-" : ""}${(even / 10 ** decimals).toFixed(decimals)}`;
}
