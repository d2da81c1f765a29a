/** Epoch milliseconds as the API server writes times: RFC 3339, whole seconds. */
export function timestamp(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19)}Z`;
}
