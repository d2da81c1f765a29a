import type { Labels, Node, NodeSelectorTerm, Pod } from "@groupless/api";

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
  const matches = ({ operator, values = [] }: { readonly operator: string; readonly values?: readonly string[] }, value: string | undefined): boolean => {
    switch (operator) {
      case "In":
        return value !== undefined && values.includes(value);
      case "NotIn":
        return value === undefined || !values.includes(value);
      case "Exists":
        return value !== undefined;
      case "DoesNotExist":
        return value === undefined;
      case "Gt":
        return value !== undefined && isInteger(value) && BigInt(value) > BigInt(values[0] ?? "0");
      case "Lt":
        return value !== undefined && isInteger(value) && BigInt(value) < BigInt(values[0] ?? "0");
      default:
        return false;
    }
  };
  return matchExpressions.every((expression) => matches(expression, labels[expression.key])) && matchFields.every((field) => matches(field, field.key === "metadata.name" ? name : undefined));
}

const isInteger = (text: string): boolean => /^[-+]?\d+$/.test(text);
