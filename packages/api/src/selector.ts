/** A label selector: every `matchLabels` pair and every expression must hold. An empty one selects everything. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly LabelSelectorRequirement[];
}

export interface LabelSelectorRequirement {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values?: readonly string[];
}

export interface NodeSelector {
  readonly nodeSelectorTerms: readonly NodeSelectorTerm[];
}

/** Expressions of one term are AND-ed; the terms of a selector are OR-ed. */
export interface NodeSelectorTerm {
  readonly matchExpressions?: readonly NodeSelectorRequirement[];
  readonly matchFields?: readonly NodeSelectorRequirement[];
}

/** Operators of node requirements; `Gte` and `Lte` exist on Karpenter objects only. */
export type Operator = "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt" | "Gte" | "Lte";

export interface NodeSelectorRequirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values?: readonly string[];
}

/** A requirement of a NodePool, NodeClaim or instance type; `minValues` asks for that many different values to choose from. */
export interface NodeSelectorRequirementWithMinValues extends NodeSelectorRequirement {
  readonly minValues?: number;
}
