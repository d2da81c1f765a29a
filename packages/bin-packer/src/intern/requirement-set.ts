import { HOSTNAME_LABEL } from "@groupless/api";
import { admitsAbsence, isUnmeetable, meets, type Requirement, type RequirementTable } from "./requirement.ts";

/** Requirements on several keys at once, one a key, sorted by key. Interned: equal sets are the same object. */
export interface RequirementSet {
  readonly id: number;
  readonly requirements: readonly Requirement[];
  readonly byKey: ReadonlyMap<string, Requirement>;
  readonly hasMinValues: boolean;
}

/** Why `incoming` does not go with `existing`. */
export type Conflict =
  | { readonly kind: "undefined"; readonly incoming: Requirement }
  | { readonly kind: "incompatible"; readonly incoming: Requirement; readonly existing: Requirement };

/** Sets of one snapshot and the answers already found about pairs of them. */
export class RequirementSets {
  readonly table: RequirementTable;
  readonly empty: RequirementSet;
  /** Keys that need not be defined by the existing side when it is a node yet to be made. */
  readonly wellKnown: ReadonlySet<string>;
  /** May what is asked of a label that a candidate does not define stand for the label? Otherwise it is not there. */
  readonly #asksDefine: boolean;
  readonly #byText = new Map<string, RequirementSet>();
  /** Answers by the existing side's id, then the incoming side's: small keys are found fastest. */
  readonly #merged: Map<number, RequirementSet>[] = [];
  readonly #joined: Map<number, RequirementSet>[] = [];
  readonly #loose: Map<number, boolean>[] = [];
  readonly #strict: Map<number, boolean>[] = [];
  readonly #narrowedLoose: Map<number, RequirementSet | null>[] = [];
  readonly #narrowedStrict: Map<number, RequirementSet | null>[] = [];
  #next = 0;

  constructor(table: RequirementTable, wellKnown: ReadonlySet<string>, asksDefine = true) {
    this.table = table;
    this.wellKnown = wellKnown;
    this.#asksDefine = asksDefine;
    this.empty = this.of([]);
  }

  /** How many sets there are. */
  get size(): number {
    return this.#next;
  }

  /** The set that holds all of these; several on one key are intersected in the order given. */
  of(requirements: Iterable<Requirement>): RequirementSet {
    const byKey = new Map<string, Requirement>();
    for (const requirement of requirements) {
      const existing = byKey.get(requirement.key);
      byKey.set(requirement.key, existing === undefined ? requirement : this.table.intersect(existing, requirement));
    }
    return this.#intern([...byKey.values()]);
  }

