import { durationMs } from "@groupless/api";

/**
 * A duration as Go prints it: `90s` becomes `1m30s`.
 *
 * @throws InputError `invalid-duration`
 */
export function goDuration(text: string): string {
  const total = durationMs(text);
  const sign = total < 0 ? "-" : "";
  const ms = Math.abs(total);
  if (ms === 0) return "0s";
  if (ms < 1000) return ms < 1 ? (ms < 1e-3 ? `${sign}${Math.round(ms * 1e6)}ns` : `${sign}${Number((ms * 1e3).toFixed(3))}µs`) : `${sign}${ms}ms`;
  const seconds = Number(((ms % 60_000) / 1000).toFixed(9));
  const minutes = Math.floor(ms / 60_000) % 60;
  const hours = Math.floor(ms / 3_600_000);
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}s`;
  return minutes > 0 ? `${sign}${minutes}m${seconds}s` : `${sign}${seconds}s`;
}
