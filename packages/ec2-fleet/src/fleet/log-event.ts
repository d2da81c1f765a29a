import type { CallName } from "../port/ec2-port.ts";

/** What the fleet tells its log: structured, and never with user data, credentials or whole requests. Times are epoch milliseconds. */
export type FleetLogEvent =
  | { readonly type: "call"; readonly call: CallName; readonly attempt: number; readonly outcome: "answered" | "refused" | "lost" | "aborted"; readonly errorCode?: string; readonly durationMs: number }
  | { readonly type: "retry"; readonly call: CallName; readonly attempt: number; readonly afterMs: number; readonly errorCode: string }
  | { readonly type: "launch-template-created"; readonly name: string; readonly userDataBytes: number; readonly nearLimit: boolean }
  | { readonly type: "launched"; readonly nodeClaim: string; readonly instanceId: string; readonly recovered: boolean }
  | { readonly type: "launch-refused"; readonly nodeClaim: string; readonly code: string }
  | { readonly type: "fleet-error"; readonly errorCode: string; readonly reason: string; readonly zone: string; readonly zoneId?: string; readonly instanceType: string; readonly capacityType: string }
  | { readonly type: "few-types-for-fallback"; readonly nodeClaim: string; readonly types: number }
  | { readonly type: "spot-role-missing"; readonly nodeClaim: string }
  | { readonly type: "terminated"; readonly instanceId: string }
  | { readonly type: "garbage"; readonly instanceId: string; readonly launchedMs?: number }
  | { readonly type: "interruption"; readonly kind: string; readonly instanceIds: readonly string[] }
  | { readonly type: "unreadable-message"; readonly messageId: string };

export type FleetLog = (event: FleetLogEvent) => void;
