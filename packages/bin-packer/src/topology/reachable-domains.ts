import type { RequirementSet, RequirementSets } from "../intern/requirement-set.ts";
import { hasBit } from "../intern/bits.ts";
import type { Requirement } from "../intern/requirement.ts";
import type { CatalogIndex } from "../supply/catalog-index.ts";
import { tolerates } from "../intern/toleration.ts";
import { type DomainSource, DomainUniverse } from "./domain-universe.ts";
import type { GroupSpec, NodeFilter } from "./group-spec.ts";
import { filterAdmitsTaints, hostnameAdmitted } from "./topology-group.ts";

/**
 * The domains of nodes that could be made and that a rule would look at: a spread that honours node affinity does not wait for pods in
 * domains where its pods cannot go (Kubernetes: nodeAffinityPolicy). What cannot be had at the moment counts: it may come back.
 */
export class ReachableDomains extends DomainUniverse {
  readonly #known = new Map<string, readonly string[]>();

  override domains(spec: GroupSpec): string[] {
    const { filter } = spec;
    const alternatives = filter === undefined || !filter.honoursAffinity ? undefined : filter.alternatives;
    const text = JSON.stringify([spec.type, spec.key, alternatives?.map(({ id }) => id), filter?.honoursTaints ?? true, spec.tolerations]);
    let known = this.#known.get(text);
    if (known === undefined) {
      const found = new Set<string>();
      for (const source of this.sources) if (bears(spec, filter, source)) for (const value of valuesOf(spec.key, source, alternatives)) found.add(value);
      this.#known.set(text, (known = [...found].sort()));
    }
    return [...known];
  }
}

/** Domains to keep away from, or that others keep away from, are domains whoever can go there. */
function bears({ type, tolerations }: GroupSpec, filter: NodeFilter | undefined, { taints }: DomainSource): boolean {
  if (filter !== undefined) return filterAdmitsTaints(filter, taints);
  return type === "anti-affinity" || tolerates(taints.filter(({ effect }) => effect !== "PreferNoSchedule"), tolerations);
}

function valuesOf(key: string, { template, catalog, sets }: DomainSource, alternatives: readonly RequirementSet[] | undefined): Set<string> {
  const values = new Set<string>();
  for (const alternative of alternatives ?? [sets.empty]) {
    const { rest, hostname } = sets.splitHostname(alternative);
    // Nobody knows the name of a node that is not made yet.
    if (hostname !== undefined && !hostnameAdmitted(hostname, undefined)) continue;
    if (sets.compatible(template, rest, false)) addValues(values, key, sets.join(template, rest, false), catalog, sets);
  }
  return values;
}

function addValues(values: Set<string>, key: string, node: RequirementSet, catalog: CatalogIndex, sets: RequirementSets): void {
  const { types } = catalog.matches(node);
  const keys = [...catalog.offeringRows.keys()].flatMap((asked) => {
    const own = node.byKey.get(asked);
    return own === undefined ? [] : [{ own, column: catalog.offeringRows.column(asked) }];
  });
  const ofType = catalog.typeRows.column(key);
  const ofOffering = catalog.offeringRows.column(key);
  const seen = new Set<Requirement>();
  for (let offering = 0; offering < catalog.offerings.length; offering++) {
    const type = catalog.typeOfOffering[offering] as number;
    if (!hasBit(types, type)) continue;
    let said: Requirement | undefined;
    for (const one of [node.byKey.get(key), ofType[type], ofOffering[offering]]) if (one !== undefined) said = said === undefined ? one : sets.table.intersect(said, one);
    if (said === undefined || said.complement || seen.has(said)) continue;
    if (!keys.every(({ own, column }) => column[offering] === undefined || sets.goTogether(own, column[offering] as Requirement))) continue;
    seen.add(said);
    for (const value of said.values) values.add(value);
  }
}
