import { type Labels, meetsNodeSelectorRequirement, type Node, type NodeSelectorTerm, type Pod } from "@groupless/api";

/** Do the pod's node selector and required node affinity accept the node? (Kubernetes component-helpers nodeaffinity.) */
export function acceptsNode(pod: Pod, node: Node): boolean {
  const labels = node.metadata.labels ?? {};
  for (const [key, value] of Object.entries(pod.spec.nodeSelector ?? {})) if (labels[key] !== value) return false;
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return required === undefined || required.nodeSelectorTerms.some((term) => matchesTerm(term, labels, node.metadata.name));
}

/** Does a node with these labels meet every expression of the term? An empty term matches nothing. */
export function matchesTerm({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, labels: Labels, name: string): boolean {
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  const fields = { "metadata.name": name };
  return matchExpressions.every((expression) => meetsNodeSelectorRequirement(labels, expression)) && matchFields.every((field) => meetsNodeSelectorRequirement(fields, field));
}
