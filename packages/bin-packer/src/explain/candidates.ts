import type { InstanceType } from "@groupless/catalog";
import type { Constraints } from "../demand/constraints.ts";
import { andBits, type Bits, hasBit, members } from "../intern/bits.ts";
import type { RequirementSet } from "../intern/requirement-set.ts";
import type { Requirement } from "../intern/requirement.ts";
import type { Failure } from "../place/failure.ts";
import type { Snapshot } from "../prepare/snapshot.ts";
import type { LabelConflict, NearestMiss, SchedulingReason } from "../reason.ts";
import type { Template } from "../supply/template.ts";
import type { Switch } from "./conflict.ts";
import type { Contenders } from "./contenders.ts";

type Stance = Extract<Failure, { readonly kind: "instance-types" }>["stance"];

/** Keys of node labels that pods of one kind speak about themselves. */
export interface OwnKeys {
  readonly owned: Stance["owned"];
  readonly volumes: Stance["class"]["volumes"];
  readonly keys: ReadonlySet<string>;
  readonly text: string;
}

/** The options of a pool under some requirements, and all that is found out about them for one pod and holds for the next. */
export class Candidates {
  readonly template: Template;
  readonly requirements: RequirementSet;
  /** Variants, and how many of the requirements the type of each fails, one more where it is not offered under them. */
  readonly variants: Int32Array;
  readonly missing: Uint8Array;
  /** Reasons by constraints, requests and what is unmet. */
  readonly reasons: Map<Constraints, Map<string, SchedulingReason>> = new Map();
  /** Conflicts by all that the search for them looks at. */
  readonly conflicts: Map<string, readonly (readonly Switch[])[]> = new Map();
  /** By daemon group and ranks of what is needed. */
  readonly contenders: Map<string, Contenders> = new Map();
  readonly #snapshot: Snapshot;
  readonly #options: Bits;
  readonly #offered: Bits;
  readonly #ownKeys = new Map<Constraints, OwnKeys>();
  readonly #with = new Map<string, Bits>();
  readonly #labels: (readonly LabelConflict[] | undefined)[] = [];
  readonly #offering: (NearestMiss["offering"] | undefined)[] = [];

  constructor(snapshot: Snapshot, template: Template, requirements: RequirementSet, options: Bits) {
    const { catalog } = template;
    this.#snapshot = snapshot;
    this.template = template;
    this.requirements = requirements;
    this.#options = options;
    this.#offered = catalog.typesOf(catalog.matches(requirements).variants);
    const failing = this.#failing();
    this.variants = Int32Array.from(members(options));
    this.missing = Uint8Array.from(this.variants, (variant) => {
      const type = catalog.typeOf[variant] as number;
      return (failing[type] as number) + (hasBit(this.#offered, type) ? 0 : 1);
    });
  }

  /** The labels a type has other values for. */
  labelsOf(type: number): readonly LabelConflict[] {
    return (this.#labels[type] ??= Object.freeze(this.#labelsOf(type)));
  }

  /** Can a type be had under the requirements? */
  offeringOf(type: number): NearestMiss["offering"] {
    return (this.#offering[type] ??= hasBit(this.#offered, type) ? "available" : this.#couldBeHad(type) ? "unavailable" : "none");
  }

  /** The label keys that pods of this kind speak about: in their constraints, in rules of their own, by their volumes. */
  ownKeys({ constraints, owned, class: { volumes } }: Stance): OwnKeys {
    let found = this.#ownKeys.get(constraints);
    if (found === undefined || found.owned !== owned || found.volumes !== volumes) {
      const keys = new Set([...constraints.requirements.byKey.keys(), ...owned.map((group) => group.spec.key), ...(volumes ?? []).flatMap((set) => [...set.byKey.keys()])]);
      this.#ownKeys.set(constraints, (found = { owned, volumes, keys, text: [...keys].join() }));
    }
    return found;
  }

  /** Variants that could be had if of the pod's own keys only these were asked for. */
  with({ keys: own, text: ownText }: OwnKeys, keys: readonly string[]): Bits {
    const text = `${ownText}\n${keys.join()}`;
    let found = this.#with.get(text);
    if (found === undefined) {
      const { template, requirements } = this;
      const wanted = this.#snapshot.sets.of([...requirements.requirements.filter(({ key }) => !own.has(key) || keys.includes(key)), ...template.requirements.requirements.filter(({ key }) => own.has(key) && !keys.includes(key))]);
      found = andBits(template.catalog.matches(wanted).candidates, this.#options);
      this.#with.set(text, found);
    }
    return found;
  }

  /** How many of the requirements each type fails. */
  #failing(): Uint8Array {
    const { catalog } = this.template;
    const counts = new Uint8Array(catalog.types.length);
    for (const requirement of this.requirements.requirements) {
      const meeting = catalog.typesThatMeet(requirement);
      for (let type = 0; type < counts.length; type++) if (!hasBit(meeting, type)) counts[type] = (counts[type] as number) + 1;
    }
    return counts;
  }

  #labelsOf(type: number): LabelConflict[] {
    const { catalog } = this.template;
    const { table } = this.#snapshot.sets;
    const listed = (requirement: Requirement | undefined): LabelConflict["offered"] => (requirement === undefined ? [] : table.toApi(requirement));
    return this.requirements.requirements.filter((requirement) => !hasBit(catalog.typesThatMeet(requirement), type)).map((requirement) => ({ key: requirement.key, wanted: table.toApi(requirement), offered: listed(catalog.typeRows.column(requirement.key)[type]) }));
  }

  /** Is there an offering of the type that goes with the requirements but is not to be had now? */
  #couldBeHad(type: number): boolean {
    const { sets } = this.#snapshot;
    const { offerings } = this.template.catalog.types[type] as InstanceType;
    return offerings.some((offering) => !offering.available && sets.compatible(this.requirements, sets.of(offering.requirements.map((requirement) => sets.table.of(requirement))), false));
  }
}