  merge(a: RequirementSet, b: RequirementSet): RequirementSet {
    if (b.requirements.length === 0 || a === b) return a;
    if (a.requirements.length === 0) return b;
    const known = (this.#merged[a.id] ??= new Map());
    let found = known.get(b.id);
    if (found === undefined) known.set(b.id, (found = this.of([...a.requirements, ...b.requirements])));
    return found;
  }

  /**
   * A candidate that goes with the incoming requirements, once they hold of it too. A node that exists (`strict`) is what it is;
   * one to be made is narrowed.
   */
  join(existing: RequirementSet, incoming: RequirementSet, strict: boolean): RequirementSet {
    if (this.#asksDefine) return this.merge(existing, incoming);
    if (strict || incoming.requirements.length === 0) return existing;
    const known = (this.#joined[existing.id] ??= new Map());
    let found = known.get(incoming.id);
    if (found === undefined) {
      const missing = incoming.requirements.filter(({ key }) => !existing.byKey.has(key) && !this.wellKnown.has(key));
      known.set(incoming.id, (found = this.of([...existing.requirements, ...missing.map(({ key }) => this.table.absent(key)), ...incoming.requirements])));
    }
    return found;
  }

  /** Replaces or, with undefined, drops what stands for the key. */
  replace(set: RequirementSet, key: string, requirement: Requirement | undefined): RequirementSet {
    const rest = set.requirements.filter((other) => other.key !== key);
    return this.#intern(requirement === undefined ? rest : [...rest, requirement]);
  }

  /** May a node of these requirements come to meet the incoming ones? `strict`: the node exists, so every key must be defined. */
  compatible(existing: RequirementSet, incoming: RequirementSet, strict: boolean): boolean {
    if (incoming.requirements.length === 0) return true;
    const known = ((strict ? this.#strict : this.#loose)[existing.id] ??= new Map());
    let found = known.get(incoming.id);
    if (found === undefined) known.set(incoming.id, (found = this.conflict(existing, incoming, strict) === undefined));
    return found;
  }

  /** The first reason why not, by key: undefined keys before contradictions, as Karpenter looks for them. */
  conflict(existing: RequirementSet, incoming: RequirementSet, strict: boolean): Conflict | undefined {
    for (const requirement of incoming.requirements) {
      if (existing.byKey.has(requirement.key) || admitsAbsence(requirement)) continue;
      if ((strict || !this.wellKnown.has(requirement.key)) && !isUnmeetable(requirement)) return { kind: "undefined", incoming: requirement };
    }
    for (const requirement of incoming.requirements) {
      const other = existing.byKey.get(requirement.key);
      if (other === undefined ? isUnmeetable(requirement) : !this.goTogether(other, requirement)) return { kind: "incompatible", incoming: requirement, existing: other ?? this.table.exists(requirement.key) };
    }
    return undefined;
  }

  /** Do the keys that both sides define go together? */
  intersects(existing: RequirementSet, incoming: RequirementSet): boolean {
    for (const requirement of incoming.requirements) {
      const other = existing.byKey.get(requirement.key);
      if (other !== undefined && !this.goTogether(other, requirement)) return false;
    }
    return true;
  }

  /** Two requirements on one key; a label that both sides let be absent is no contradiction. */
  goTogether(existing: Requirement, incoming: Requirement): boolean {
    return meets(existing, incoming) || (admitsAbsence(incoming) && admitsAbsence(existing));
  }

  /** Does every node that may come of the existing side meet the incoming requirements? `strict`: labels that are not mentioned are not there. */
  implies(existing: RequirementSet, incoming: RequirementSet, strict: boolean): boolean {
    return incoming.requirements.every((requirement) => {
      const own = existing.byKey.get(requirement.key) ?? (strict || !this.wellKnown.has(requirement.key) ? this.table.absent(requirement.key) : undefined);
      return own !== undefined && this.table.withMinValues(this.table.intersect(own, requirement), own.minValues) === own;
    });
  }

  /** Adds one requirement, or null where that contradicts the set or asks for a key it does not define. */
  narrow(set: RequirementSet, requirement: Requirement, strict: boolean): RequirementSet | null {
    const known = ((strict ? this.#narrowedStrict : this.#narrowedLoose)[set.id] ??= new Map());
    let found = known.get(requirement.id);
    if (found === undefined) {
      const merged = this.of([...set.requirements, requirement]);
      found = this.compatible(set, merged, strict) ? merged : null;
      known.set(requirement.id, found);
    }
    return found;
  }

  /** The set without its hostname, and the hostname. */
  splitHostname(set: RequirementSet): { readonly rest: RequirementSet; readonly hostname: Requirement | undefined } {
    const hostname = set.byKey.get(HOSTNAME_LABEL);
    return { rest: hostname === undefined ? set : this.replace(set, HOSTNAME_LABEL, undefined), hostname };
  }

  #intern(requirements: Requirement[]): RequirementSet {
    requirements.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    let text = "";
    for (const requirement of requirements) text += `${requirement.id},`;
    let found = this.#byText.get(text);
    if (found === undefined) {
      found = { id: this.#next++, requirements, byKey: new Map(requirements.map((requirement) => [requirement.key, requirement])), hasMinValues: requirements.some((requirement) => requirement.minValues !== undefined) };
      this.#byText.set(text, found);
    }
    return found;
  }
}
