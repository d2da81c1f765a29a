import type { Method } from "./method.ts";

const filters = new WeakSet<Method["filter"]>();

/**
 * The filter, noted as one whose first answer hangs on the candidate alone, on the cluster's buffer pods and the profile, and but for times in it not
 * on when it is asked: it is asked once for each candidate.
 */
export function askedOnce(filter: Method["filter"]): Method["filter"] {
  filters.add(filter);
  return filter;
}

/** Is it such a filter? */
export function isAskedOnce(filter: Method["filter"]): boolean {
  return filters.has(filter);
}
