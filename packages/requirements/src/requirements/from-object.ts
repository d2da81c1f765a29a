import { type Node, type NodePool, type NodeSelectorTerm, NODE_POOL_LABEL, type Pod } from "@groupless/api";
import { nodeClassLabelKey } from "../labels/label-key.ts";
import { CORE_LABELS, type LabelTables } from "../labels/label-tables.ts";
import { type Requirements, fromLabels, intersect, requirements, unmeetable } from "./requirements.ts";

// Kubernetes: a term without expressions matches no node.
const isBlank = (term: NodeSelectorTerm): boolean => (term.matchExpressions ?? []).length === 0 && (term.matchFields ?? []).length === 0;

/**
 * What a pod requires of a node's labels, as alternatives of which any one will do: its node selector with each of its required
 * node-affinity terms. Preferences do not count, nor does `matchFields`, which is not about labels. None if nothing can match.
 */
export function podAlternatives(pod: Pick<Pod, "spec">, tables: LabelTables = CORE_LABELS): readonly Requirements[] {
  const selector = fromLabels(pod.spec.nodeSelector, tables);
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (required === undefined || required === null) return [selector];
  return (required.nodeSelectorTerms ?? []).filter((term) => !isBlank(term)).map((term) => intersect(selector, requirements(term.matchExpressions, tables)));
}

/** What a pod requires of a node's labels: the first of its alternatives, as a scheduler tries them; unmeetable if it has none. */
export function fromPod(pod: Pick<Pod, "spec">, tables: LabelTables = CORE_LABELS): Requirements {
  return podAlternatives(pod, tables)[0] ?? unmeetable("kubernetes.io/hostname");
}

/** What the labels of every node of the pool satisfy: the template's requirements and labels, the pool's name, the node class's name. */
export function fromNodePool(nodePool: NodePool, tables: LabelTables = CORE_LABELS): Requirements {
  const { metadata, spec } = nodePool.spec.template;
  const labels = { ...metadata?.labels, [NODE_POOL_LABEL]: nodePool.metadata.name, [nodeClassLabelKey(spec.nodeClassRef)]: spec.nodeClassRef.name };
  return intersect(requirements(spec.requirements, tables), fromLabels(labels, tables));
}

/** What a node's labels are. */
export function fromNode(node: Node, tables: LabelTables = CORE_LABELS): Requirements {
  return fromLabels(node.metadata.labels, tables);
}
