import type { EC2NodeClass, NodeClaim } from "@groupless/api";
import type { InstanceType } from "@groupless/catalog";
import type { ProviderAction, ProviderEvent } from "@groupless/lifecycle";
import type { CapacityPool } from "../story/story.ts";

/** The cloud under the simulated cluster, as the autoscaler's controllers use it. */
export interface Cloud {
  /** Carry out a provider action. */
  execute(action: ProviderAction): Promise<readonly ProviderEvent[]>;
  /** The node class with its status as the cloud has it now. */
  resolve(nodeClass: EC2NodeClass): Promise<EC2NodeClass>;
  /** The types a node class can have, with what is unavailable just now. */
  instanceTypes(nodeClass: EC2NodeClass): readonly InstanceType[];
  /** What of the claim's instance is no longer as its class has it; `""`: nothing. */
  drift(claim: NodeClaim, nodeClass: EC2NodeClass): string;
  /** What the interruption queue holds by now; what it says about capacity is remembered. */
  announcements(): Promise<readonly ProviderEvent[]>;
  /** The control plane's version decides which images are the newest. */
  setKubernetesVersion(version: string): void;
  /** There is no more of a pool until then. */
  exhaust(pool: CapacityPool, untilMs: number): void;
  /** Kubernetes version of a machine image. */
  versionOf(imageID: string): string;
  /** The cloud wants a spot instance back: a warning now; its end comes by itself. */
  reclaim(instanceID: string): void;
  /** Did the cloud end the instance itself, because nobody else had? */
  wasReclaimed(instanceID: string): boolean;
  /** The cluster's instances that run, or are on their way to. */
  running(): readonly { readonly providerID: string }[];
  /** Terminates instances that no claim knows; their provider ids. */
  collectGarbage(nodeClaims: () => readonly NodeClaim[]): Promise<readonly string[]>;
  /** Is the instance still running, or on its way to? */
  isAlive(instanceID: string): boolean;
}
