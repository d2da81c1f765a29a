import type { Pod, Taint } from "@groupless/api";
import { toleratesTaint } from "@groupless/requirements";

/** The first taint of these effects that keeps the pod away. */
export function untolerated(pod: Pod, taints: readonly Taint[] | undefined, effects: readonly Taint["effect"][]): Taint | undefined {
  return taints?.find((taint) => effects.includes(taint.effect) && !(pod.spec.tolerations ?? []).some((toleration) => toleratesTaint(toleration, taint)));
}
