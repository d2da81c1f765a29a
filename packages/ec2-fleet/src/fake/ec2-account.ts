import type { Ec2Instance } from "../port/ec2-instance.ts";
import type { Ec2Port } from "../port/ec2-port.ts";
import type { FakeEc2Options } from "./fake-ec2.ts";

/** An AWS account that a simulation runs against: {@link fakeEc2}, or another that keeps the same time. */
export interface Ec2Account extends Ec2Port {
  /** As the account truly is; terminated instances too. */
  instances(): readonly Ec2Instance[];
  /** One of them, where an account can tell without going through all. */
  instance?(instanceId: string): Ec2Instance | undefined;
  /** Changes what the account holds; calls made after it see that. */
  set(change: Partial<Pick<FakeEc2Options, "subnets" | "securityGroups" | "images" | "parameters" | "cluster" | "capacity">>): void;
  /** EC2 takes a spot instance back: a warning now, the end in two minutes. */
  reclaimSpot(instanceId: string): void;
}

/** How a simulation gets its account. */
export interface Ec2AccountMaker {
  readonly make: (options: FakeEc2Options) => Ec2Account;
  /** Ends with the calls that are on their way outside the simulation; undefined if there are none. Virtual time stands still until then. */
  readonly busy?: () => Promise<unknown> | undefined;
}
