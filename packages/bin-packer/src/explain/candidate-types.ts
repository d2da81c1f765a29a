import type { Failure } from "../place/failure.ts";
import type { Snapshot } from "../prepare/snapshot.ts";
import type { Template } from "../supply/template.ts";
import { Candidates } from "./candidates.ts";

/** What pods that failed for want of a type have in common, worked out once for all of them. */
export class CandidateTypes {
  readonly #snapshot: Snapshot;
  readonly #known = new Map<Template, (Candidates | undefined)[]>();

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
  }

  /** The candidates among which the search found no type. */
  of({ template, requirements, options }: Extract<Failure, { readonly kind: "instance-types" }>): Candidates {
    // What limits leave of a pool's options is another set each time.
    if (options !== template.options) return new Candidates(this.#snapshot, template, requirements, options);
    let known = this.#known.get(template);
    if (known === undefined) this.#known.set(template, (known = []));
    return (known[requirements.id] ??= new Candidates(this.#snapshot, template, requirements, options));
  }
}
