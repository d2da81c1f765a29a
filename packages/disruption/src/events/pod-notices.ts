import { doNotDisruptOf, isActive, nameOf, type Pod, timeMs, timeText } from "@groupless/api";
import type { DisruptionEvent } from "./disruption-event.ts";

/** What Karpenter tells the owner of a pod whose do-not-disrupt annotation it looks at: until when it holds, that it has run out, or that it cannot be read. */
export function podNotices(pod: Pod, nowMs: number): readonly DisruptionEvent[] {
  if (pod.metadata.annotations === undefined || !isActive(pod)) return [];
  const protection = doNotDisruptOf(pod);
  const object = `Pod/${nameOf(pod)}`;
  if (protection.kind === "invalid") {
    const what = protection.problem.startsWith("time: ") ? `failed to parse ${JSON.stringify(pod.metadata.annotations["karpenter.sh/do-not-disrupt"])} as a duration: ${protection.problem}` : protection.problem;
    return [{ object, type: "Warning", reason: "InvalidDoNotDisruptAnnotation", message: `Invalid karpenter.sh/do-not-disrupt annotation: ${what}, ignoring annotation` }];
  }
  const { startTime } = pod.status ?? {};
  if (protection.kind !== "duration" || startTime === undefined) return [];
  const untilMs = timeMs(startTime) + protection.durationMs;
  return nowMs < untilMs
    ? [{ object, type: "Normal", reason: "DoNotDisruptUntil", message: `The karpenter.sh/do-not-disrupt grace period will elapse at ${timeText(untilMs)}` }]
    : [{ object, type: "Normal", reason: "DoNotDisruptGracePeriodElapsed", message: "The karpenter.sh/do-not-disrupt grace period has elapsed, pod is now disruptable" }];
}
