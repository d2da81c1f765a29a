import type { AMI, EC2NodeClass, Labels, QuantityText } from "@groupless/api";
import { INSTANCE_TYPE_LABEL, meetsNodeSelectorRequirement } from "@groupless/api";
import { compareQuantities, formatQuantity, parseQuantity } from "@groupless/quantity";

/**
 * Memory that registered nodes reported, which replaces the estimate of their type's; immutable plain data.
 *
 * By {@link discoveredMemoryKey}: another set of images starts afresh, and going back to it finds the old value.
 */
export type DiscoveredMemory = Readonly<Record<string, { readonly memory: QuantityText; readonly expiresAtMs: number }>>;

/** How long a value holds: Karpenter's sixty days. */
export const DISCOVERED_MEMORY_TTL_MS: number = 60 * 24 * 3_600_000;

/** Names an instance type under a set of images. */
export function discoveredMemoryKey(instanceType: string, amis: readonly AMI[]): string {
  const each = amis.map((ami) => JSON.stringify([ami.id, ami.name ?? "", ami.deprecated ?? false, ami.requirements.map(({ key, operator, values }) => [key, operator, values ?? []])]));
  return `${instanceType} ${each.toSorted().join(" ")}`;
}

/**
 * Takes the memory of a registered node into account, if it runs the image its type would be launched with today.
 *
 * The least value seen stands; seeing it again renews it. Source: Karpenter, pkg/providers/instancetype.
 */
export function discoverMemory(
  known: DiscoveredMemory,
  node: { readonly labels: Labels; readonly memory: QuantityText; readonly imageId: string },
  nodeClass: Pick<EC2NodeClass, "status">,
  nowMs: number,
): DiscoveredMemory {
  const amis = nodeClass.status?.amis ?? [];
  const instanceType = node.labels[INSTANCE_TYPE_LABEL];
  const current = amis.find((ami) => ami.requirements.every((requirement) => meetsNodeSelectorRequirement(node.labels, requirement)));
  if (instanceType === undefined || current?.id !== node.imageId) return known;
  const key = discoveredMemoryKey(instanceType, amis);
  const memory = parseQuantity(node.memory);
  const before = discoveredMemoryOf(known, instanceType, nodeClass, nowMs);
  if (before !== undefined && compareQuantities(memory, parseQuantity(before)) > 0) return known;
  return { ...known, [key]: { memory: formatQuantity(memory), expiresAtMs: nowMs + DISCOVERED_MEMORY_TTL_MS } };
}

/** The memory capacity nodes of a type turned out to have; undefined if none registered, or too long ago. */
export function discoveredMemoryOf(known: DiscoveredMemory, instanceType: string, nodeClass: Pick<EC2NodeClass, "status">, nowMs: number): QuantityText | undefined {
  const found = known[discoveredMemoryKey(instanceType, nodeClass.status?.amis ?? [])];
  return found === undefined || found.expiresAtMs < nowMs ? undefined : found.memory;
}
