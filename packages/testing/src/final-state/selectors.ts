import type { LabelSelector, NodeSelectorTerm, Pod, PodAffinityTerm, Taint, Toleration } from "@groupless/api";

/** Kubernetes' definitions, written here a second time on purpose: a check must not share code with what it checks. */

type Labels = Readonly<Record<string, string>>;

/** apimachinery labels.Selector: a nil selector matches nothing, an empty one everything. */
export function selects(selector: LabelSelector | undefined, labels: Labels): boolean {
  if (selector === undefined) return false;
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) if (own(labels, key) !== value) return false;
  return (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
    const value = own(labels, key);
    switch (operator) {
      case "In":
        return value !== undefined && values.includes(value);
      case "NotIn":
        return value === undefined || !values.includes(value);
      case "Exists":
        return value !== undefined;
      case "DoesNotExist":
        return value === undefined;
      default:
        return false;
    }
  });
}

/** Adds what `matchLabelKeys` and `mismatchLabelKeys` mean for this pod to the selector. */
export function effectiveSelector(pod: Pod, selector: LabelSelector | undefined, matchKeys: readonly string[] = [], mismatchKeys: readonly string[] = []): LabelSelector | undefined {
  if (selector === undefined) return undefined;
  const labels = pod.metadata.labels ?? {};
  const expressions = [
    ...matchKeys.flatMap((key) => (own(labels, key) === undefined ? [] : [{ key, operator: "In" as const, values: [labels[key] as string] }])),
    ...mismatchKeys.flatMap((key) => (own(labels, key) === undefined ? [] : [{ key, operator: "NotIn" as const, values: [labels[key] as string] }])),
  ];
  return expressions.length === 0 ? selector : { ...selector, matchExpressions: [...(selector.matchExpressions ?? []), ...expressions] };
}

/** Whether the term of a pod looks at the other pod: namespace and labels. */
export function termSelects(owner: Pod, term: PodAffinityTerm, other: Pod, namespaceLabels: ReadonlyMap<string, Labels>): boolean {
  const namespace = other.metadata.namespace ?? "default";
  const named = term.namespaces ?? [];
  const selected = term.namespaceSelector !== undefined && selects(term.namespaceSelector, namespaceLabels.get(namespace) ?? {});
  const own_ = named.length === 0 && term.namespaceSelector === undefined && namespace === (owner.metadata.namespace ?? "default");
  return (named.includes(namespace) || selected || own_) && selects(effectiveSelector(owner, term.labelSelector, term.matchLabelKeys, term.mismatchLabelKeys), other.metadata.labels ?? {});
}

/** One term against a node's labels; a term without expressions matches nothing in Kubernetes, anything in Karpenter: here it is not held against a node. */
export function termMatches(term: NodeSelectorTerm, labels: Labels): boolean {
  return (term.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
    const value = own(labels, key);
    if (operator === "In") return value !== undefined && values.includes(value);
    if (operator === "NotIn") return value === undefined || !values.includes(value);
    if (operator === "Exists") return value !== undefined;
    if (operator === "DoesNotExist") return value === undefined;
    const bound = values[0];
    if (value === undefined || bound === undefined || !INTEGER.test(value) || !INTEGER.test(bound)) return false;
    const difference = BigInt(value) - BigInt(bound);
    return operator === "Gt" ? difference > 0n : operator === "Lt" ? difference < 0n : operator === "Gte" ? difference >= 0n : difference <= 0n;
  });
}

const INTEGER = /^-?\d{1,19}$/;

/** Taint-toleration matching with the numeric operators of KEP-5471. */
export function tolerates(tolerations: readonly Toleration[] | undefined, taint: Taint): boolean {
  return (tolerations ?? []).some((toleration) => {
    if (toleration.effect !== undefined && (toleration.effect as string) !== "" && toleration.effect !== taint.effect) return false;
    if (toleration.key !== undefined && toleration.key !== "" && toleration.key !== taint.key) return false;
    const operator = toleration.operator ?? "Equal";
    if (operator === "Exists") return true;
    if (toleration.key === undefined || toleration.key === "") return false;
    const [wanted, value] = [toleration.value ?? "", taint.value ?? ""];
    if (operator === "Equal") return wanted === value;
    if (!INTEGER.test(wanted) || !INTEGER.test(value)) return false;
    return operator === "Lt" ? BigInt(value) < BigInt(wanted) : BigInt(value) > BigInt(wanted);
  });
}

/** The value of an own key: a label map may come from anyone's YAML. */
export function own(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}
