import type { Switch } from "./conflict.ts";
import { andBits, type Bits, hasBit, members } from "../intern/bits.ts";
import type { RequirementSet } from "../intern/requirement-set.ts";
import type { Snapshot } from "../prepare/snapshot.ts";
import type { Template } from "../supply/template.ts";

/** What pods with equal constraints and other amounts have in common, worked out once for all of them that fail. */
export class CandidateTypes {
  readonly #snapshot: Snapshot;
  readonly #misses = new Map<string, { readonly variants: Int32Array; readonly missing: Uint8Array }>();
  /** Conflicts found, by all that the search for them looks at. */
  readonly conflicts: Map<string, readonly (readonly Switch[])[]> = new Map();
  readonly #candidates = new Map<string, Bits>();

  constructor(snapshot: Snapshot) {
    this.#snapshot = snapshot;
  }

  /** Of these variants: how many of the requirements the type of each fails, one more where it is not offered under them. */
  misses(template: Template, requirements: RequirementSet, options: Bits): { readonly variants: Int32Array; readonly missing: Uint8Array } {
    // What limits leave of a pool's options is another set each time.
    const key = options === template.options ? `${template.name}\n${requirements.id}` : undefined;
    const known = key === undefined ? undefined : this.#misses.get(key);
    if (known !== undefined) return known;
    const { catalog } = template;
    const offered = catalog.typesOf(catalog.matches(requirements).variants);
    const failing = this.#failing(template, requirements);
    const variants = Int32Array.from(members(options));
    const missing = Uint8Array.from(variants, (variant) => {
      const type = catalog.typeOf[variant] as number;
      return (failing[type] as number) + (hasBit(offered, type) ? 0 : 1);
    });
    const found = { variants, missing };
    if (key !== undefined) this.#misses.set(key, found);
    return found;
  }

  /** How many of the requirements each type fails. */
  #failing({ catalog }: Template, requirements: RequirementSet): Uint8Array {
    const counts = new Uint8Array(catalog.types.length);
    for (const requirement of requirements.requirements) {
      const meeting = catalog.typesThatMeet(requirement);
      for (let type = 0; type < counts.length; type++) if (!hasBit(meeting, type)) counts[type] = (counts[type] as number) + 1;
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
