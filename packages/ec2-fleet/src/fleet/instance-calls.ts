import type { CloudInstance } from "../instances/instance.ts";
import { describedInstance } from "../instances/instance.ts";
import { CLUSTER_NAME_TAG, NODE_CLASS_TAG, NODE_POOL_TAG } from "../node-class/label.ts";
import { classifyError } from "../port/error-code.ts";
import type { Clock } from "../port/clock.ts";
import type { Ec2Instance } from "../port/ec2-instance.ts";
import type { CallOptions, Ec2Port } from "../port/ec2-port.ts";
import { pages } from "../port/pages.ts";
import type { Filter } from "../port/tag.ts";
import { batcher, type BatchWindow } from "./batcher.ts";

const alive: Filter = { Name: "instance-state-name", Values: ["pending", "running", "stopping", "stopped", "shutting-down"] };

/** Describing and terminating instances, gathered into few calls. */
export interface InstanceCalls {
  /** Undefined where EC2 knows no such instance, or it is terminated. */
  get(id: string, options?: CallOptions): Promise<CloudInstance | undefined>;
  /** All of the cluster's. */
  list(options?: CallOptions): Promise<readonly CloudInstance[]>;
  /** Resolves once EC2 has taken the call; an instance EC2 does not know counts as terminated. */
  terminate(id: string, options?: CallOptions): Promise<void>;
}

export function instanceCalls({ port, clock, window, clusterName, reservedCapacity }: { readonly port: Ec2Port; readonly clock: Clock; readonly window: BatchWindow | undefined; readonly clusterName: string; readonly reservedCapacity: boolean }): InstanceCalls {
  const view = (instance: Ec2Instance): CloudInstance => describedInstance(instance, { reservedCapacity });

  async function describe(ids: readonly string[]): Promise<ReadonlyMap<string, Ec2Instance>> {
    const found = await pages(port, "DescribeInstances", { InstanceIds: ids, Filters: [alive] });
    return new Map(found.flatMap(({ Reservations = [] }) => Reservations.flatMap(({ Instances = [] }) => Instances.map((one) => [one.InstanceId, one] as const))));
  }

  const describeBatch = batcher<string, Ec2Instance | undefined>({
    clock,
    window,
    keyOf: () => "",
    // One unknown id fails the whole call, so what is missing is asked for one by one.
    run: async (ids) => {
      const wanted = [...new Set(ids)].sort();
      const found = wanted.length === 1 ? new Map<string, Ec2Instance>() : await describe(wanted).catch((error: unknown) => (classifyError(error).notFound ? new Map<string, Ec2Instance>() : Promise.reject(error)));
      const missing = wanted.filter((id) => !found.has(id));
      const alone = await Promise.all(missing.map(async (id) => [id, await describe([id]).then((one) => one.get(id), (error: unknown) => (classifyError(error).notFound ? undefined : Promise.reject(error)))] as const));
      const all = new Map<string, Ec2Instance | undefined>([...found, ...alone]);
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
      } catch (error) {
        if (!classifyError(error).notFound || wanted.length === 1) throw error;
      }
      await Promise.all(wanted.filter((id) => !ending.has(id)).map((id) => port.call("TerminateInstances", { InstanceIds: [id] })));
      return ids.map(() => undefined);
    },
  });

  return {
    async get(id, options) {
      const instance = await describeBatch(id, options);
      return instance === undefined ? undefined : view(instance);
    },
    async list(options) {
      const Filters = [{ Name: "tag-key", Values: [NODE_POOL_TAG] }, { Name: "tag-key", Values: [NODE_CLASS_TAG] }, { Name: `tag:${CLUSTER_NAME_TAG}`, Values: [clusterName] }, alive];
      const found = await pages(port, "DescribeInstances", { Filters, MaxResults: 1000 }, options);
      return found.flatMap(({ Reservations = [] }) => Reservations.flatMap(({ Instances = [] }) => Instances.map(view)));
    },
    async terminate(id, options) {
      try {
        await terminateBatch(id, options);
      } catch (error) {
        if (!classifyError(error).notFound) throw error;
      }
    },
  };
}
