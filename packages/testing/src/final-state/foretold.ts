import type { NodeSelectorRequirement } from "@groupless/api";
import { type FinalState, typesOf } from "./final-state.ts";

const known = new WeakMap<FinalState, Map<string, ReadonlySet<string>>>();

/** The values of a label that were there to be seen before any pod was placed: of nodes there are, and those that NodePools, instance types and offerings name. */
export function foretoldValues(state: FinalState, key: string): ReadonlySet<string> {
  let byKey = known.get(state);
  if (byKey === undefined) known.set(state, (byKey = new Map()));
  let found = byKey.get(key);
  if (found === undefined) byKey.set(key, (found = new Set(named(state, key))));
  return found;
}

function* named({ cluster, nodes, leaving }: FinalState, key: string): Iterable<string> {
  for (const node of [...nodes, ...leaving]) if (node.kind === "existing") for (const { labels } of node.options) yield* Object.hasOwn(labels, key) ? [labels[key] as string] : [];
  for (const { metadata, spec } of cluster.nodePools) {
    const labels = spec.template.metadata?.labels ?? {};
    if (Object.hasOwn(labels, key)) yield labels[key] as string;
    yield* listed(spec.template.spec.requirements ?? [], key);
    for (const { requirements, offerings } of typesOf(cluster, metadata.name).values()) {
      yield* listed(requirements, key);
      for (const offering of offerings) yield* listed(offering.requirements, key);
    }
  }
}

function listed(requirements: readonly NodeSelectorRequirement[], key: string): readonly string[] {
  return requirements.flatMap(({ key: other, operator, values = [] }) => (other === key && operator === "In" ? values : []));
}
