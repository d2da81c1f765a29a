import type { Reason, Taint, Toleration } from "@groupless/api";
import { compareInt64, parseInt64 } from "../values/int64.ts";

/** A taint that no toleration covers. */
export interface UntoleratedTaint extends Reason {
  readonly code: "untolerated-taint";
  readonly taint: Taint;
}

// Kubernetes compares only integers in their shortest form: no leading zeros, no plus sign, no negative zero.
const CANONICAL = /^(0|-?[1-9][0-9]{0,18})$/;

function compares(toleration: Toleration, taint: Taint): boolean {
  const wanted = toleration.value ?? "";
  const given = taint.value ?? "";
  if (!CANONICAL.test(wanted) || !CANONICAL.test(given)) return false;
  const threshold = parseInt64(wanted);
  const value = parseInt64(given);
  if (threshold === undefined || value === undefined) return false;
  const order = compareInt64(value, threshold);
  return toleration.operator === "Gt" ? order > 0 : order < 0;
}

/**
 * Whether the toleration covers the taint. An empty key or effect matches every one; `Gt` and `Lt` ask for the taint's value to be an
 * integer above or below the toleration's (KEP-5471).
 */
export function toleratesTaint(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  // A blank operator is Equal: YAML may carry one.
  switch ((toleration.operator as string | undefined) ?? "") {
    case "":
    case "Equal":
      return (toleration.value ?? "") === (taint.value ?? "");
    case "Exists":
      return true;
    case "Gt":
    case "Lt":
      return compares(toleration, taint);
    default:
      return false;
  }
}

/**
 * Whether the tolerations cover every taint, those with the effect `PreferNoSchedule` too: Karpenter treats these as hard until all else fails.
 *
 * @example
 * ```ts
 * import { tolerates } from "@groupless/requirements";
 * tolerates([{ key: "gpu", effect: "NoSchedule" }], [{ key: "gpu", operator: "Exists" }]); // => true
 * ```
 */
export function tolerates(taints: readonly Taint[], tolerations: readonly Toleration[]): boolean {
  return taints.every((taint) => tolerations.some((toleration) => toleratesTaint(toleration, taint)));
}

/** The taints that no toleration covers, in taint order. */
export function untoleratedTaints(taints: readonly Taint[], tolerations: readonly Toleration[]): readonly UntoleratedTaint[] {
  return taints
    .filter((taint) => !tolerations.some((toleration) => toleratesTaint(toleration, taint)))
    .map((taint) => ({ code: "untolerated-taint", canResolve: false, taint }));
}

/** `key=value:effect`, or `key:effect` without a value. */
export function taintText(taint: Taint): string {
  return `${taint.key}${taint.value ? `=${taint.value}` : ""}:${taint.effect}`;
}
