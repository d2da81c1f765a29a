import type { PlannedTemplate } from "../launch/launch-templates.ts";
import { USER_DATA_LIMIT_BYTES } from "../user-data/user-data.ts";
import { CLUSTER_NAME_TAG } from "../node-class/label.ts";
import { apiErrorOf, classifyError } from "../port/error-code.ts";
import type { Clock } from "../port/clock.ts";
import type { CallOptions, Ec2Port } from "../port/ec2-port.ts";
import { pages } from "../port/pages.ts";
import type { FleetLog } from "./log-event.ts";

/** How long a launch template that nothing uses is kept: Karpenter's minute. */
export const TEMPLATE_TTL_MS = 60_000;

/** The launch templates that are known to exist. */
export interface TemplateStore {
  /** Makes sure that the template exists; concurrent launches ask once. */
  ensure(template: PlannedTemplate, options: CallOptions): Promise<void>;
  /** Forgets templates that turned out not to exist. */
  forget(names: readonly string[]): void;
  /** Takes over the cluster's templates of an earlier process, so that they are cleaned up too. */
  adopt(clusterName: string, options: CallOptions): Promise<void>;
  /** Deletes the templates that no launch used for a while; their names. */
  removeUnused(options: CallOptions): Promise<readonly string[]>;
}

export function templateStore(port: Ec2Port, clock: Clock, log: FleetLog): TemplateStore {
  const usedMs = new Map<string, number>();
  const pending = new Map<string, Promise<void>>();

  async function create({ request }: PlannedTemplate, options: CallOptions): Promise<void> {
    const name = request.LaunchTemplateName;
    try {
      await port.call("DescribeLaunchTemplates", { LaunchTemplateNames: [name] }, options);
      return;
    } catch (error) {
      if (!classifyError(error).notFound) throw error;
    }
    const userDataBytes = atob(request.LaunchTemplateData.UserData).length;
    try {
      await port.call("CreateLaunchTemplate", request, options);
    } catch (error) {
      // Created by an attempt whose answer was lost, or by another process: the name says that the content is the same.
      if (apiErrorOf(error)?.code !== "InvalidLaunchTemplateName.AlreadyExistsException") throw error;
    }
    log({ type: "launch-template-created", name, userDataBytes, nearLimit: userDataBytes >= 0.9 * USER_DATA_LIMIT_BYTES });
  }

  return {
    async ensure(template, options) {
      const name = template.request.LaunchTemplateName;
      if (!usedMs.has(name)) {
        const waiting = pending.get(name) ?? create(template, options).finally(() => pending.delete(name));
        pending.set(name, waiting);
        await waiting;
      }
      usedMs.set(name, clock.nowMs());
    },
    forget: (names) => names.forEach((name) => usedMs.delete(name)),
    async adopt(clusterName, options) {
      for (const { LaunchTemplates = [] } of await pages(port, "DescribeLaunchTemplates", { Filters: [{ Name: `tag:${CLUSTER_NAME_TAG}`, Values: [clusterName] }], MaxResults: 200 }, options)) {
        for (const { LaunchTemplateName } of LaunchTemplates) if (!usedMs.has(LaunchTemplateName)) usedMs.set(LaunchTemplateName, clock.nowMs());
      }
    },
    async removeUnused(options) {
      const removed: string[] = [];
      for (const [name, atMs] of usedMs) {
        if (clock.nowMs() < atMs + TEMPLATE_TTL_MS) continue;
        usedMs.delete(name);
        try {
          await port.call("DeleteLaunchTemplate", { LaunchTemplateName: name }, options);
        } catch (error) {
          if (!classifyError(error).notFound) throw error;
        }
        removed.push(name);
      }
      return removed;
    },
  };
}
