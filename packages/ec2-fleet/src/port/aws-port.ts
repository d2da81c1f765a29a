import { ApiError, LostResponseError } from "./api-error.ts";
import type { CallName, Ec2Port } from "./ec2-port.ts";
import { SERVICES, type Service } from "./services.ts";

/** How the SDK's clients are made; whatever is left out is the SDK's own default, credentials too. */
export interface AwsPortOptions {
  readonly region: string;
  /** Another endpoint for all services, or by service. */
  readonly endpoint?: string | Readonly<Partial<Record<Service, string>>>;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };
}

interface Client {
  send(command: object, options?: { readonly abortSignal?: AbortSignal }): Promise<unknown>;
}

interface Loaded {
  readonly client: Client;
  readonly commands: Readonly<Record<string, new (input: unknown) => object>>;
}

/**
 * The AWS SDK as a port. No module of it is loaded before the first call, and of each service only when it is first called.
 * The SDK's own retries are off: the fleet waits and asks again on its own clock.
 */
export function awsPort(options: AwsPortOptions): Ec2Port {
  const loaded = new Map<Service, Promise<Loaded>>();
  return {
    async call(name, input, { signal } = {}) {
      const service = SERVICES[name];
      const ready = loaded.get(service) ?? load(service, options);
      loaded.set(service, ready);
      const { client, commands } = await ready;
      const Command = commands[`${name}Command`];
      if (Command === undefined) throw new ApiError("UnknownCall", name);
      try {
        return plain(await client.send(new Command(sdkInput(name, input)), signal === undefined ? {} : { abortSignal: signal })) as never;
      } catch (error) {
        signal?.throwIfAborted();
        throw translated(name, error);
      }
    },
  };
}

async function load(service: Service, { region, endpoint, credentials }: AwsPortOptions): Promise<Loaded> {
  const module = (await importClient(service)) as unknown as Record<string, new (input: unknown) => object>;
  const Client = Object.entries(module).find(([name]) => name === `${service}Client`)?.[1];
  if (Client === undefined) throw new ApiError("UnknownService", service);
  const url = typeof endpoint === "string" ? endpoint : endpoint?.[service];
  const client = new Client({ region, maxAttempts: 1, ...(url === undefined ? {} : { endpoint: url }), ...(credentials === undefined ? {} : { credentials }) }) as Client;
  return { client, commands: module };
}

// Literal names, so that bundlers and the installer see what is needed.
function importClient(service: Service): Promise<object> {
  switch (service) {
    case "EC2":
      return import("@aws-sdk/client-ec2");
    case "SSM":
      return import("@aws-sdk/client-ssm");
    case "SQS":
      return import("@aws-sdk/client-sqs");
    case "Pricing":
      return import("@aws-sdk/client-pricing");
    case "IAM":
      return import("@aws-sdk/client-iam");
    case "EKS":
      return import("@aws-sdk/client-eks");
    case "ARCZonalShift":
      return importZonalShift();
  }
}

// Few clusters have zonal shift: whoever asks for it installs its client beside this package.
async function importZonalShift(): Promise<object> {
  const name: string = "@aws-sdk/client-arc-zonal-shift";
  try {
    return (await import(name)) as object;
  } catch (error) {
    throw new ApiError("NoZonalShiftClient", `${name} is not installed: ${error instanceof Error ? error.message.split("\n")[0] : ""}`);
  }
}

/** Times go in as Date where the SDK wants one. */
function sdkInput(name: CallName, input: unknown): unknown {
  if (name !== "DescribeSpotPriceHistory") return input;
  const { StartTime, ...rest } = input as { readonly StartTime?: string };
  return StartTime === undefined ? rest : { ...rest, StartTime: new Date(StartTime) };
}

/** The answer as plain data: times as RFC 3339 text, no metadata. */
function plain(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([key, inner]) => (inner === undefined || key === "$metadata" ? [] : [[key, plain(inner)]])));
}

const aliases: Readonly<Record<string, string>> = { NoSuchEntityException: "NoSuchEntity", EntityAlreadyExistsException: "EntityAlreadyExists", "AWS.SimpleQueueService.NonExistentQueue": "QueueDoesNotExist", DeleteConflictException: "DeleteConflict" };

/** The SDK's error by code and message alone: its own object holds the request, and that the user data. */
function translated(call: CallName, error: unknown): Error {
  const { name = "Unknown", message = "", $fault, Code } = (error ?? {}) as { readonly name?: string; readonly message?: string; readonly $fault?: "client" | "server"; readonly Code?: string };
  if ($fault === undefined && !/Exception$|\./.test(name)) return new LostResponseError(`${call}: ${name}`);
  const code = aliases[name] ?? aliases[Code ?? ""] ?? name;
  return new ApiError(code, message, { fault: $fault ?? "client" });
}
