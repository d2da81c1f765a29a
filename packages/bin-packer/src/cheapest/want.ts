import type { NodeSelectorTerm } from "@groupless/api";
import type { Constraints, ConstraintTable } from "../demand/constraints.ts";
import type { PodEntry } from "../demand/pod-class.ts";
import { type Bits, hasBit } from "../intern/bits.ts";
import { admitsAbsence } from "../intern/requirement.ts";
import type { RequirementSet, RequirementSets } from "../intern/requirement-set.ts";
import { tolerates } from "../intern/toleration.ts";
import type { NodeEntry } from "../prepare/node-entry.ts";
import type { Snapshot } from "../prepare/snapshot.ts";
import type { Template } from "../supply/template.ts";

/** What some pods demand of a node whatever they prefer: alternatives, and the taints they bear. */
export interface Want {
  readonly alternatives: readonly RequirementSet[];
  readonly tolerations: Constraints["tolerations"];
}

/** Types and offerings of a catalog that go with a want. */
export type Openings = readonly { readonly types: Bits; readonly offerings: Bits }[];

/** Reads the hard part of what pods ask for; preferences, topology, volumes and hostnames are left to those who place. */
export class Wants {
  readonly #sets: RequirementSets;
  readonly #table: ConstraintTable;
  /** Keys that some pod wants absent or other than something: once it is on board, others may demand the key of its node. */
  readonly #definable = new Set<string>();
  readonly #byConstraints = new Map<Constraints, Want>();

  constructor(snapshot: Snapshot, pods: readonly PodEntry[]) {
    this.#sets = snapshot.sets;
    this.#table = snapshot.constraints;
    for (const constraints of new Set(pods.map((pod) => pod.class.constraints))) {
      for (const term of [...(constraints.required ?? []), ...constraints.preferred.map(({ preference }) => preference)]) {
        for (const expression of term.matchExpressions ?? []) {
          const requirement = this.#sets.table.of(expression);
          if (admitsAbsence(requirement)) this.#definable.add(requirement.key);
        }
      }
    }
  }

  of(constraints: Constraints): Want {
    let want = this.#byConstraints.get(constraints);
    if (want === undefined) {
      const terms: readonly (NodeSelectorTerm | undefined)[] = constraints.required ?? [undefined];
      const alternatives = terms.length < 2 ? [constraints.strict] : terms.map((term) => this.#table.with(constraints, { required: term === undefined ? [] : [term] }).strict);
      this.#byConstraints.set(constraints, (want = { alternatives, tolerations: constraints.tolerations }));
    }
    return want;
  }

  /** Where in a pool's catalog the pods may go; nowhere: an empty list. */
  openings({ alternatives, tolerations }: Want, template: Template): Openings {
    if (!bears(template.taints, tolerations)) return [];
    return alternatives.flatMap((alternative) => {
      const wanted = this.#askable(alternative, template.requirements);
      if (!this.#sets.compatible(template.requirements, wanted, false)) return [];
      const merged = this.#sets.merge(template.requirements, wanted);
      return [{ types: template.catalog.matches(merged).types, offerings: template.catalog.offeringsUnder(merged) }];
    });
  }

  /** May the pods go on a node that exists? */
  admits({ alternatives, tolerations }: Want, node: NodeEntry): boolean {
    return bears(node.taints, tolerations) && alternatives.some((alternative) => this.#sets.compatible(node.requirements, this.#askable(alternative, node.requirements), true));
  }

  #askable(wanted: RequirementSet, existing: RequirementSet): RequirementSet {
    if (!wanted.requirements.some(({ key }) => this.#definable.has(key) && !existing.byKey.has(key))) return wanted;
    return this.#sets.of(wanted.requirements.filter(({ key }) => !this.#definable.has(key) || existing.byKey.has(key)));
  }
}

export function isOpen(openings: Openings, type: number, offering: number): boolean {
  return openings.some(({ types, offerings }) => hasBit(types, type) && hasBit(offerings, offering));
}

// A taint that only asks to be avoided gives way in the end.
function bears(taints: Template["taints"], tolerations: Constraints["tolerations"]): boolean {
  return tolerates(taints.filter(({ effect }) => effect !== "PreferNoSchedule"), tolerations);
}
