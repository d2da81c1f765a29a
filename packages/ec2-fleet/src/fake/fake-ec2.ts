import { ApiError } from "../port/api-error.ts";
import type { Clock } from "../port/clock.ts";
import type { CreateFleetOutput } from "../port/create-fleet.ts";
import type { Ec2CapacityReservation } from "../port/ec2-capacity-reservation.ts";
import type { Ec2Instance, Ec2InstanceStatus } from "../port/ec2-instance.ts";
import type { CallInput, CallName, CallOptions, CallOutput, Ec2Port, EksCluster } from "../port/ec2-port.ts";
import type { IamInstanceProfile } from "../port/iam-profile.ts";
import type { Ec2Image } from "../port/image.ts";
import type { CreateLaunchTemplateInput } from "../port/launch-template.ts";
import type { Ec2PlacementGroup, Ec2SecurityGroup, Ec2Subnet } from "../port/network.ts";
import { canonicalJson } from "../launch/content-hash.ts";
import { type Fault, type FaultPlan, withFault } from "./fault.ts";
import { createFleet, type PoolCapacity } from "./fleet.ts";
import { instances, type Timing } from "./instances.ts";
import { matchesFilters } from "./match-filters.ts";
import { queue } from "./queue.ts";
import { hex, random } from "./random.ts";

export interface FakeEc2Options {
  readonly clock: Clock;
  /** Ids depend on it. Default 1. */
  readonly seed?: number;
  readonly subnets?: readonly Ec2Subnet[];
  readonly securityGroups?: readonly Ec2SecurityGroup[];
  readonly images?: readonly Ec2Image[];
  /** SSM parameters. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly capacityReservations?: readonly Ec2CapacityReservation[];
  readonly placementGroups?: readonly Ec2PlacementGroup[];
  readonly cluster?: EksCluster;
  /** What ARC lists for the cluster. */
  readonly zonalShifts?: CallOutput<"GetManagedResource">["zonalShifts"];
  readonly capacity?: PoolCapacity;
  readonly faults?: FaultPlan;
  /** Instances show at once, run after 30 s, stop within 30 s, and show for an hour after, unless said otherwise. */
  readonly timing?: Partial<Timing>;
  /** Entries of a page in describe calls; by default all in one. */
  readonly pageSize?: number;
  /** A call by hand: answers instead of the fake's own rule, undefined to leave it to that. */
  readonly answer?: <N extends CallName>(name: N, input: CallInput<N>, n: number) => CallOutput<N> | undefined;
}

/** An account's EC2, SSM, SQS, IAM and EKS, as far as {@link Ec2Port} goes. */
export interface FakeEc2 extends Ec2Port {
  /** Every call so far, refused ones too. */
  readonly calls: readonly { readonly name: CallName; readonly input: unknown; readonly fault?: Fault["kind"] }[];
  /** As the account truly is; terminated instances too. */
  instances(): readonly Ec2Instance[];
  /** One of them. */
  instance(instanceId: string): Ec2Instance | undefined;
  readonly launchTemplates: readonly string[];
  readonly queueSize: number;
  /** Changes what the account holds. */
  set(change: Partial<Pick<FakeEc2Options, "subnets" | "securityGroups" | "images" | "parameters" | "capacityReservations" | "placementGroups" | "cluster" | "zonalShifts" | "capacity" | "faults">> & { readonly statuses?: readonly Ec2InstanceStatus[] }): void;
  /** Puts a message into the interruption queue. */
  sendMessage(body: string): void;
  /** EC2 takes a spot instance back: a warning now, the end in two minutes. */
  reclaimSpot(instanceId: string): void;
}

