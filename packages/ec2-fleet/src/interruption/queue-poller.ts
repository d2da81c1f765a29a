import type { Node, NodeClaim } from "@groupless/api";
import type { CallOptions, Ec2Port } from "../port/ec2-port.ts";
import type { FleetLog } from "../fleet/log-event.ts";
import type { QueueMessage } from "../port/queue.ts";
import { handleMessage, type Interruption } from "./handling.ts";
import { type InterruptionMessage, parseMessage } from "./message.ts";

/** One message, and what it comes to. */
export interface Received {
  readonly interruption: Interruption;
  /** Takes the message off the queue: to be called once its consequences are written down, else it comes again. */
  done(options?: CallOptions): Promise<void>;
}

/** The cluster as it is when messages are handled. */
export interface InterruptionContext {
  readonly nodeClaims: readonly NodeClaim[];
  readonly nodes?: readonly Node[];
}

/**
 * Receives messages: up to ten, waiting up to twenty seconds for the first. Unreadable ones and those of no interest are taken off the queue at once.
 * A message may come more than once; handling it again changes nothing.
 *
 * Karpenter pkg/providers/sqs.
 */
export async function receiveInterruptions(port: Ec2Port, queueUrl: string, context: () => InterruptionContext, { log = () => undefined, ...options }: CallOptions & { readonly log?: FleetLog } = {}): Promise<readonly Received[]> {
  const { Messages = [] } = await port.call("ReceiveMessage", { QueueUrl: queueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 20, WaitTimeSeconds: 20, AttributeNames: ["SentTimestamp"] }, options);
  const remove = async ({ ReceiptHandle }: QueueMessage, callOptions: CallOptions = options): Promise<void> => {
    if (ReceiptHandle !== undefined) await port.call("DeleteMessage", { QueueUrl: queueUrl, ReceiptHandle }, callOptions);
  };
  const received: Received[] = [];
  for (const raw of Messages) {
    const message = readable(raw);
    if (message === undefined) log({ type: "unreadable-message", messageId: raw.MessageId ?? "" });
    if (message === undefined || message.kind === "no-op") {
      await remove(raw);
      continue;
    }
    log({ type: "interruption", kind: message.kind, instanceIds: message.instanceIds });
    const { nodeClaims, nodes } = context();
    received.push({ interruption: handleMessage(message, nodeClaims, nodes), done: (callOptions) => remove(raw, callOptions) });
  }
  return received;
}

function readable({ Body }: QueueMessage): InterruptionMessage | undefined {
  try {
    return Body === undefined ? undefined : parseMessage(Body);
  } catch {
    return undefined;
  }
}
