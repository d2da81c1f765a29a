import { ApiError, type CallName, type CreateFleetInput, type CreateFleetOutput, type Ec2Port } from "@groupless/ec2-fleet";
import { byText, emulatedAccount } from "./ec2-account.ts";

/** An account with given instances, as the README says it is emulated. */
export interface InstancesAccount {
  readonly port: Ec2Port;
  readonly inputs: (name: CallName) => readonly unknown[];
  /** Under the operation's name. */
  readonly asked: (name: CallName) => () => object;
  /** The account holds other instances from now on, and forgets what it was asked. */
  readonly become: (instances: readonly any[]) => void;
}

export function instancesAccount(args: any, fleet?: (input: CreateFleetInput) => CreateFleetOutput): InstancesAccount {
  const other = emulatedAccount({ ...args, apiErrors: {} });
  let instances: readonly any[] = args.instances ?? [];
  let asked: { readonly name: CallName; readonly input: any }[] = [];
  const inputs = (name: CallName): readonly unknown[] => asked.filter((one) => one.name === name).map(({ input }) => canonical(input)).toSorted(byText);
  const answers: { readonly [name: string]: (input: any) => unknown } = {
    DescribeInstances: ({ InstanceIds, Filters }) => {
      const unknown = InstanceIds?.find((id: string) => !instances.some(({ InstanceId }) => InstanceId === id));
      if (unknown !== undefined) throw new ApiError("InvalidInstanceID.NotFound", `The instance ID '${unknown}' does not exist`);
      return { Reservations: instances.filter((one) => (InstanceIds === undefined || InstanceIds.includes(one.InstanceId)) && matches(one, Filters)).map((one) => ({ Instances: [one] })) };
    },
    TerminateInstances: ({ InstanceIds }) => ({ TerminatingInstances: InstanceIds.map((InstanceId: string) => ({ InstanceId, CurrentState: { Name: "shutting-down" } })) }),
    CreateTags: () => ({}),
    DescribeInstanceStatus: ({ Filters }) => ({ InstanceStatuses: (args.statuses ?? []).filter((one: any) => Filters.every(({ Name, Values }: any) => Values.some((value: string) => (Name === "event.code" ? one.Events?.some(({ Code }: any) => Code === value) : one[Name.startsWith("instance") ? "InstanceStatus" : "SystemStatus"]?.Status === value)))) }),
    ...(fleet === undefined ? {} : { CreateFleet: fleet }),
  };
  return {
    inputs,
    asked: (name) => () => ({ [name]: inputs(name) }),
    become: (now) => {
      instances = now;
      asked = [];
    },
    port: {
      async call(name, input: any, options) {
        asked.push({ name, input });
        const error = args.apiErrors?.[name];
        if (error) throw new ApiError(error.code, error.message ?? "");
        const answer = answers[name];
        return (answer === undefined ? other.port.call(name, input, options) : answer(input)) as never;
      },
    },
  };
}

function matches(instance: any, filters: readonly any[] = []): boolean {
  return filters.every(({ Name, Values }) => {
    if (Name === "instance-state-name") return Values.includes(instance.State.Name);
    const tags = instance.Tags ?? [];
    return Values.some((value: string) => tags.some(({ Key, Value }: any) => (Name === "tag-key" ? Key === value : Key === Name.slice(4) && Value === value)));
  });
}

function canonical({ Filters, ...rest }: any): unknown {
  return Filters === undefined ? rest : { ...rest, Filters: Filters.map(({ Name, Values }: any) => ({ Name, Values: Values.toSorted() })).toSorted(byText) };
}
