import type { Constraints } from "../demand/constraints.ts";
import type { RequirementSets } from "../intern/requirement-set.ts";
import { untolerated } from "../intern/toleration.ts";
import type { Template } from "../supply/template.ts";
import type { Stance } from "../topology/topology.ts";
import type { Failure } from "./failure.ts";

/** What stands between a template and all pods of some constraints, however much they ask for and wherever others are; found out once. */
export class Refusals {
  readonly #sets: RequirementSets;
  readonly #known = new Map<Template, Map<Constraints, Failure | null>>();

  constructor(sets: RequirementSets) {
    this.#sets = sets;
  }

  /** Null: nothing of that kind. */
  of(template: Template, stance: Stance): Failure | null {
    let known = this.#known.get(template);
    if (known === undefined) this.#known.set(template, (known = new Map()));
    let found = known.get(stance.constraints);
    if (found === undefined) known.set(stance.constraints, (found = this.#look(template, stance)));
    return found;
  }

  #look(template: Template, stance: Stance): Failure | null {
    const { tolerations, requirements } = stance.constraints;
    const taints = template.taints.length === 0 ? template.taints : untolerated(template.taints, tolerations);
    if (taints.length > 0) return { kind: "taints", template, stance, taints: taints.length === template.taints.length ? template.taints : taints };
    const conflict = this.#sets.compatible(template.requirements, requirements, false) ? undefined : this.#sets.conflict(template.requirements, requirements, false);
    return conflict === undefined ? null : { kind: "requirements", template, stance, conflict };
  }
}
