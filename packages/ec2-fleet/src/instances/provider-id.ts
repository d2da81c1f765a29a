import { InputError } from "@groupless/api";

/** `aws:///zone/instance-id`, a node's identity at the cloud. */
export function providerIdOf({ zone, id }: { readonly zone: string; readonly id: string }): string {
  return `aws:///${zone}/${id}`;
}

/**
 * The instance id in a provider id.
 *
 * @throws InputError `provider-id`
 * @example
 * instanceIdOf("aws:///us-west-2a/i-0123456789abcdef0") // => "i-0123456789abcdef0"
 */
export function instanceIdOf(providerID: string): string {
  const match = /(?<provider>.*):\/\/\/(?<zone>.*)\/(?<id>.*)/.exec(providerID);
  if (match?.groups === undefined) throw new InputError("provider-id", "not a provider id", { path: "status.providerID", expected: "aws:///zone/instance-id" });
  return match.groups["id"] ?? "";
}
