import { INITIALIZED_LABEL, NODE_POOL_LABEL, type NodePool, type NodeSelectorTerm, type Pod, type PodSpec, REGISTERED_LABEL } from "@groupless/api";
import { nodeClassLabelKey } from "../labels/label-key.ts";
import { CORE_LABELS, type LabelTables } from "../labels/label-tables.ts";
import { type Requirements, fromLabels, fromSelectorRequirements, intersect } from "./requirements.ts";

function withTerm(all: Requirements, term: NodeSelectorTerm | undefined, tables: LabelTables): Requirements {
  return term === undefined ? all : intersect(all, fromSelectorRequirements(term.matchExpressions, tables));
}

/** The heaviest preferred node-affinity term; of equally heavy ones the first. */
export function heaviestPreference(spec: PodSpec): NodeSelectorTerm | undefined {
  const preferred = spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  return [...preferred].sort((a, b) => b.weight - a.weight)[0]?.preference;
}

/** Whether the pod has a preferred node-affinity term. */
export function hasPreferredNodeAffinity(pod: Pick<Pod, "spec">): boolean {
  return (pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).length > 0;
}

/**
 * What a pod requires, its heaviest node preference taken as required: node selector, that preference, and the first of the required
 * terms. Karpenter drops preferences and terms one by one when they cannot be met. `matchFields` do not count.
 */
export function fromPod(pod: Pick<Pod, "spec">, tables: LabelTables = CORE_LABELS): Requirements {
  return requiredOf(withTerm(fromLabels(pod.spec.nodeSelector, tables), heaviestPreference(pod.spec), tables), pod.spec, tables);
}

/** What a pod strictly requires: as `fromPod`, without preferences. */
export function fromPodStrict(pod: Pick<Pod, "spec">, tables: LabelTables = CORE_LABELS): Requirements {
  return requiredOf(fromLabels(pod.spec.nodeSelector, tables), pod.spec, tables);
}

function requiredOf(all: Requirements, spec: PodSpec, tables: LabelTables): Requirements {
  return withTerm(all, spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms?.[0], tables);
}

/** Keys that stand in a pool's requirements only so that daemon pods may select on them; NodeClaims do not get them. */
export const SIMULATED_KEYS: readonly string[] = [REGISTERED_LABEL, INITIALIZED_LABEL];

/** The labels every node of the pool gets: those of the template, the pool's name and its node class's. */
export function labelsOfNodePool(nodePool: NodePool): Readonly<Record<string, string>> {
  const { metadata, spec } = nodePool.spec.template;
  return { ...metadata?.labels, [NODE_POOL_LABEL]: nodePool.metadata.name, [nodeClassLabelKey(spec.nodeClassRef)]: spec.nodeClassRef.name };
}

/** What a node launched for the pool will satisfy: requirements and labels of the template, pool, node class, registered, initialised. */
export function fromNodePool(nodePool: NodePool, tables: LabelTables = CORE_LABELS): Requirements {
  const template = fromSelectorRequirements(nodePool.spec.template.spec.requirements, tables);
  const labels = fromLabels(labelsOfNodePool(nodePool), tables);
  return intersect(intersect(template, labels), fromLabels(Object.fromEntries(SIMULATED_KEYS.map((key) => [key, "true"])), tables));
}
