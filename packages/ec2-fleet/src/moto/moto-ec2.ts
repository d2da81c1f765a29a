import type { Ec2Account, Ec2AccountMaker } from "../fake/ec2-account.ts";
import type { FakeEc2Options } from "../fake/fake-ec2.ts";
import { type Fault, withFault } from "../fake/fault.ts";
import { createFleet } from "../fake/fleet.ts";
import { matchesFilters } from "../fake/match-filters.ts";
import { hex, random } from "../fake/random.ts";
import { awsPort } from "../port/aws-port.ts";
import type { CreateFleetInput, CreateFleetOutput, FleetInstances } from "../port/create-fleet.ts";
import type { DescribeInstancesOutput, Ec2Instance, InstanceStateName } from "../port/ec2-instance.ts";
import type { CallInput, CallName, CallOutput } from "../port/ec2-port.ts";
import type { CreateLaunchTemplateInput } from "../port/launch-template.ts";
import { type IdNames, idNames } from "./id-names.ts";
import { type MotoSite, motoSite } from "./moto-site.ts";
import { startSsmServer } from "./ssm-server.ts";

export interface MotoEc2Options {
  /** Where moto's server listens, e.g. `http://127.0.0.1:5000`. What it holds is wiped. */
  readonly url: string;
  readonly region: string;
}

/** An account at moto, for as long as a simulation takes. */
export interface MotoEc2 extends Ec2AccountMaker {
  readonly busy: () => Promise<unknown> | undefined;
  /** Stops what listens. */
  readonly stop: () => Promise<void>;
}

const STOP_MS = 30_000;
const START_MS = 30_000;
const FORGET_MS = 3_600_000;
const RECLAIM_MS = 120_000;

/**
 * An account that a moto server keeps: every call goes over the wire through the AWS SDK.
 *
 * Moto knows neither a virtual clock nor a market, so a few things are added here: which override a fleet gets (moto takes the
 * first), client tokens, how long an instance takes to start and stop, faults, and the fields that moto leaves out of instances and images. SSM's
 * parameters of EKS' images come from a server of our own.
 *
 * @throws {TypeError} if nothing answers at the URL
 */
export async function motoEc2({ url, region }: MotoEc2Options): Promise<MotoEc2> {
  await fetch(`${url}/moto-api/reset`, { method: "POST" });
  const ids = idNames();
  const site = await motoSite(url, region, ids);
  let parameters: Readonly<Record<string, string>> = {};
  const ssm = await startSsmServer((name) => parameters[name]);
  const port = awsPort({ region, endpoint: { EC2: url, SQS: url, IAM: url, EKS: url, SSM: ssm.url }, credentials: { accessKeyId: "moto", secretAccessKey: "moto" } });
  // One after the other: answers then come in the order of the calls, on every machine.
  let last: Promise<unknown> | undefined;
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last === undefined ? work() : last.then(work, work);
    const ended: Promise<unknown> = done.then(
      () => undefined,
      () => undefined,
    ).then(() => {
      if (last === ended) last = undefined;
    });
    last = ended;
    return done;
  };
  return {
    make: (options) => accountAt({ ...options, parameters: {} }, site, ids, (name, input) => port.call(name, input), inTurn, (made) => (parameters = made)),
    busy: () => last,
    stop: async () => {
      site.close();
      await ssm.stop();
    },
  };
}

interface Machine {
  readonly instance: Ec2Instance;
  readonly launchedMs: number;
  endsMs: number | undefined;
}

type Wire = <N extends CallName>(name: N, input: CallInput<N>) => Promise<CallOutput<N>>;

