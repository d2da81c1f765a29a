import { type LabelTables, AWS_LABELS } from "@groupless/requirements";
import { explainTemplateProblem, validateTemplate } from "@groupless/requirements/karpenter";
import { withCondition, withKnownConditions } from "../object/condition.ts";
import type { Observed } from "../observed.ts";
import { idle, isManaged, type Outcome, type PassOptions } from "../outcome.ts";

/** Keeps a pool's condition ValidationSucceeded: what of its template the API server could not check (Karpenter pkg/controllers/nodepool/validation). */
export function validateNodePool(observed: Observed, name: string, options: PassOptions & { readonly labelTables?: LabelTables }): Outcome {
  const nodePool = observed.nodePools.find(({ metadata }) => metadata.name === name);
  if (nodePool === undefined || !isManaged({ spec: nodePool.spec.template.spec }, options)) return idle;
  const tables = options.labelTables ?? AWS_LABELS;
  const problems = validateTemplate(nodePool.spec.template, tables).map((problem) => explainTemplateProblem(problem, tables));
  const known = withKnownConditions(nodePool, options.nowMs);
  const changed =
    problems.length > 0
      ? withCondition(known, { type: "ValidationSucceeded", status: "False", reason: "NodePoolValidationFailed", message: problems.join("; ") }, options.nowMs)
      : withCondition(known, { type: "ValidationSucceeded", status: "True" }, options.nowMs);
  return changed === nodePool ? idle : { actions: [{ type: "update", object: changed }], reasons: [] };
}
