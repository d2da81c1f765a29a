import { InputError } from "@groupless/api";

/** What a message of the interruption queue announces. */
export type MessageKind = "spot-interrupted" | "capacity-reservation-interrupted" | "rebalance-recommendation" | "scheduled-change" | "instance-stopped" | "instance-terminated" | "no-op";

export interface InterruptionMessage {
  readonly kind: MessageKind;
  readonly instanceIds: readonly string[];
  /** When the event was sent, epoch milliseconds. */
  readonly startMs?: number;
}

/** EventBridge rules that must feed the queue: source and detail type of each kind of event. */
export const EVENT_RULES: readonly { readonly source: string; readonly detailType: string }[] = [
  { source: "aws.ec2", detailType: "EC2 Spot Instance Interruption Warning" },
  { source: "aws.ec2", detailType: "EC2 Capacity Reservation Instance Interruption Warning" },
  { source: "aws.ec2", detailType: "EC2 Instance Rebalance Recommendation" },
  { source: "aws.ec2", detailType: "EC2 Instance State-change Notification" },
  { source: "aws.health", detailType: "AWS Health Event" },
];

const NO_OP: InterruptionMessage = { kind: "no-op", instanceIds: [] };

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads a message's body: an EventBridge event. What is of no interest to nodes is a `no-op`.
 *
 * Karpenter pkg/controllers/interruption. Its quirk is kept: a state in another case than EC2 writes counts as terminated.
 *
 * @throws InputError `interruption-message` where the body is no event, or a field has another type
 */
export function parseMessage(body: string): InterruptionMessage {
  if (body === "") return NO_OP;
  let event: unknown;
  try {
    event = JSON.parse(body);
  } catch {
    throw broken("not JSON");
  }
  if (event === null) return NO_OP;
  const fields = record(event, "");
  const [version, source, detailType] = [text(fields, "version"), text(fields, "source"), text(fields, "detail-type")];
  for (const name of ["account", "id", "region"]) text(fields, name);
  texts(fields, "resources");
  const startMs = time(fields);
  const at = startMs === undefined ? {} : { startMs };
  const rule = version === "0" ? EVENT_RULES.find((one) => one.source === source && one.detailType === detailType) : undefined;
  if (rule === undefined) return { ...NO_OP, ...at };
  const detail = fields["detail"] === undefined || fields["detail"] === null ? {} : record(fields["detail"], "detail");
  const found = rule.source === "aws.health" ? health(detail) : ec2(rule.detailType, detail);
  return found === undefined ? NO_OP : { ...found, ...at };
}

function ec2(detailType: string, detail: Json): InterruptionMessage | undefined {
  const instanceIds = [text(detail, "instance-id")];
  text(detail, "instance-action");
  switch (detailType) {
    case "EC2 Spot Instance Interruption Warning":
      return { kind: "spot-interrupted", instanceIds };
    case "EC2 Capacity Reservation Instance Interruption Warning":
      return { kind: "capacity-reservation-interrupted", instanceIds };
    case "EC2 Instance Rebalance Recommendation":
      return { kind: "rebalance-recommendation", instanceIds };
    default: {
      const state = text(detail, "state");
      if (!["stopping", "stopped", "shutting-down", "terminated"].includes(state.toLowerCase())) return undefined;
      return { kind: state === "stopping" || state === "stopped" ? "instance-stopped" : "instance-terminated", instanceIds };
    }
  }
}

function health(detail: Json): InterruptionMessage | undefined {
  const [service, category] = [text(detail, "service"), text(detail, "eventTypeCategory")];
  const entities = list(detail, "affectedEntities").map((entity) => text(record(entity ?? {}, "detail.affectedEntities"), "entityValue"));
  return service === "EC2" && category === "scheduledChange" ? { kind: "scheduled-change", instanceIds: entities } : undefined;
}

function record(value: unknown, path: string): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw broken("an object is expected", path);
  return value as Json;
}

function text(fields: Json, name: string): string {
  const value = fields[name] ?? "";
  if (typeof value !== "string") throw broken("text is expected", name);
  return value;
}

function list(fields: Json, name: string): readonly unknown[] {
  const value = fields[name] ?? [];
  if (!Array.isArray(value)) throw broken("a list is expected", name);
  return value;
}

function texts(fields: Json, name: string): void {
  if (list(fields, name).some((one) => one !== null && typeof one !== "string")) throw broken("a list of texts is expected", name);
}

function time(fields: Json): number | undefined {
  const value = fields["time"];
  if (value === undefined || value === null) return undefined;
  const ms = typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms)) throw broken("an RFC 3339 time is expected", "time");
  return ms;
}

function broken(problem: string, path = ""): InputError {
  return new InputError("interruption-message", problem, { path });
}
