import { nameOf, type Pod } from "@groupless/api";
import type { FinalNode } from "./final-state.ts";
import { own } from "./selectors.ts";

/** The values of a topology key a node may end up with; one value: its domain is settled. A new claim's hostname is its own. */
export function domainsOf(node: FinalNode, topologyKey: string): ReadonlySet<string> {
  if (topologyKey === "kubernetes.io/hostname") return new Set([node.name]);
  return new Set(node.options.flatMap(({ labels, open }) => own(labels, topologyKey) ?? (Object.hasOwn(open, topologyKey) ? (open[topologyKey] ?? []).flatMap(({ operator, values = [] }) => (operator === "In" ? values : [])) : [])));
}

/** A node's pods, those that are on their way out aside. */
export function activePods(node: FinalNode): Pod[] {
  return [...node.bound, ...node.placed].filter((pod) => pod.metadata.deletionTimestamp === undefined);
}

export const isSame = (a: Pod, b: Pod): boolean => nameOf(a) === nameOf(b);
