import type { Annotations, NodeClaimSpec, NodePool, ObjectMeta } from "@groupless/api";
import { CORE_LABELS, type LabelTables } from "../labels/label-tables.ts";
import { SIMULATED_KEYS, fromNodePool, labelsOfNodePool } from "./from-object.ts";
import { anyValue } from "./requirement.ts";
import { type Requirements, listRequirements, requirements, toSelectorRequirementList } from "./requirements.ts";

/** A NodeClaim that has no name yet: the API server, or whoever creates it, completes `generateName`. */
export interface UnnamedNodeClaim {
  readonly metadata: Pick<ObjectMeta, "labels" | "annotations" | "ownerReferences"> & { readonly generateName: string };
  readonly spec: Omit<NodeClaimSpec, "resources">;
}

/**
 * The labels that requirements settle before there is a node: one allowed value of every custom key. Well-known keys depend on the
 * instance type, and restricted ones are nobody's to set (Karpenter pkg/controllers/provisioning/scheduling, node claim template).
 */
export function customLabels(all: Requirements, tables: LabelTables = CORE_LABELS): Readonly<Record<string, string>> {
  const labels: [string, string][] = [];
  for (const requirement of listRequirements(all)) {
    const { key } = requirement;
    if (tables.wellKnown.includes(key) || tables.restricted.includes(key) || SIMULATED_KEYS.includes(key)) continue;
    const value = anyValue(requirement);
    if (value) labels.push([key, value]);
  }
  return Object.fromEntries(labels);
}

/** The requirements without the keys that are there only for daemon pods to select on. */
export function withoutSimulatedKeys(all: Requirements): Requirements {
  return requirements(listRequirements(all).filter(({ key }) => !SIMULATED_KEYS.includes(key)));
}

/**
 * The NodeClaim a pool asks for before any pod has narrowed it: what a static pool launches. Its instance types are the provider's choice.
 *
 * `annotations` join those of the template: Karpenter puts the pool's hash and its version there (`nodePoolHash` of `@groupless/api`).
 */
export function nodeClaimOfNodePool(nodePool: NodePool, annotations: Annotations = {}, tables: LabelTables = CORE_LABELS): UnnamedNodeClaim {
  const all = fromNodePool(nodePool, tables);
  const { metadata, spec } = nodePool.spec.template;
  const { name, uid } = nodePool.metadata;
  return {
    metadata: {
      generateName: `${name}-`,
      labels: { ...labelsOfNodePool(nodePool), ...customLabels(all, tables) },
      annotations: { ...metadata?.annotations, ...annotations },
      ownerReferences: [{ apiVersion: "karpenter.sh/v1", kind: "NodePool", name, uid: uid ?? name, blockOwnerDeletion: true }],
    },
    spec: { ...spec, requirements: toSelectorRequirementList(withoutSimulatedKeys(all)) },
  };
}
