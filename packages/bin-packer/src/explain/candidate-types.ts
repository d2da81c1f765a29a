import { andBits, type Bits, hasBit } from "../intern/bits.ts";
import type { RequirementSet } from "../intern/requirement-set.ts";
import type { Snapshot } from "../prepare/snapshot.ts";
import type { Template } from "../supply/template.ts";

/** What pods with equal constraints and other amounts have in common, worked out once for all of them that fail. */
export class CandidateTypes {
  readonly #snapshot: Snapshot;
  readonly #failing = new Map<string, Uint8Array>();
  readonly #candidates = new Map<string, Bits>();

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
  }

  /** How many of the requirements each type fails. */
  failing({ name, catalog }: Template, requirements: RequirementSet): Uint8Array {
    const key = `${name}\n${requirements.id}`;
    let counts = this.#failing.get(key);
    if (counts === undefined) {
      counts = new Uint8Array(catalog.types.length);
      for (const requirement of requirements.requirements) {
        const meeting = catalog.typesThatMeet(requirement);
        for (let type = 0; type < counts.length; type++) if (!hasBit(meeting, type)) (counts[type] as number)++;
      }
      this.#failing.set(key, counts);
    }
    return counts;
  }

  /** Variants that could be had if of the keys in `own` only those in `keys` were asked for. */
  with(template: Template, requirements: RequirementSet, own: ReadonlySet<string>, keys: readonly string[]): Bits {
    const text = `${template.name}\n${requirements.id}\n${[...own].join()}\n${keys.join()}`;
    let found = this.#candidates.get(text);
    if (found === undefined) {
      const wanted = this.#snapshot.sets.of([...requirements.requirements.filter(({ key }) => !own.has(key) || keys.includes(key)), ...template.requirements.requirements.filter(({ key }) => own.has(key) && !keys.includes(key))]);
      found = template.catalog.matches(wanted).candidates;
      this.#candidates.set(text, found);
    }
    return found;
  }

  /** The same among some options. */
  among(options: Bits, template: Template, requirements: RequirementSet, own: ReadonlySet<string>, keys: readonly string[]): Bits {
    return andBits(this.with(template, requirements, own, keys), options);
  }
}
