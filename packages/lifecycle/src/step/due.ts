/** Has it been that long? A clock that was set back behind the start counts as yes: how long it has been can no longer be told. */
export function isDue(nowMs: number, sinceMs: number | undefined, afterMs: number): boolean {
  return sinceMs === undefined || nowMs < sinceMs || nowMs - sinceMs >= afterMs;
}
