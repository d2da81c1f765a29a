import type { RequirementSet } from "../intern/requirement-set.ts";
import type { Template } from "../supply/template.ts";

/** Candidates that requirements and taints cannot tell apart: what is found out about one holds for all. */
export interface Lane {
  readonly id: number;
  readonly template: Template;
  readonly requirements: RequirementSet;
}

/** Lanes of one solve by template and requirements. */
export class Lanes {
  readonly #byTemplate = new Map<Template, (Lane | undefined)[]>();
  #next = 0;

  of(template: Template, requirements: RequirementSet): Lane {
    let lanes = this.#byTemplate.get(template);
    if (lanes === undefined) this.#byTemplate.set(template, (lanes = []));
    return (lanes[requirements.id] ??= { id: this.#next++, template, requirements });
  }
}
