import type { EC2NodeClass, NodeClaim } from "@groupless/api";
import { contentHash } from "../launch/content-hash.ts";
import { classifyError } from "../port/error-code.ts";
import type { CallOptions, Ec2Port } from "../port/ec2-port.ts";
import type { IamInstanceProfile } from "../port/iam-profile.ts";
import { tagList } from "../port/tag.ts";
import { CLUSTER_NAME_TAG, INSTANCE_PROFILE_ANNOTATION, NODE_CLASS_TAG } from "./label.ts";

/** Where the profiles of a cluster are. */
export interface ProfileOwner {
  readonly region: string;
  readonly clusterName: string;
}

/** The path of a cluster's profiles, and below it of one class's. */
export function profilePath({ region, clusterName }: ProfileOwner, nodeClass?: EC2NodeClass): string {
  return `/karpenter/${region}/${clusterName}/${nodeClass === undefined ? "" : `${nodeClass.metadata.uid ?? nodeClass.metadata.name}/`}`;
}

/**
 * The name of the profile for a class's role. Another role has another profile, so that running nodes keep theirs; the same has the same after a restart, where
 * Karpenter, which names profiles at random, makes a new one.
 */
export function profileName({ region, clusterName }: ProfileOwner, { metadata: { name, uid = "" }, spec: { role = "" } }: EC2NodeClass): string {
  return `${clusterName}_${contentHash([region, name, uid, role])}`;
}

/**
 * The instance profile of a class: the one it names, or one made for its role, with the role in it.
 *
 * Karpenter pkg/providers/instanceprofile. A profile that cannot be given its role is taken back.
 */
export async function ensureInstanceProfile(nodeClass: EC2NodeClass, owner: ProfileOwner, port: Ec2Port, options: CallOptions = {}): Promise<string> {
  const { instanceProfile, role } = nodeClass.spec;
  if (instanceProfile !== undefined || role === undefined) return instanceProfile ?? "";
  const name = profileName(owner, nodeClass);
  // A role's name may carry its path, which AddRole does not take.
  const RoleName = role.slice(role.lastIndexOf("/") + 1);
  const profile = (await find(name, port, options)) ?? (await create(name, nodeClass, owner, port, options));
  const roles = (profile.Roles ?? []).flatMap(({ RoleName: has }) => has ?? []);
  if (roles.includes(RoleName)) return name;
  for (const other of roles) await port.call("RemoveRoleFromInstanceProfile", { InstanceProfileName: name, RoleName: other }, options);
  try {
    await port.call("AddRoleToInstanceProfile", { InstanceProfileName: name, RoleName }, options);
  } catch (error) {
    if (roles.length === 0) await port.call("DeleteInstanceProfile", { InstanceProfileName: name }, options).catch(() => undefined);
    throw error;
  }
  return name;
}

/**
 * The cluster's profiles that nothing uses any more: no class has them, no claim was launched with them, and none of them was replaced within the last hour.
 *
 * Karpenter pkg/controllers/nodeclass/garbagecollection. `replacedMs`: when a profile stopped being a class's, by name.
 */
export function unusedProfiles(profiles: readonly IamInstanceProfile[], nodeClasses: readonly EC2NodeClass[], nodeClaims: readonly NodeClaim[], { nowMs, replacedMs = {} }: { readonly nowMs: number; readonly replacedMs?: Readonly<Record<string, number>> }): readonly IamInstanceProfile[] {
  const used = new Set([...nodeClasses.flatMap(({ status }) => status?.instanceProfile ?? []), ...nodeClaims.flatMap(({ metadata }) => metadata.annotations?.[INSTANCE_PROFILE_ANNOTATION] ?? [])]);
  return profiles.filter(({ InstanceProfileName: name }) => !used.has(name) && nowMs - (replacedMs[name] ?? Number.NEGATIVE_INFINITY) >= PROTECTED_MS);
}

/** A replaced profile stays this long, for launches that are under way. */
export const PROTECTED_MS = 3_600_000;

/** All profiles of a cluster. */
export async function clusterProfiles(owner: ProfileOwner, port: Ec2Port, options: CallOptions = {}): Promise<readonly IamInstanceProfile[]> {
  const all: IamInstanceProfile[] = [];
  let marker: string | undefined;
  do {
    const page = await port.call("ListInstanceProfiles", { PathPrefix: profilePath(owner), ...(marker === undefined ? {} : { Marker: marker }) }, options);
    all.push(...(page.InstanceProfiles ?? []));
    marker = page.IsTruncated === true ? page.Marker : undefined;
  } while (marker !== undefined);
  return all;
}

/** Takes the roles out of a profile and deletes it; one that is gone is fine. */
export async function deleteInstanceProfile({ InstanceProfileName, Roles = [] }: IamInstanceProfile, port: Ec2Port, options: CallOptions = {}): Promise<void> {
  try {
    for (const { RoleName } of Roles) if (RoleName !== undefined) await port.call("RemoveRoleFromInstanceProfile", { InstanceProfileName, RoleName }, options);
    await port.call("DeleteInstanceProfile", { InstanceProfileName }, options);
  } catch (error) {
    if (!classifyError(error).notFound) throw error;
  }
}

async function find(name: string, port: Ec2Port, options: CallOptions): Promise<IamInstanceProfile | undefined> {
  try {
    return (await port.call("GetInstanceProfile", { InstanceProfileName: name }, options)).InstanceProfile;
  } catch (error) {
    if (classifyError(error).notFound) return undefined;
    throw error;
  }
}

async function create(name: string, nodeClass: EC2NodeClass, owner: ProfileOwner, port: Ec2Port, options: CallOptions): Promise<IamInstanceProfile> {
  const Tags = tagList({ ...nodeClass.spec.tags, [`kubernetes.io/cluster/${owner.clusterName}`]: "owned", [CLUSTER_NAME_TAG]: owner.clusterName, [NODE_CLASS_TAG]: nodeClass.metadata.name, "topology.kubernetes.io/region": owner.region });
  try {
    await port.call("CreateInstanceProfile", { InstanceProfileName: name, Path: profilePath(owner, nodeClass), Tags }, options);
  } catch (error) {
    if (!classifyError(error).alreadyExists) throw error;
  }
  return { InstanceProfileName: name, Roles: [] };
}
