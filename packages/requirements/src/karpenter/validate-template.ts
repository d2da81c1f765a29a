import { NODE_POOL_LABEL, type NodeClaimTemplate, type Taint } from "@groupless/api";
import { isRestrictedKey } from "../labels/label-key.ts";
import { labelKeyErrors, labelValueErrors } from "../labels/label-syntax.ts";
import { CORE_LABELS, type LabelTables } from "../labels/label-tables.ts";
import { type TemplateProblem, explainTemplateProblem, restrictedText } from "./label-problem.ts";
import { validateRequirement } from "./validate-requirement.ts";

const EFFECTS: ReadonlySet<string> = new Set(["NoSchedule", "PreferNoSchedule", "NoExecute", ""]);

/** A NodePool template as it may come from outside, with parts missing. */
export interface TemplateInput {
  readonly metadata?: NodeClaimTemplate["metadata"];
  readonly spec?: Partial<NodeClaimTemplate["spec"]>;
}

/**
 * What Karpenter finds wrong with a NodePool's template beyond what its CRD says: such a pool does not become ready
 * (pkg/apis/v1/nodepool_validation.go).
 */
export function validateTemplate(template: TemplateInput, tables: LabelTables = CORE_LABELS): readonly TemplateProblem[] {
  const seen = new Set<string>();
  const { requirements = [], taints = [], startupTaints = [] } = template.spec ?? {};
  return [
    ...labelProblems(template.metadata?.labels ?? {}, tables),
    ...taintProblems(taints, "taints", seen),
    ...taintProblems(startupTaints, "startupTaints", seen),
    ...requirements.flatMap((requirement): TemplateProblem[] => {
      const causes = validateRequirement(requirement, tables);
      return causes.length === 0 ? [] : [{ code: "requirement-invalid", canResolve: false, field: "requirements", key: requirement.key, causes }];
    }),
    ...requirements
      .filter(({ key }) => key === NODE_POOL_LABEL)
      .map(({ key }): TemplateProblem => ({ code: "node-pool-key", canResolve: false, field: "requirements", key })),
  ];
}

function labelProblems(labels: Readonly<Record<string, string>>, tables: LabelTables): TemplateProblem[] {
  return Object.keys(labels)
    .sort()
    .flatMap((key) => {
      const value = labels[key] as string;
      const keyProblem = (detail: string): TemplateProblem => ({ code: "label-key-invalid", canResolve: false, field: "labels", key, detail });
      return [
        ...(key === NODE_POOL_LABEL ? [keyProblem("restricted")] : []),
        ...labelKeyErrors(key).map((detail) => keyProblem(JSON.stringify(detail))),
        ...labelValueErrors(value).map((detail): TemplateProblem => ({ code: "label-value-invalid", canResolve: false, field: "labels", key, value, detail })),
        ...(isRestrictedKey(key, tables) ? [keyProblem(restrictedText(key, tables))] : []),
      ];
    });
}

function taintProblems(taints: readonly Taint[], field: "taints" | "startupTaints", seen: Set<string>): TemplateProblem[] {
  const problems: TemplateProblem[] = [];
  for (const { key, value, effect } of taints) {
    const invalid = (detail: string): void => {
      problems.push({ code: "taint-invalid", canResolve: false, field, key, value: effect, detail });
    };
    // Where a key is empty Karpenter prints what it has found so far; Go writes `%!w(<nil>)` for nothing.
    if (key === "") invalid(problems.length === 0 ? "%!w(<nil>)" : problems.map((problem) => explainTemplateProblem(problem)).join("; "));
    for (const detail of labelKeyErrors(key)) invalid(detail);
    if (value) for (const detail of labelKeyErrors(value)) invalid(detail);
    if (!EFFECTS.has(effect)) invalid(JSON.stringify(effect));
    const pair = JSON.stringify([key, effect]);
    if (seen.has(pair)) problems.push({ code: "duplicate-taint", canResolve: false, field, key, value: effect });
    seen.add(pair);
  }
  return problems;
}
