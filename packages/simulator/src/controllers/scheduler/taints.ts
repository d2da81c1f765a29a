import type { Pod, Taint, Toleration } from "@groupless/api";

/** The first taint of an effect that keeps the pod away. */
export function untolerated(pod: Pod, taints: readonly Taint[] | undefined, effects: readonly Taint["effect"][]): Taint | undefined {
  return taints?.find((taint) => effects.includes(taint.effect) && !(pod.spec.tolerations ?? []).some((toleration) => tolerates(toleration, taint)));
}

/** Kubernetes core/v1 Toleration.ToleratesTaint. */
export function tolerates({ key = "", operator = "Equal", value = "", effect }: Toleration, taint: Taint): boolean {
  if (effect !== undefined && effect !== taint.effect) return false;
  if (key !== "" && key !== taint.key) return false;
  return operator === "Exists" || (key !== "" && value === (taint.value ?? ""));
}
