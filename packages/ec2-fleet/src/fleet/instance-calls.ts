import { type CloudInstance, describedInstance } from "../instances/instance.ts";
import { CLUSTER_NAME_TAG, NODE_CLASS_TAG, NODE_POOL_TAG } from "../node-class/label.ts";
import { classifyError } from "../port/error-code.ts";
import type { Clock } from "../port/clock.ts";
import type { DescribeInstancesOutput, Ec2Instance } from "../port/ec2-instance.ts";
import type { CallOptions, Ec2Port } from "../port/ec2-port.ts";
import { pages } from "../port/pages.ts";
import { type Filter, tagList } from "../port/tag.ts";
import { batcher, type BatchWindow } from "./batcher.ts";

const alive: Filter = { Name: "instance-state-name", Values: ["pending", "running", "stopping", "stopped", "shutting-down"] };

/** A call was not made because traffic is shifted away from the instance's zone: it would only be retried there. */
export class ZonalShiftError extends Error {
  override readonly name: string = "ZonalShiftError";
}

/** Asking after, terminating and tagging instances, gathered into few calls. "Gone" is an instance EC2 does not know, or no longer. */
export interface InstanceCalls {
  /** As last seen, unless `skipCache` asks for the instance as it is now; undefined where it is gone. In a shifted zone it is always as last seen. */
  get(id: string, options?: CallOptions & { readonly skipCache?: boolean }): Promise<CloudInstance | undefined>;
  /** All of the cluster's; what is not among them is forgotten, unless it is in a shifted zone. */
  list(options?: CallOptions): Promise<readonly CloudInstance[]>;
  /** `@throws` {@link ZonalShiftError}, or the API's refusal. */
  terminate(id: string, options?: CallOptions): Promise<"terminating" | "gone">;
  /** `@throws` {@link ZonalShiftError}, or the API's refusal. */
  tag(id: string, tags: Readonly<Record<string, string>>, options?: CallOptions): Promise<"tagged" | "gone">;
  /** Ids of the instances as last seen. */
  readonly seen: readonly string[];
}

export interface InstanceCallsOptions {
  readonly port: Ec2Port;
  readonly clock: Clock;
  readonly window: BatchWindow | undefined;
  readonly clusterName: string;
  readonly reservedCapacity?: boolean;
  readonly shiftedZoneIds?: () => readonly string[];
}

/** Karpenter pkg/providers/instance and pkg/batcher. */
export function instanceCalls({ port, clock, window, clusterName, reservedCapacity = true, shiftedZoneIds = () => [] }: InstanceCallsOptions): InstanceCalls {
  const known = new Map<string, CloudInstance>();
  const isShifted = ({ zoneId }: CloudInstance): boolean => zoneId !== undefined && shiftedZoneIds().includes(zoneId);
  const views = (found: readonly DescribeInstancesOutput[]): readonly CloudInstance[] => instancesOf(found).map((one) => describedInstance(one, { reservedCapacity }));

  async function describe(ids: readonly string[]): Promise<ReadonlyMap<string, CloudInstance>> {
    try {
      return new Map(views(await pages(port, "DescribeInstances", { InstanceIds: ids, Filters: [alive] })).map((one) => [one.id, one]));
    } catch (error) {
      if (classifyError(error).notFound) return new Map();
      throw error;
    }
  }

  const describeBatch = batcher<string, CloudInstance | undefined>({
    clock,
    window,
    keyOf: () => "",
    // One unknown id fails the whole call, so what is missing is then asked for one by one; an instance just launched may show at the second look.
    run: async (ids) => {
      const wanted = [...new Set(ids)].sort();
      const found = await describe(wanted).catch(() => new Map<string, CloudInstance>());
      const missing = wanted.filter((id) => !found.has(id));
      const alone = await Promise.all(missing.map((id) => describe([id])));
      const all = new Map([found, ...alone].flatMap((some) => [...some]));
      return ids.map((id) => all.get(id));
    },
  });

  const terminateBatch = batcher<string, void>({
    clock,
    window,
    keyOf: () => "",
    run: async (ids) => {
      const wanted = [...new Set(ids)].sort();
      const ending = new Set<string>();
      try {
        const { TerminatingInstances = [] } = await port.call("TerminateInstances", { InstanceIds: wanted });
        for (const { InstanceId = "", CurrentState } of TerminatingInstances) if (CurrentState?.Name === "shutting-down" || CurrentState?.Name === "terminated") ending.add(InstanceId);
      } catch {
        // Which of them was refused shows when each is asked for alone.
      }
      await Promise.all(wanted.filter((id) => !ending.has(id)).map((id) => port.call("TerminateInstances", { InstanceIds: [id] })));
      return ids.map(() => undefined);
    },
  });

  const calls: InstanceCalls = {
    get seen() {
      return [...known.keys()].sort();
    },
    async get(id, { skipCache = false, ...options } = {}) {
      const before = known.get(id);
      if (before !== undefined && (!skipCache || isShifted(before))) return before;
      const instance = await describeBatch(id, options);
      if (instance === undefined) known.delete(id);
      else known.set(id, instance);
      return instance;
    },
    async list(options) {
      const Filters = [{ Name: "tag-key", Values: [NODE_POOL_TAG] }, { Name: "tag-key", Values: [NODE_CLASS_TAG] }, { Name: `tag:${CLUSTER_NAME_TAG}`, Values: [clusterName] }, alive];
      const all = views(await pages(port, "DescribeInstances", { Filters, MaxResults: 1000 }, options));
      const ids = new Set(all.map(({ id }) => id));
      for (const instance of all) known.set(instance.id, instance);
      for (const [id, instance] of known) if (!ids.has(id) && !isShifted(instance)) known.delete(id);
      return all;
    },
    async terminate(id, options) {
      const instance = await calls.get(id, { ...options, skipCache: true });
      if (instance === undefined) return "gone";
      if (isShifted(instance)) throw new ZonalShiftError(`traffic is shifted away from ${instance.zone} (${instance.zoneId}): ${id} is not terminated now`);
      if (instance.state !== "shutting-down") await terminateBatch(id, options);
      return "terminating";
    },
    async tag(id, tags, options) {
      const before = known.get(id);
      if (before !== undefined && isShifted(before)) throw new ZonalShiftError(`traffic is shifted away from ${before.zone} (${before.zoneId}): ${id} is not tagged now`);
      try {
        await port.call("CreateTags", { Resources: [id], Tags: tagList(tags) }, options);
        return "tagged";
      } catch (error) {
        if (classifyError(error).notFound) return "gone";
        throw error;
      }
    },
  };
  return calls;
}

function instancesOf(found: readonly DescribeInstancesOutput[]): readonly Ec2Instance[] {
  return found.flatMap(({ Reservations = [] }) => Reservations.flatMap(({ Instances = [] }) => Instances));
}
