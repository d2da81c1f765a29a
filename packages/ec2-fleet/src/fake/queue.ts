import type { QueueMessage } from "../port/queue.ts";

interface Stored {
  readonly id: string;
  readonly body: string;
  readonly sentMs: number;
  readonly hiddenUntilMs: number;
}

/** An SQS queue: a message received is hidden for a while and comes again unless it is deleted. */
export interface Queue {
  send(body: string, nowMs: number): void;
  receive(max: number, visibilityMs: number, nowMs: number): readonly QueueMessage[];
  remove(receipt: string): void;
  readonly size: number;
}

export function queue(newId: () => string): Queue {
  let messages: readonly Stored[] = [];
  return {
    send: (body, nowMs) => void (messages = [...messages, { id: newId(), body, sentMs: nowMs, hiddenUntilMs: 0 }]),
    receive: (max, visibilityMs, nowMs) => {
      const taken = messages.filter(({ hiddenUntilMs }) => hiddenUntilMs <= nowMs).slice(0, max);
      messages = messages.map((one) => (taken.includes(one) ? { ...one, hiddenUntilMs: nowMs + visibilityMs } : one));
      return taken.map(({ id, body, sentMs }) => ({ MessageId: id, ReceiptHandle: id, Body: body, Attributes: { SentTimestamp: String(sentMs) } }));
    },
    remove: (receipt) => void (messages = messages.filter(({ id }) => id !== receipt)),
    get size() {
      return messages.length;
    },
  };
}
