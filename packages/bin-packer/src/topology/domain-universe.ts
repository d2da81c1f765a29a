import type { Taint } from "@groupless/api";
import { hasBit } from "../intern/bits.ts";
import { admits, operatorOf, type Requirement } from "../intern/requirement.ts";
import type { RequirementSet, RequirementSets } from "../intern/requirement-set.ts";
import { tolerates } from "../intern/toleration.ts";
import type { CatalogIndex } from "../supply/catalog-index.ts";
import type { GroupSpec } from "./group-spec.ts";

/** What one pool contributes: its requirements and labels, its taints, its whole catalog. */
export interface DomainSource {
  readonly requirements: RequirementSet;
  /** The same with all that the pool's nodes get besides. */
  readonly template: RequirementSet;
  readonly taints: readonly Taint[];
  readonly catalog: CatalogIndex;
  readonly sets: RequirementSets;
}

/**
 * The values of a node label that new nodes could have, and behind which taints. Worked out key by key, as rules ask for it.
 * Karpenter pkg/controllers/provisioning/scheduling/topology.go buildDomainGroups: an excluded value of a pool's own label counts as one it could have.
 */
export class DomainUniverse {
  protected readonly sources: readonly DomainSource[];
  readonly #byKey = new Map<string, ReadonlyMap<string, readonly (readonly Taint[])[]>>();

  readonly #inReach = new Map<string, ReadonlySet<string> | undefined>();

  constructor(sources: readonly DomainSource[]) {
    this.sources = sources;
  }

  /** The domains a rule knows: only spreads may overlook taints, for the rules of affinity have no policy, which is not the one that ignores. */
  domains({ key, filter, tolerations: own }: GroupSpec): string[] {
    const tolerations = filter !== undefined && !filter.honoursTaints ? undefined : own;
    const known = this.#domainsOf(key);
    const names: string[] = [];
    for (const [domain, taints] of known) if (tolerations === undefined || taints.some((behind) => tolerates(behind, tolerations))) names.push(domain);
    return names.sort();
  }

  /** Of the domains, those in which a node can be had at the moment, by pools whose taints the rule's pods tolerate; undefined: any. */
  inReach({ key, tolerations }: GroupSpec): ReadonlySet<string> | undefined {
    const text = JSON.stringify([key, tolerations]);
    if (!this.#inReach.has(text)) this.#inReach.set(text, offeredValues(key, this.sources.filter(({ taints }) => tolerates(taints, tolerations))));
    return this.#inReach.get(text);
  }

  #domainsOf(key: string): ReadonlyMap<string, readonly (readonly Taint[])[]> {
    let found = this.#byKey.get(key);
    if (found !== undefined) return found;
    const domains = new Map<string, (readonly Taint[])[]>();
    for (const { requirements, taints, catalog } of this.sources) {
      const own = requirements.byKey.get(key);
      const values = new Set<string>();
      if (own !== undefined && operatorOf(own) === "In") for (const value of own.values) values.add(value);
      for (const value of catalog.valuesUnder(key, own)) values.add(value);
      for (const value of values) {
        const behind = domains.get(value);
        if (behind === undefined || taints.length === 0) domains.set(value, [taints]);
        else if ((behind[0] as readonly Taint[]).length > 0) behind.push(taints);
      }
    }
    this.#byKey.set(key, (found = domains));
    return found;
  }
}

function offeredValues(key: string, sources: readonly DomainSource[]): ReadonlySet<string> | undefined {
  const values = new Set<string>();
  for (const { template, catalog } of sources) {
    const own = template.byKey.get(key);
    const { types } = catalog.matches(template);
    const offerings = catalog.offeringsUnder(template);
    const [ofType, ofOffering] = [catalog.typeRows.column(key), catalog.offeringRows.column(key)];
    const seen = new Set<Requirement>();
    for (let offering = 0; offering < catalog.offerings.length; offering++) {
      const type = catalog.typeOfOffering[offering] as number;
      const said = ofOffering[offering] ?? ofType[type] ?? own;
      if (said === undefined || seen.has(said) || !hasBit(offerings, offering) || !hasBit(types, type)) continue;
      if (said.complement) return undefined;
      seen.add(said);
      for (const value of said.values) if (own === undefined || admits(own, value)) values.add(value);
    }
  }
  return values;
}
