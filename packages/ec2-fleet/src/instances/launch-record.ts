import type { NodeClaim } from "@groupless/api";
import { contentHash } from "../launch/content-hash.ts";
import { NODE_CLAIM_TAG } from "../node-class/label.ts";
import type { Ec2Instance } from "../port/ec2-instance.ts";
import { tagRecord, type Tag } from "../port/tag.ts";

/** The launch an instance came from; equal for all instances of one fleet. */
export const LAUNCH_TAG = "groupless.dev/launch";
/** With a number: the claims of the launch, as keys of {@link claimKey}. */
export const LAUNCH_CLAIMS_TAG = "groupless.dev/launch-claims";

const KEYS_A_TAG = 18;
/** EC2 allows 50 tags a resource; most are left to users. */
export const MOST_CLAIMS_A_LAUNCH: number = 10 * KEYS_A_TAG;

/** A short text that stands for a claim in tags. */
export function claimKey({ metadata: { uid, name } }: NodeClaim): string {
  return BigInt(contentHash(uid ?? name)).toString(36).padStart(13, "0");
}

/**
 * Tags that say which claims a fleet's instances are for, put on by the very call that makes them. So after a crash between the call and its answer it can still
 * be told whose they are. A launch for one claim names it outright.
 */
export function launchRecord(token: string, claims: readonly NodeClaim[]): readonly Tag[] {
  const keys = claims.map(claimKey).sort();
  const chunks = Array.from({ length: Math.ceil(keys.length / KEYS_A_TAG) }, (_, index) => keys.slice(index * KEYS_A_TAG, (index + 1) * KEYS_A_TAG).join("."));
  const [only, ...others] = claims;
  return [
    { Key: LAUNCH_TAG, Value: token },
    ...chunks.map((Value, index) => ({ Key: `${LAUNCH_CLAIMS_TAG}-${index}`, Value })),
    ...(only !== undefined && others.length === 0 ? [{ Key: NODE_CLAIM_TAG, Value: only.metadata.name }] : []),
  ];
}

/** Which instance is whose: the nth instance of a fleet, by id, is the nth claim's, by key. */
export function assigned<T>(instances: readonly T[], idOf: (instance: T) => string, claims: readonly NodeClaim[]): ReadonlyMap<string, T> {
  const byId = instances.toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
  const keys = claims.map(claimKey).sort();
  return new Map(keys.flatMap((key, index) => (byId[index] === undefined ? [] : [[key, byId[index]] as const])));
}

/** The claim's instance among those described, by its own tag, or by the record of the launch they came from. */
export function recordedInstance(claim: NodeClaim, described: readonly Ec2Instance[]): Ec2Instance | undefined {
  const key = claimKey(claim);
  const alive = described.filter(({ State }) => State?.Name !== "shutting-down" && State?.Name !== "terminated");
  const tagged = alive.find(({ Tags }) => tagRecord(Tags)[NODE_CLAIM_TAG] === claim.metadata.name && keysOf(Tags).includes(key));
  if (tagged !== undefined) return tagged;
  for (const launch of new Set(described.filter(({ Tags }) => keysOf(Tags).includes(key)).map(({ Tags }) => tagRecord(Tags)[LAUNCH_TAG]))) {
    const siblings = described.filter(({ Tags }) => tagRecord(Tags)[LAUNCH_TAG] === launch).sort((a, b) => (a.InstanceId < b.InstanceId ? -1 : 1));
    const mine = siblings[keysOf(siblings[0]?.Tags).indexOf(key)];
    const owner = tagRecord(mine?.Tags)[NODE_CLAIM_TAG];
    if (mine !== undefined && alive.includes(mine) && (owner === undefined || owner === claim.metadata.name)) return mine;
  }
  return undefined;
}

function keysOf(tags: readonly Tag[] | undefined): readonly string[] {
  return recordedClaims(tagRecord(tags));
}

/** The claims an instance's tags say its launch was for, as {@link claimKey}s. */
export function recordedClaims(record: Readonly<Record<string, string>>): readonly string[] {
  return Object.keys(record)
    .filter((name) => name.startsWith(`${LAUNCH_CLAIMS_TAG}-`))
    .flatMap((name) => (record[name] ?? "").split("."))
    .sort();
}
