import { type KubeObject, nameOf } from "@groupless/api";
import type { ReportAction } from "../action.ts";

/** A Kubernetes event about the object. */
export function report(object: KubeObject, eventType: ReportAction["eventType"], reason: string, message: string): ReportAction {
  return { type: "report", object: `${object.kind}/${nameOf(object)}`, eventType, reason, message };
}

/** Texts of providers can be long: conditions and events hold the first 300 characters (Karpenter nodeclaim/lifecycle/launch.go). */
export function truncated(message: string): string {
  return message.length < 300 ? message : `${message.slice(0, 300)}...`;
}
