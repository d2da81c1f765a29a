import type { EC2NodeClass, EC2NodeClassStatus } from "@groupless/api";
import { ensureInstanceProfile, type ProfileOwner } from "../node-class/instance-profile.ts";
import { resolveImages } from "../node-class/images.ts";
import { MINUTE_MS } from "../node-class/resolved.ts";
import { resolveSecurityGroups } from "../node-class/security-groups.ts";
import { resolveSubnets } from "../node-class/subnets.ts";
import type { Clock } from "../port/clock.ts";
import type { CallOptions, Ec2Port } from "../port/ec2-port.ts";

/** A node class with the status AWS gives it now, and when to look again. */
export interface ResolvedNodeClass {
  readonly nodeClass: EC2NodeClass;
  /** By subnet. */
  readonly freeAddresses: Readonly<Record<string, number>>;
  readonly requeueAfterMs: number;
}

/**
 * What a node class selects, as AWS has it now: subnets, security groups, images, and the conditions that follow.
 *
 * With an `owner`, a class with a role is given an instance profile of that role; without one, only a profile named in the spec or the status is used.
 */
export async function resolveNodeClass(nodeClass: EC2NodeClass, port: Ec2Port, { nowMs, kubernetesVersion, owner, ...options }: CallOptions & { readonly nowMs: number; readonly kubernetesVersion: string; readonly owner?: ProfileOwner }): Promise<ResolvedNodeClass> {
  const subnets = await resolveSubnets(nodeClass, port, options);
  const securityGroups = await resolveSecurityGroups(nodeClass, port, options);
  const images = await resolveImages(nodeClass, port, { nowMs, kubernetesVersion, ...options });
  const parts = [images, subnets, securityGroups];
  const time = new Date(nowMs).toISOString().replace(/\.\d+Z$/, "Z");
  const stamp = { lastTransitionTime: time, ...(nodeClass.metadata.generation === undefined ? {} : { observedGeneration: nodeClass.metadata.generation }) };
  const failing = parts.find(({ condition }) => condition.status !== "True")?.condition;
  const ready = failing === undefined ? { type: "Ready", status: "True" as const, reason: "Ready" } : { type: "Ready", status: "False" as const, reason: "UnhealthyDependents", message: `${failing.type}=False: ${failing.message ?? failing.reason}` };
  const profile = owner === undefined ? (nodeClass.spec.instanceProfile ?? nodeClass.status?.instanceProfile) : await ensureInstanceProfile(nodeClass, owner, port, options);
  const status: EC2NodeClassStatus = {
    ...nodeClass.status,
    ...(subnets.status === undefined ? { subnets: [] } : { subnets: subnets.status }),
    ...(securityGroups.status === undefined ? { securityGroups: [] } : { securityGroups: securityGroups.status }),
    ...(images.status === undefined ? { amis: [] } : { amis: images.status }),
    ...(profile === undefined ? {} : { instanceProfile: profile }),
    conditions: [...parts.map(({ condition }) => ({ ...condition, ...stamp })), { ...ready, ...stamp }],
  };
  return { nodeClass: { ...nodeClass, status }, freeAddresses: subnets.freeAddresses, requeueAfterMs: Math.min(...parts.map(({ requeueAfterMs }) => (requeueAfterMs === 0 ? Number.POSITIVE_INFINITY : requeueAfterMs))) };
}

/** Resolves node classes at most once a minute each, and again at once when spec or Kubernetes version changes. */
export function nodeClassCache(port: Ec2Port, clock: Clock, owner: ProfileOwner, onAddresses: (freeAddresses: Readonly<Record<string, number>>) => void): (nodeClass: EC2NodeClass, kubernetesVersion: string, options: CallOptions) => Promise<EC2NodeClass> {
  const known = new Map<string, { readonly key: string; readonly untilMs: number; readonly resolved: Promise<ResolvedNodeClass> }>();
  return async (nodeClass, kubernetesVersion, options) => {
    const { name } = nodeClass.metadata;
    const key = JSON.stringify([kubernetesVersion, nodeClass.spec]);
    const before = known.get(name);
    if (before !== undefined && before.key === key && clock.nowMs() < before.untilMs) return (await before.resolved).nodeClass;
    const resolved = resolveNodeClass(nodeClass, port, { nowMs: clock.nowMs(), kubernetesVersion, owner, ...options });
    known.set(name, { key, untilMs: clock.nowMs() + MINUTE_MS, resolved });
    try {
      const result = await resolved;
      onAddresses(result.freeAddresses);
      return result.nodeClass;
    } catch (error) {
      known.delete(name);
      throw error;
    }
  };
}
