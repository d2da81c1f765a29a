/** SQS `GetQueueUrl`, `ReceiveMessage` and `DeleteMessage`, the fields used. */
export interface ReceiveMessageInput {
  readonly QueueUrl: string;
  readonly MaxNumberOfMessages: number;
  readonly VisibilityTimeout: number;
  readonly WaitTimeSeconds: number;
  readonly AttributeNames?: readonly string[];
}

export interface QueueMessage {
  readonly MessageId?: string;
  readonly ReceiptHandle?: string;
  readonly Body?: string;
  readonly Attributes?: Readonly<Record<string, string>>;
}

export interface ReceiveMessageOutput {
  readonly Messages?: readonly QueueMessage[];
}

export interface DeleteMessageInput {
  readonly QueueUrl: string;
  readonly ReceiptHandle: string;
}
