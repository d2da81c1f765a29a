import type { CallOptions, Ec2Port } from "../port/ec2-port.ts";
import type { Ec2InstanceStatus, StatusSummary } from "../port/ec2-instance.ts";
import { pages } from "../port/pages.ts";
import type { Filter } from "../port/tag.ts";

/** An instance EC2 finds something wrong with. */
export interface UnhealthyInstance {
  readonly instanceId: string;
  /** The earliest of its details, epoch milliseconds; absent where EC2 does not say. */
  readonly impairedSinceMs?: number;
  readonly details: readonly HealthDetail[];
}

export interface HealthDetail {
  readonly category: HealthCategory;
  /** The check, or the scheduled event's code. */
  readonly name: string;
  readonly impairedSinceMs?: number;
}

export type HealthCategory = "instance-status" | "system-status" | "event-status";

/** A failed check counts after so long. */
export const UNHEALTHY_AFTER_MS = 120_000;

/** Filters of one call must all hold, so what may be one or the other takes a call each. */
export const HEALTH_FILTERS: readonly (readonly Filter[])[] = [
  [{ Name: "instance-status.status", Values: ["impaired"] }],
  [{ Name: "system-status.status", Values: ["impaired"] }],
  [{ Name: "event.code", Values: ["instance-reboot", "system-reboot", "system-maintenance", "instance-retirement", "instance-stop"] }],
];

/**
 * The instances whose status checks have failed for two minutes, or that have maintenance scheduled: that counts at once, since something is wrong with the host.
 * Failing EBS checks are left alone.
 *
 * Karpenter pkg/providers/instancestatus.
 */
export async function unhealthyInstances(port: Ec2Port, { nowMs, ...options }: CallOptions & { readonly nowMs: number }): Promise<readonly UnhealthyInstance[]> {
  const statuses = new Map<string, Ec2InstanceStatus>();
  for (const Filters of HEALTH_FILTERS) {
    for (const { InstanceStatuses = [] } of await pages(port, "DescribeInstanceStatus", { Filters }, options)) {
      for (const status of InstanceStatuses) if (status.InstanceId !== undefined && !statuses.has(status.InstanceId)) statuses.set(status.InstanceId, status);
    }
  }
  return [...statuses].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([instanceId, status]) => {
    const details = detailsOf(status, nowMs);
    if (details.length === 0) return [];
    const earliest = details.some(({ impairedSinceMs }) => impairedSinceMs === undefined) ? undefined : Math.min(...details.map(({ impairedSinceMs = 0 }) => impairedSinceMs));
    return [{ instanceId, ...(earliest === undefined ? {} : { impairedSinceMs: earliest }), details }];
  });
}

/** Whether the node must go without waiting for its pods: its machine is broken, not just scheduled for something. */
export function isForceful({ details }: UnhealthyInstance): boolean {
  return details.some(({ category }) => category !== "event-status");
}

function detailsOf({ InstanceStatus, SystemStatus, Events = [] }: Ec2InstanceStatus, nowMs: number): readonly HealthDetail[] {
  const events = Events.map(({ Code = "" }): HealthDetail => ({ category: "event-status", name: Code, impairedSinceMs: nowMs }));
  return [...failed(InstanceStatus, "instance-status", nowMs), ...failed(SystemStatus, "system-status", nowMs), ...events];
}

function failed(summary: StatusSummary | undefined, category: HealthCategory, nowMs: number): readonly HealthDetail[] {
  return (summary?.Details ?? []).flatMap(({ Name = "", Status, ImpairedSince }) => {
    const sinceMs = ImpairedSince === undefined ? undefined : Date.parse(ImpairedSince);
    if (Status !== "failed" || (sinceMs !== undefined && nowMs - sinceMs < UNHEALTHY_AFTER_MS)) return [];
    return [{ category, name: Name, ...(sinceMs === undefined ? {} : { impairedSinceMs: sinceMs }) }];
  });
}
