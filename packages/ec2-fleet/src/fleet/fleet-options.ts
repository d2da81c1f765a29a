import type { EC2NodeClass } from "@groupless/api";
import type { InstanceType } from "@groupless/catalog";
import type { ClusterSettings } from "../launch/cluster.ts";
import type { BackOff, StockOutMemory } from "../launch/stock-out.ts";
import type { Clock } from "../port/clock.ts";
import type { Ec2Port } from "../port/ec2-port.ts";
import type { FleetLog } from "./log-event.ts";
import type { RetryPolicy } from "./resilient-port.ts";
import type { Safeguards } from "./safeguards.ts";

/** A value, or how to get it now. */
export type Current<T> = T | (() => T);

export interface FleetOptions extends ClusterSettings {
  /** By name; one with a status is used as it is, another is resolved at AWS and kept for a minute. */
  readonly nodeClasses: Current<readonly EC2NodeClass[]>;
  /** What can be launched. A list is offered less what is remembered to be out of stock; a function's answer is taken as it is. */
  readonly instanceTypes: readonly InstanceType[] | ((nodeClass: EC2NodeClass, nodePool: string | undefined) => readonly InstanceType[]);
  /** `1.32`; without it EKS is asked. It decides which images an alias stands for. */
  readonly kubernetesVersion?: Current<string>;
  /** The way to AWS. Default: the AWS SDK, loaded by the first call, with its usual credentials. */
  readonly port?: Ec2Port;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** In [0, 1), for the jitter of back-offs. Default: `Math.random`. */
  readonly random?: () => number;
  readonly log?: FleetLog;
  /** `false`: every request goes out alone and at once. Default: Karpenter's windows. */
  readonly batching?: boolean;
  readonly retries?: RetryPolicy;
  readonly safeguards?: Partial<Safeguards>;
  /** How long stock-outs are remembered. Default: three minutes, growing. */
  readonly backOff?: BackOff;
  /** What an earlier process or another one remembers. */
  readonly stockOuts?: StockOutMemory;
  /** Instances left in capacity reservations, by id, as AWS last said. */
  readonly reservationCounts?: Readonly<Record<string, number>>;
  /** Ids of zones that traffic is shifted away from: their instances are neither terminated nor tagged. What `refreshZonalShifts` finds is added. */
  readonly shiftedZoneIds?: Current<readonly string[]>;
  readonly minValuesPolicy?: "Strict" | "BestEffort";
  /** EC2 shows what it did after at most so many milliseconds. Default 5000. */
  readonly consistencyMs?: number;
}
