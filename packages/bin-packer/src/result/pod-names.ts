import type { PodEntry } from "../demand/pod-class.ts";
import { sortedTexts } from "../intern/text-order.ts";
import type { OpenClaim } from "../place/open-claim.ts";

/** Fewer pods are sorted as quickly claim by claim. */
const MANY = 64;

/**
 * The names of each claim's pods, sorted. Pods that wait come in the order of namespaces and names, which nearly always is that of `namespace/name`: then
 * each name is put to the claim of its pod, in that order, and nothing need be sorted.
 */
export function podNames(claims: readonly OpenClaim[], waiting: readonly PodEntry[]): readonly (readonly string[])[] {
  let count = 0;
  for (const { pods } of claims) count += pods.length;
  const lists = count >= MANY && count * 4 >= waiting.length && isInTextOrder(waiting) ? inTurn(claims, waiting, count) : undefined;
  return (lists ?? claims.map(({ pods }) => sortedTexts(pods.map(nameOf)))).map((list) => Object.freeze(list));
}

/** Undefined where some of the pods do not wait but move. */
function inTurn(claims: readonly OpenClaim[], waiting: readonly PodEntry[], count: number): string[][] | undefined {
  const lists: string[][] = [];
  for (const entry of waiting) entry.claim = -1;
  for (let claim = 0; claim < claims.length; claim++) {
    lists.push([]);
    for (const entry of (claims[claim] as OpenClaim).pods) entry.claim = claim;
  }
  let found = 0;
  for (const { claim, name } of waiting) {
    if (claim < 0) continue;
    (lists[claim] as string[]).push(name);
    found++;
  }
  return found === count ? lists : undefined;
}

/** By namespace, then name, is by `namespace/name` unless one namespace begins with another and goes on below the slash. */
function isInTextOrder(entries: readonly PodEntry[]): boolean {
  let last = entries[0]?.pod.metadata.namespace;
  for (const { pod } of entries) {
    const { namespace } = pod.metadata;
    if (namespace === last) continue;
    if (last === undefined || namespace === undefined || !(`${last}/` < `${namespace}/`)) return false;
    last = namespace;
  }
  return true;
}

function nameOf({ name }: PodEntry): string {
  return name;
}
