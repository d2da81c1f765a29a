import { LAUNCH_TAG } from "@groupless/ec2-fleet";
import type { Ec2Port } from "@groupless/ec2-fleet";
import type { Mutation } from "./chaos-run.ts";

/** EC2 cannot tell a repeated CreateFleet from a new one. */
export const withoutClientToken: Mutation = (port) => wrapped(port, (name, input) => (name === "CreateFleet" ? { ...input, ClientToken: undefined } : undefined));

/** Instances are born without tags. */
export const withoutTagsOnCreate: Mutation = (port) => wrapped(port, (name, input) => (name === "CreateFleet" ? { ...input, TagSpecifications: [] } : undefined));

/** Asked whether a launch has already happened, EC2 finds nothing. */
export const withoutDescribeBeforeRetry: Mutation = (port) => ({
  call: async (name, input: any, options) => (name === "DescribeInstances" && input.Filters?.some(({ Values }: any) => Values.includes(LAUNCH_TAG)) ? ({ Reservations: [] } as never) : port.call(name, input, options)),
});

function wrapped(port: Ec2Port, change: (name: string, input: any) => unknown): Ec2Port {
  return { call: (name, input, options) => port.call(name, (change(name, input) ?? input) as never, options) };
}
