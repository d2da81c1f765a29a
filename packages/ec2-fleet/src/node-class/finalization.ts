import type { EC2NodeClass, NodeClaim } from "@groupless/api";
import type { CallOptions, Ec2Port } from "../port/ec2-port.ts";
import { pages } from "../port/pages.ts";
import { clusterProfiles, deleteInstanceProfile, profilePath, type ProfileOwner } from "./instance-profile.ts";
import { CLUSTER_NAME_TAG, NODE_CLASS_TAG } from "./label.ts";

/** Whether a class that is to be deleted is free to go. */
export type Finalization = { readonly done: true } | { readonly done: false; readonly waitingFor: readonly string[]; readonly requeueAfterMs: number };

/**
 * Lets go of what was made for a class: its instance profiles and launch templates. While claims use the class nothing is done.
 *
 * Karpenter pkg/controllers/nodeclass finalize.
 */
export async function finalizeNodeClass(nodeClass: EC2NodeClass, nodeClaims: readonly NodeClaim[], owner: ProfileOwner, port: Ec2Port, options: CallOptions = {}): Promise<Finalization> {
  const using = nodeClaims.filter(({ spec }) => spec.nodeClassRef.name === nodeClass.metadata.name).map(({ metadata }) => metadata.name);
  if (using.length > 0) return { done: false, waitingFor: using.sort(), requeueAfterMs: 600_000 };
  for (const profile of await clusterProfiles(owner, port, options)) if (profile.Path === profilePath(owner, nodeClass)) await deleteInstanceProfile(profile, port, options);
  const Filters = [{ Name: `tag:${CLUSTER_NAME_TAG}`, Values: [owner.clusterName] }, { Name: `tag:${NODE_CLASS_TAG}`, Values: [nodeClass.metadata.name] }];
  const templates = (await pages(port, "DescribeLaunchTemplates", { Filters }, options)).flatMap(({ LaunchTemplates = [] }) => LaunchTemplates);
  for (const { LaunchTemplateName } of templates) await port.call("DeleteLaunchTemplate", { LaunchTemplateName }, options);
  return { done: true };
}