function accountAt(options: FakeEc2Options, site: MotoSite, ids: IdNames, wire: Wire, inTurn: <T>(work: () => Promise<T>) => Promise<T>, publish: (parameters: Readonly<Record<string, string>>) => void): Ec2Account {
  const { clock, timing: { startMs = START_MS, stopMs = STOP_MS } = {} } = options;
  const next = random(options.seed ?? 1);
  let world = options;
  let changed = true;
  const machines = new Map<string, Machine>();
  const templates = new Map<string, CreateLaunchTemplateInput>();
  const reclaimed = new Set<string>();
  const counts = new Map<CallName, number>();
  const fleets = new Map<string, CreateFleetOutput>();
  let queueName: string | undefined;
  const outside: (() => Promise<unknown>)[] = [];

  const stateOf = ({ launchedMs, endsMs }: Machine): InstanceStateName => {
    const now = clock.nowMs();
    if (endsMs !== undefined && endsMs <= now) return now < endsMs + stopMs ? "shutting-down" : "terminated";
    return now < launchedMs + startMs ? "pending" : "running";
  };
  const shown = (machine: Machine): Ec2Instance => ({ ...machine.instance, LaunchTime: new Date(machine.launchedMs).toISOString(), State: { Name: stateOf(machine) } });
  const toMoto = async <N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> => ids.toOurs(await wire(name, ids.toTheirs(input)));

  /** Launches on moto what the market gives: a fleet of one override each. */
  const launch = async (input: CreateFleetInput, fault: Fault | undefined): Promise<CreateFleetOutput> => {
    const bought: Ec2Instance[] = [];
    const answer = createFleet(input, {
      template: ({ LaunchTemplateName = "" }) => templates.get(LaunchTemplateName),
      subnet: (id) => world.subnets?.find(({ SubnetId }) => SubnetId === id),
      capacity: (pool) => world.capacity?.(pool),
      take: () => undefined,
      newId: (prefix) => prefix + hex(next, 17),
      add: (instance) => void bought.push(instance),
      addresses: (id) => world.subnets?.find(({ SubnetId }) => SubnetId === id)?.AvailableIpAddressCount ?? 250,
    }, fault?.kind === "partial" ? fault : {});
    const Instances: FleetInstances[] = [];
    for (const group of answer.Instances ?? []) {
      const { LaunchTemplateSpecification: specification = {}, Overrides: override } = group.LaunchTemplateAndOverrides ?? {};
      const config = { LaunchTemplateSpecification: specification, Overrides: [override as CreateFleetInput["LaunchTemplateConfigs"][number]["Overrides"][number]] };
      const made = await toMoto("CreateFleet", { ...input, LaunchTemplateConfigs: [config], TargetCapacitySpecification: { ...input.TargetCapacitySpecification, TotalTargetCapacity: group.InstanceIds.length } });
      const InstanceIds = (made.Instances ?? []).flatMap(({ InstanceIds: each }) => each);
      const described = flat(await toMoto("DescribeInstances", { InstanceIds }));
      group.InstanceIds.forEach((ours, index) => {
        const InstanceId = InstanceIds[index] ?? "";
        const lacking = bought.find((one) => one.InstanceId === ours);
        const found = described.find((one) => one.InstanceId === InstanceId);
        machines.set(InstanceId, { instance: { ...lacking, ...together(lacking, found), InstanceId }, launchedMs: clock.nowMs(), endsMs: undefined });
      });
      Instances.push({ ...group, InstanceIds });
    }
    return { ...answer, Instances };
  };

  const answers: { readonly [N in CallName]?: (input: CallInput<N>, fault: Fault | undefined) => Promise<CallOutput<N>> } = {
    CreateFleet: async (input, fault) => {
      if (input.DryRun === true) return toMoto("CreateFleet", input);
      // Moto does not know a client token again.
      const before = input.ClientToken === undefined ? undefined : fleets.get(input.ClientToken);
      const output = before ?? (await launch(input, fault));
      if (input.ClientToken !== undefined) fleets.set(input.ClientToken, output);
      return output;
    },
    CreateLaunchTemplate: async (input) => {
      const output = await toMoto("CreateLaunchTemplate", input);
      templates.set(input.LaunchTemplateName, input);
      return output;
    },
    // Moto's instances stop at once, and so their states are not asked of it.
    DescribeInstances: async ({ Filters, ...input }) => {
      const found = flat(await toMoto("DescribeInstances", { ...input, Filters: (Filters ?? []).filter(({ Name }) => Name !== "instance-state-name" && Name !== "tag-key") }));
      const seen = found.flatMap((each): readonly Ec2Instance[] => {
        const machine = machines.get(each.InstanceId);
        if (machine === undefined || (machine.endsMs !== undefined && machine.endsMs + stopMs + FORGET_MS <= clock.nowMs())) return [];
        const now: Machine = { ...machine, instance: { ...machine.instance, Tags: each.Tags ?? [] } };
        machines.set(each.InstanceId, now);
        return [shown(now)];
      });
      return { Reservations: seen.filter((one) => matchesFilters(Filters, { "instance-id": one.InstanceId, "instance-state-name": one.State?.Name, "instance-type": one.InstanceType }, one.Tags)).map((one) => ({ Instances: [one] })) };
    },
    TerminateInstances: async (input) => {
      const before = new Map(input.InstanceIds.map((id) => [id, machines.get(id)]));
      const states = new Map([...before].map(([id, machine]) => [id, machine === undefined ? "terminated" : stateOf(machine)]));
      await toMoto("TerminateInstances", input);
      for (const [id, machine] of before) if (machine !== undefined && (machine.endsMs === undefined || machine.endsMs > clock.nowMs())) machines.set(id, { ...machine, endsMs: clock.nowMs() });
      return { TerminatingInstances: input.InstanceIds.map((id) => ({ InstanceId: id, PreviousState: { Name: states.get(id) ?? "" }, CurrentState: { Name: machines.has(id) ? stateOf(machines.get(id)!) : "terminated" } })) };
    },
    DescribeImages: async (input) => {
      const { Images = [] } = await toMoto("DescribeImages", input.Filters === undefined ? {} : { Filters: input.Filters });
      return { Images: Images.map((image) => ({ ...image, ...world.images?.find(({ ImageId }) => ImageId === image.ImageId) })) };
    },
    DescribeSubnets: async (input) => {
      const { Subnets = [] } = await toMoto("DescribeSubnets", input);
      return { Subnets: Subnets.map((subnet) => ({ ...subnet, ...pick(world.subnets?.find(({ SubnetId }) => SubnetId === subnet.SubnetId)?.AvailabilityZoneId) })) };
    },
    GetQueueUrl: async ({ QueueName }) => {
      queueName = QueueName;
      await site.makeQueue(QueueName);
      return toMoto("GetQueueUrl", { QueueName });
    },
    // A node class may name a role: it is there, as in an account that was set up for it.
    AddRoleToInstanceProfile: async (input) => {
      await site.makeRole(input.RoleName);
      return toMoto("AddRoleToInstanceProfile", input);
    },
    // Moto would wait by the real clock.
    ReceiveMessage: (input) => toMoto("ReceiveMessage", { ...input, WaitTimeSeconds: 0 }),
  };

  /** Brings moto up to date, then asks it. */
  async function answer<N extends CallName>(name: N, input: CallInput<N>, fault: Fault | undefined): Promise<CallOutput<N>> {
    if (changed) {
      changed = false;
      await site.provide(world);
      publish(world.parameters ?? {});
    }
    if (queueName !== undefined) for (const work of outside.splice(0)) await work();
    for (const id of reclaimed) {
      const machine = machines.get(id);
      if (machine?.endsMs === undefined || machine.endsMs > clock.nowMs()) continue;
      reclaimed.delete(id);
      await wire("TerminateInstances", { InstanceIds: [id] });
    }
    const own = answers[name] as ((asked: CallInput<N>, fault: Fault | undefined) => Promise<CallOutput<N>>) | undefined;
    return own === undefined ? toMoto(name, input) : own(input, fault);
  }

  return {
    call: (name, input, callOptions = {}) => {
      const n = counts.get(name) ?? 0;
      counts.set(name, n + 1);
      const fault = world.faults?.(name, n, input);
      return withFault(fault, name, clock, callOptions, () => inTurn(() => answer(name, input, fault)));
    },
    instances: () => [...machines.values()].map(shown),
    set: (change) => {
      world = { ...world, ...change };
      changed = true;
    },
    reclaimSpot: (id) => {
      const machine = machines.get(id);
      if (machine === undefined || machine.endsMs !== undefined) return;
      machines.set(id, { ...machine, endsMs: clock.nowMs() + RECLAIM_MS });
      reclaimed.add(id);
      const body = JSON.stringify({ version: "0", source: "aws.ec2", "detail-type": "EC2 Spot Instance Interruption Warning", time: new Date(clock.nowMs()).toISOString(), detail: { "instance-id": id, "instance-action": "terminate" } });
      outside.push(async () => site.send(queueName ?? "interruptions", body));
    },
  };
}

const pick = (AvailabilityZoneId: string | undefined): { readonly AvailabilityZoneId?: string } => (AvailabilityZoneId === undefined ? {} : { AvailabilityZoneId });

function flat({ Reservations = [] }: DescribeInstancesOutput): readonly Ec2Instance[] {
  return Reservations.flatMap(({ Instances = [] }) => Instances);
}

/** What moto says of an instance; for what it does not say, and for its lists that stay empty, what was asked for. */
function together(asked: Ec2Instance | undefined, said: Ec2Instance | undefined): Partial<Ec2Instance> {
  const { InstanceType, ImageId, SubnetId, Tags, Placement } = said ?? {};
  return { ...(InstanceType && { InstanceType }), ...(ImageId && { ImageId }), ...(SubnetId && { SubnetId }), ...(Tags && { Tags }), Placement: { ...asked?.Placement, ...Placement } };
}
