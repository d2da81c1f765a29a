import { ApiError } from "../port/api-error.ts";
import type { DescribeInstancesInput, Ec2Instance, InstanceStateName } from "../port/ec2-instance.ts";
import type { Tag } from "../port/tag.ts";
import { matchesFilters } from "./match-filters.ts";

/** How long after a call its effect shows in other calls, and how long state changes take, in milliseconds. */
export interface Timing {
  readonly consistencyMs: number;
  readonly startMs: number;
  readonly stopMs: number;
  /** How long a terminated instance still shows. */
  readonly forgetMs: number;
}

interface Stored {
  readonly instance: Ec2Instance;
  readonly createdMs: number;
  readonly terminatedMs: number | undefined;
  /** As it was last shown. */
  shown: Ec2Instance | undefined;
}

/** The instances of an account over time. */
export interface Instances {
  add(instance: Ec2Instance, nowMs: number): void;
  /** As the account truly is, whatever describe calls show yet; terminated ones too. */
  all(nowMs: number): readonly Ec2Instance[];
  one(id: string, nowMs: number): Ec2Instance | undefined;
  describe(input: DescribeInstancesInput, nowMs: number): readonly Ec2Instance[];
  terminate(ids: readonly string[], nowMs: number): readonly { readonly id: string; readonly before: InstanceStateName; readonly after: InstanceStateName }[];
  tag(ids: readonly string[], tags: readonly Tag[], nowMs: number): void;
}

export function instances(timing: Timing): Instances {
  const stored = new Map<string, Stored>();

  const stateOf = ({ createdMs, terminatedMs }: Stored, nowMs: number): InstanceStateName => {
    if (terminatedMs !== undefined) return nowMs < terminatedMs + timing.stopMs ? "shutting-down" : "terminated";
    return nowMs < createdMs + timing.startMs ? "pending" : "running";
  };
  const shown = (one: Stored, nowMs: number): Ec2Instance => {
    const state = stateOf(one, nowMs);
    return one.shown?.State?.Name === state ? one.shown : (one.shown = { ...one.instance, State: { Name: state } });
  };
  const visible = (one: Stored, nowMs: number): boolean => nowMs >= one.createdMs + timing.consistencyMs && (one.terminatedMs === undefined || nowMs < one.terminatedMs + timing.stopMs + timing.forgetMs);
  const known = (id: string, nowMs: number): Stored => {
    const one = stored.get(id);
    if (one === undefined || !visible(one, nowMs)) throw new ApiError("InvalidInstanceID.NotFound", `The instance ID '${id}' does not exist`);
    return one;
  };

  return {
    add: (instance, nowMs) => void stored.set(instance.InstanceId, { instance: { ...instance, LaunchTime: new Date(nowMs).toISOString() }, createdMs: nowMs, terminatedMs: undefined, shown: undefined }),
    all: (nowMs) => [...stored.values()].map((one) => shown(one, nowMs)),
    one: (id, nowMs) => {
      const one = stored.get(id);
      return one === undefined ? undefined : shown(one, nowMs);
    },
    describe: ({ InstanceIds, Filters }, nowMs) => {
      const asked = InstanceIds === undefined || InstanceIds.length === 0 ? [...stored.values()].filter((one) => visible(one, nowMs)) : InstanceIds.map((id) => known(id, nowMs));
      return asked.map((one) => shown(one, nowMs)).filter((one) => matchesFilters(Filters, { "instance-id": one.InstanceId, "instance-state-name": one.State?.Name, "instance-type": one.InstanceType }, one.Tags));
    },
    terminate: (ids, nowMs) => {
      const found = ids.map((id) => [id, known(id, nowMs)] as const);
      return found.map(([id, one]) => {
        const before = stateOf(one, nowMs);
        if (one.terminatedMs === undefined) stored.set(id, { ...one, terminatedMs: nowMs });
        return { id, before, after: stateOf(stored.get(id) ?? one, nowMs) };
      });
    },
    tag: (ids, tags, nowMs) => {
      const found = ids.map((id) => [id, known(id, nowMs)] as const);
      for (const [id, one] of found) {
        const keys = new Set(tags.map(({ Key }) => Key));
        stored.set(id, { ...one, shown: undefined, instance: { ...one.instance, Tags: [...(one.instance.Tags ?? []).filter(({ Key }) => !keys.has(Key)), ...tags] } });
      }
    },
  };
}
