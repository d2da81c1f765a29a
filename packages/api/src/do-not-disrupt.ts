import { durationMs } from "./duration.ts";
import { InputError } from "./input-error.ts";
import { DO_NOT_DISRUPT_ANNOTATION } from "./labels.ts";
import type { Pod } from "./pod.ts";
import { timeMs } from "./time.ts";

/**
 * What a pod's `karpenter.sh/do-not-disrupt` annotation asks for: `always` (`"true"`), a positive time after its start, nothing (absent),
 * or something that cannot be read and so protects nothing.
 */
export type DoNotDisrupt =
  | { readonly kind: "none" }
  | { readonly kind: "always" }
  | { readonly kind: "duration"; readonly durationMs: number }
  | { readonly kind: "invalid"; readonly problem: string };

/** Read the annotation (Karpenter pkg/utils/pod: only the exact text `true`, or a positive Go duration). */
export function doNotDisruptOf(pod: Pod): DoNotDisrupt {
  const { annotations } = pod.metadata;
  if (annotations === undefined || !Object.hasOwn(annotations, DO_NOT_DISRUPT_ANNOTATION)) return { kind: "none" };
  const text = annotations[DO_NOT_DISRUPT_ANNOTATION] as string;
  if (text === "true") return { kind: "always" };
  try {
    const length = durationMs(text);
    return length > 0 ? { kind: "duration", durationMs: length } : { kind: "invalid", problem: `duration ${JSON.stringify(text)} must be positive` };
  } catch (error) {
    if (error instanceof InputError) return { kind: "invalid", problem: `failed to parse ${JSON.stringify(text)} as a duration: ${error.message}` };
    throw error;
  }
}

/** Does the annotation protect the pod now? A duration runs from the pod's start; a pod that has not started is protected. */
export function isDoNotDisruptActive(pod: Pod, nowMs: number): boolean {
  const protection = doNotDisruptOf(pod);
  if (protection.kind !== "duration") return protection.kind === "always";
  const { startTime } = pod.status ?? {};
  return startTime === undefined || nowMs - timeMs(startTime) < protection.durationMs;
}

/** When the annotation stops protecting the pod, in epoch milliseconds; undefined where time alone does not end it, or it protects nothing. */
export function doNotDisruptUntilMs(pod: Pod): number | undefined {
  const protection = doNotDisruptOf(pod);
  const { startTime } = pod.status ?? {};
  return protection.kind === "duration" && startTime !== undefined ? timeMs(startTime) + protection.durationMs : undefined;
}