/** A stateful EC2 that follows the documented shapes, on the given clock, with faults on demand. */
export function fakeEc2(options: FakeEc2Options): FakeEc2 {
  const { clock } = options;
  const next = random(options.seed ?? 1);
  const newId = (prefix: string): string => prefix + hex(next, 17);
  const timing: Timing = { consistencyMs: 0, startMs: 30_000, stopMs: 30_000, forgetMs: 3_600_000, ...options.timing };
  const machines = instances(timing);
  const messages = queue(() => newId("m-"));
  const templates = new Map<string, CreateLaunchTemplateInput>();
  const profiles = new Map<string, IamInstanceProfile>();
  const fleets = new Map<string, { readonly request: object; readonly answer: CreateFleetOutput }>();
  const addressesUsed = new Map<string, number>();
  const reclaims = new Map<string, number>();
  const calls: { name: CallName; input: unknown; fault?: Fault["kind"] }[] = [];
  const counts = new Map<CallName, number>();
  let statuses: readonly Ec2InstanceStatus[] = [];
  let world: FakeEc2Options = options;

  const subnetById = (id: string): Ec2Subnet | undefined => world.subnets?.find(({ SubnetId }) => SubnetId === id);
  const addresses = (id: string): number => (subnetById(id)?.AvailableIpAddressCount ?? 250) - (addressesUsed.get(id) ?? 0);

  /** Spot instances whose two minutes are over are gone. */
  function reclaimDue(): void {
    for (const [id, atMs] of reclaims) {
      if (atMs > clock.nowMs()) continue;
      reclaims.delete(id);
      machines.terminate([id], Math.max(atMs, 0));
    }
  }

  function page<T>(all: readonly T[], token: string | undefined): { readonly items: readonly T[]; readonly NextToken?: string } {
    const size = world.pageSize ?? Number.POSITIVE_INFINITY;
    const from = Number(token ?? "0");
    return { items: all.slice(from, from + size), ...(from + size < all.length ? { NextToken: String(from + size) } : {}) };
  }

  const handlers: { readonly [N in CallName]: (input: CallInput<N>, fault: Fault | undefined) => CallOutput<N> | Promise<CallOutput<N>> } = {
    CreateFleet: (input, fault) => {
      if (input.DryRun === true) throw new ApiError("DryRunOperation", "Request would have succeeded, but DryRun flag is set.");
      const { ClientToken: token, ...rest } = input;
      const before = token === undefined ? undefined : fleets.get(token);
      if (before !== undefined && canonicalJson(before.request) !== canonicalJson(rest)) throw new ApiError("IdempotentParameterMismatch", "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).");
      if (before !== undefined) return before.answer;
      const answer = createFleet(
        input,
        {
          template: ({ LaunchTemplateName = "" }) => templates.get(LaunchTemplateName),
          subnet: subnetById,
          capacity: (pool) => world.capacity?.(pool),
          take: (_, subnet) => void (subnet !== undefined && addressesUsed.set(subnet, (addressesUsed.get(subnet) ?? 0) + 1)),
          newId,
          add: (instance) => machines.add(instance, clock.nowMs()),
          addresses,
        },
        fault?.kind === "partial" ? fault : {},
      );
      if (token !== undefined) fleets.set(token, { request: rest, answer });
      return answer;
    },
    RunInstances: () => {
      throw new ApiError("DryRunOperation", "Request would have succeeded, but DryRun flag is set.");
    },
    DescribeInstances: (input) => {
      const { items, ...rest } = page(machines.describe(input, clock.nowMs()), input.NextToken);
      return { Reservations: items.map((instance) => ({ Instances: [instance] })), ...rest };
    },
    DescribeInstanceStatus: ({ Filters, NextToken }) => {
      const matching = statuses.filter((status) => matchesFilters(Filters?.filter(({ Name }) => Name !== "event.code"), { "instance-status.status": status.InstanceStatus?.Status, "system-status.status": status.SystemStatus?.Status }, []) && (Filters ?? []).every(({ Name, Values }) => Name !== "event.code" || status.Events?.some(({ Code = "" }) => Values.includes(Code))));
      const { items, ...rest } = page(matching, NextToken);
      return { InstanceStatuses: items, ...rest };
    },
    TerminateInstances: ({ InstanceIds }) => ({ TerminatingInstances: machines.terminate(InstanceIds, clock.nowMs()).map(({ id, before, after }) => ({ InstanceId: id, PreviousState: { Name: before }, CurrentState: { Name: after } })) }),
    CreateTags: ({ Resources, Tags }) => (machines.tag(Resources, Tags, clock.nowMs()), {}),
    CreateLaunchTemplate: (input) => {
      if (input.DryRun === true) throw new ApiError("DryRunOperation", "Request would have succeeded, but DryRun flag is set.");
      if (templates.has(input.LaunchTemplateName)) throw new ApiError("InvalidLaunchTemplateName.AlreadyExistsException", "Launch template name already in use.");
      templates.set(input.LaunchTemplateName, input);
      return { LaunchTemplate: { LaunchTemplateName: input.LaunchTemplateName, LaunchTemplateId: newId("lt-") } };
    },
    DescribeLaunchTemplates: ({ LaunchTemplateNames, Filters, NextToken }) => {
      const found = [...templates.values()].filter((template) => (LaunchTemplateNames === undefined || LaunchTemplateNames.includes(template.LaunchTemplateName)) && matchesFilters(Filters, {}, template.TagSpecifications?.[0]?.Tags));
      if (LaunchTemplateNames !== undefined && found.length < LaunchTemplateNames.length) throw new ApiError("InvalidLaunchTemplateName.NotFoundException", "At least one of the launch templates specified in the request does not exist.");
      const { items, ...rest } = page(found, NextToken);
      return { LaunchTemplates: items.map(({ LaunchTemplateName }) => ({ LaunchTemplateName })), ...rest };
    },
    DeleteLaunchTemplate: ({ LaunchTemplateName }) => {
      if (!templates.delete(LaunchTemplateName)) throw new ApiError("InvalidLaunchTemplateName.NotFoundException", "The specified launch template does not exist.");
      return {};
    },
    DescribeImages: ({ Filters, Owners, NextToken }) => {
      const owned = (world.images ?? []).filter(({ OwnerId = "", ImageOwnerAlias = "" }) => Owners === undefined || Owners.includes(OwnerId) || Owners.includes(ImageOwnerAlias) || (Owners.includes("self") && ImageOwnerAlias === ""));
      const { items, ...rest } = page(owned.filter((image) => matchesFilters(Filters, { "image-id": image.ImageId, name: image.Name, state: image.State ?? "available" }, image.Tags)), NextToken);
      return { Images: items, ...rest };
    },
    DescribeSubnets: ({ Filters, NextToken }) => {
      const { items, ...rest } = page((world.subnets ?? []).filter((subnet) => matchesFilters(Filters, { "subnet-id": subnet.SubnetId }, subnet.Tags)), NextToken);
      return { Subnets: items.map((subnet) => ({ ...subnet, AvailableIpAddressCount: addresses(subnet.SubnetId) })), ...rest };
    },
    DescribeSecurityGroups: ({ Filters, NextToken }) => {
      const { items, ...rest } = page((world.securityGroups ?? []).filter((group) => matchesFilters(Filters, { "group-id": group.GroupId, "group-name": group.GroupName }, group.Tags)), NextToken);
      return { SecurityGroups: items, ...rest };
    },
    DescribeCapacityReservations: ({ CapacityReservationIds: ids, Filters, NextToken }) => {
      const all = world.capacityReservations ?? [];
      if (ids !== undefined && !all.some(({ CapacityReservationId }) => ids.includes(CapacityReservationId))) throw new ApiError("InvalidCapacityReservationId.NotFound", "The specified capacity reservation does not exist.");
      const { items, ...rest } = page(all.filter((one) => (ids === undefined || ids.includes(one.CapacityReservationId)) && matchesFilters(Filters, { state: one.State, "owner-id": one.OwnerId, "instance-match-criteria": one.InstanceMatchCriteria }, one.Tags)), NextToken);
      return { CapacityReservations: items, ...rest };
    },
    DescribePlacementGroups: ({ GroupIds, GroupNames, Filters }) => ({
      PlacementGroups: (world.placementGroups ?? []).filter((one) => (GroupIds?.includes(one.GroupId ?? "") ?? true) && (GroupNames?.includes(one.GroupName ?? "") ?? true) && matchesFilters(Filters, { state: one.State }, one.Tags)),
    }),
    DescribeInstanceTypes: () => ({ InstanceTypes: [] }),
    DescribeInstanceTypeOfferings: () => ({ InstanceTypeOfferings: [] }),
    DescribeSpotPriceHistory: () => ({ SpotPriceHistory: [] }),
    GetProducts: () => ({ PriceList: [] }),
    GetParameter: ({ Name }) => {
      const Value = world.parameters?.[Name];
      if (Value === undefined) throw new ApiError("ParameterNotFound", "");
      return { Parameter: { Name, Value } };
    },
    GetQueueUrl: ({ QueueName }) => ({ QueueUrl: `https://sqs.invalid/${QueueName}` }),
    ReceiveMessage: async ({ MaxNumberOfMessages, VisibilityTimeout, WaitTimeSeconds }) => {
      const take = (): ReturnType<typeof messages.receive> => messages.receive(MaxNumberOfMessages, VisibilityTimeout * 1000, clock.nowMs());
      const now = take();
      if (now.length > 0 || WaitTimeSeconds === 0) return { Messages: now };
      await clock.sleep(WaitTimeSeconds * 1000);
      return { Messages: take() };
    },
    DeleteMessage: ({ ReceiptHandle }) => (messages.remove(ReceiptHandle), {}),
    GetInstanceProfile: ({ InstanceProfileName: name }) => ({ InstanceProfile: profileBy(name) }),
    CreateInstanceProfile: ({ InstanceProfileName, Path, Tags }) => {
      if (profiles.has(InstanceProfileName)) throw new ApiError("EntityAlreadyExists", `Instance Profile ${InstanceProfileName} already exists.`);
      const InstanceProfile = { InstanceProfileName, Path, Tags, Roles: [] };
      profiles.set(InstanceProfileName, InstanceProfile);
      return { InstanceProfile };
    },
    AddRoleToInstanceProfile: ({ InstanceProfileName: name, RoleName }) => {
      const profile = profileBy(name);
      if ((profile.Roles ?? []).length > 0) throw new ApiError("LimitExceeded", "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1");
      profiles.set(name, { ...profile, Roles: [{ RoleName }] });
      return {};
    },
    RemoveRoleFromInstanceProfile: ({ InstanceProfileName: name, RoleName }) => {
      const profile = profileBy(name);
      profiles.set(name, { ...profile, Roles: (profile.Roles ?? []).filter((role) => role.RoleName !== RoleName) });
      return {};
    },
    DeleteInstanceProfile: ({ InstanceProfileName: name }) => {
      if ((profileBy(name).Roles ?? []).length > 0) throw new ApiError("DeleteConflict", "Cannot delete entity, must remove roles from instance profile first.");
      profiles.delete(name);
      return {};
    },
    ListInstanceProfiles: ({ PathPrefix }) => ({ InstanceProfiles: [...profiles.values()].filter(({ Path = "/" }) => Path.startsWith(PathPrefix)) }),
    DescribeCluster: () => (world.cluster === undefined ? {} : { cluster: world.cluster }),
    GetManagedResource: ({ resourceIdentifier }) => {
      if (world.zonalShifts === undefined) throw new ApiError("ResourceNotFoundException", `${resourceIdentifier} is not registered`);
      return { zonalShifts: world.zonalShifts };
    },
  };

  function profileBy(name: string): IamInstanceProfile {
    const profile = profiles.get(name);
    if (profile === undefined) throw new ApiError("NoSuchEntity", `Instance Profile ${name} cannot be found.`);
    return profile;
  }

  return {
    calls,
    instances: () => (reclaimDue(), machines.all(clock.nowMs())),
    instance: (instanceId) => (reclaimDue(), machines.one(instanceId, clock.nowMs())),
    get launchTemplates() {
      return [...templates.keys()];
    },
    get queueSize() {
      return messages.size;
    },
    set: ({ statuses: changed, ...change }) => {
      world = { ...world, ...change };
      if (changed !== undefined) statuses = changed;
    },
    sendMessage: (body) => messages.send(body, clock.nowMs()),
    reclaimSpot: (instanceId) => {
      const atMs = clock.nowMs() + 120_000;
      reclaims.set(instanceId, atMs);
      messages.send(JSON.stringify({ version: "0", source: "aws.ec2", "detail-type": "EC2 Spot Instance Interruption Warning", time: new Date(clock.nowMs()).toISOString(), detail: { "instance-id": instanceId, "instance-action": "terminate" } }), clock.nowMs());
    },
    async call(name, input, callOptions: CallOptions = {}) {
      callOptions.signal?.throwIfAborted();
      const n = counts.get(name) ?? 0;
      counts.set(name, n + 1);
      const fault = world.faults?.(name, n, input);
      calls.push({ name, input, ...(fault === undefined ? {} : { fault: fault.kind }) });
      return withFault(fault, name, clock, callOptions, () => {
        reclaimDue();
        return world.answer?.(name, input, n) ?? handlers[name](input, fault);
      });
    },
  };
}
