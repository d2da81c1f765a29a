import { CAPACITY_TYPE_LABEL, INITIALIZED_LABEL, INSTANCE_TYPE_LABEL, REGISTERED_LABEL, type Annotations, type Labels, type NodeSelectorRequirementWithMinValues, type ResourceList } from "@groupless/api";
import type { NewNodeClaim } from "../packing.ts";
import { intersects } from "../intern/bits.ts";
import { toApi, type Requirement } from "../intern/requirement.ts";
import type { RequirementSet } from "../intern/requirement-set.ts";
import { add, type Amounts, type Resources } from "../intern/resources.ts";
import type { OpenClaim } from "../place/open-claim.ts";
import type { Snapshot } from "../prepare/snapshot.ts";
import type { CatalogIndex, OfferingEntry, TypeEntry } from "../supply/catalog-index.ts";
import { unmetAmong } from "../supply/min-values.ts";
import { type Template, poolLabels } from "../supply/template.ts";
import { anyValue } from "./any-value.ts";
import { inOrder, type PriceOrder, priceOrder } from "./price-order.ts";

const MIN_VALUES_RELAXED = "karpenter.sh/nodeclaim-min-values-relaxed";
const NODE_POOL_HASH_VERSION = "karpenter.sh/nodepool-hash-version";
const PRICE_OVERLAY = "karpenter.sh/price-overlay-applied";

/** A claim whose types, once only the cheapest are kept, no longer have the variety its pool asks for. */
export interface Truncated {
  readonly unmet: ReadonlyMap<string, number>;
  readonly requirements: RequirementSet;
  readonly kept: number;
}

/** Turns open claims into results; equal lists are made once and shared. */
export class ClaimResults {
  readonly #snapshot: Snapshot;
  readonly #orders = new Map<CatalogIndex, Map<number, PriceOrder>>();
  readonly #typeLists = new Map<string, readonly number[]>();
  readonly #nameLists = new Map<readonly number[], readonly string[]>();
  readonly #requirementLists = new Map<string, readonly NodeSelectorRequirementWithMinValues[]>();
  readonly #labels = new Map<string, Labels>();
  readonly #annotations = new Map<string, Annotations>();

  readonly #minValuesRelaxed: ReadonlyMap<Template, boolean>;

  constructor(snapshot: Snapshot, minValuesRelaxed: ReadonlyMap<Template, boolean>) {
    this.#snapshot = snapshot;
    this.#minValuesRelaxed = minValuesRelaxed;
  }

  /** The claim as it is launched. Karpenter pkg/controllers/provisioning/scheduling: FinalizeScheduling, Truncate, ToNodeClaim. */
  of(claim: OpenClaim): NewNodeClaim | Truncated {
    const { sets, options } = this.#snapshot;
    const { template } = claim;
    const { catalog } = template;
    const settled = this.#settled(claim);
    const order = this.#order(catalog, settled);
    const types = this.#types(claim, settled, order);
    if (settled.hasMinValues && options.minValuesPolicy !== "BestEffort") {
      const unmet = unmetAmong(types.map((type) => catalog.types[type] as TypeEntry), settled);
      if (unmet.size > 0) return { unmet, requirements: settled, kept: types.length };
    }
    const names = this.#names(types, catalog);
    const listed = this.#requirements(settled, types, names, order, catalog);
    let cheapest = Infinity;
    for (const type of types) if ((order.prices[type] as number) < cheapest) cheapest = order.prices[type] as number;
    const overlaid = types.some((type) => (catalog.types[type] as TypeEntry).type.offerings.some((offering) => offering.priceOverlayApplied === true));
    return {
      nodePool: template.name,
      pods: Object.freeze(claim.pods.map((pod) => pod.name).sort()),
      requests: this.#requests(claim),
      requirements: listed,
      plannedRequirements: this.#planned(settled),
      instanceTypes: names,
      cheapestPrice: cheapest === Infinity ? -1 : cheapest,
      labels: this.#labelsOf(template, settled, sets.wellKnown),
      annotations: this.#annotationsOf(template, this.#minValuesRelaxed.get(template) ?? false, overlaid),
      taints: template.taints,
      startupTaints: template.pool.spec.template.spec.startupTaints ?? NONE,
    };
  }

  /** Reservations a claim holds become demands, so that no more is launched into them than they have. */
  #settled(claim: OpenClaim): RequirementSet {
    const { sets, options } = this.#snapshot;
    if (claim.reserved.size === 0) return claim.requirements;
    const reserved = sets.replace(claim.requirements, CAPACITY_TYPE_LABEL, sets.table.is(CAPACITY_TYPE_LABEL, "reserved"));
    const label = options.reservationIDLabel;
    return label === undefined ? reserved : sets.merge(reserved, sets.of([sets.table.make(label, "In", [...claim.reserved].sort())]));
  }

  #order(catalog: CatalogIndex, requirements: RequirementSet): PriceOrder {
    let known = this.#orders.get(catalog);
    if (known === undefined) this.#orders.set(catalog, (known = new Map()));
    let order = known.get(requirements.id);
    if (order === undefined) known.set(requirements.id, (order = priceOrder(catalog, requirements)));
    return order;
  }

  #types(claim: OpenClaim, settled: RequirementSet, order: PriceOrder): readonly number[] {
    const { catalog } = claim.template;
    const text = `${claim.template.name}\n${settled.id}\n${claim.options.join(",")}`;
    let types = this.#typeLists.get(text);
    if (types === undefined) {
      types = inOrder(order, catalog.typesOf(claim.options)).slice(0, this.#snapshot.options.maxInstanceTypes ?? 600);
      this.#typeLists.set(text, types);
    }
    return types;
  }

  #names(types: readonly number[], catalog: CatalogIndex): readonly string[] {
    let names = this.#nameLists.get(types);
    if (names === undefined) {
      names = Object.freeze(types.map((type) => (catalog.types[type] as TypeEntry).type.name));
      this.#nameLists.set(types, names);
    }
    return names;
  }

  /** As they were solved with. */
  #planned(settled: RequirementSet): readonly NodeSelectorRequirementWithMinValues[] {
    const text = `${settled.id}`;
    let list = this.#requirementLists.get(text);
    if (list === undefined) this.#requirementLists.set(text, (list = Object.freeze(settled.requirements.flatMap(toApi))));
    return list;
  }

  /** With the types by name, and the capacity types they can be had in. */
  #requirements(settled: RequirementSet, types: readonly number[], names: readonly string[], order: PriceOrder, catalog: CatalogIndex): readonly NodeSelectorRequirementWithMinValues[] {
    const { sets } = this.#snapshot;
    const { table } = sets;
    const among = new Set(types);
    const capacityTypes = new Set<string>();
    for (const index of order.offerings) {
      const { typeIndex, capacityType } = catalog.offerings[index] as OfferingEntry;
      if (among.has(typeIndex)) capacityTypes.add(capacityType);
    }
    const text = `${settled.id}\n${[...capacityTypes].sort().join(",")}\n${names.join(",")}`;
    let list = this.#requirementLists.get(text);
    if (list === undefined) {
      const added: Requirement[] = [table.make(INSTANCE_TYPE_LABEL, "In", names, settled.byKey.get(INSTANCE_TYPE_LABEL)?.minValues)];
      if (capacityTypes.size > 0) added.push(table.make(CAPACITY_TYPE_LABEL, "In", [...capacityTypes]));
      list = Object.freeze(
        sets
          .of([...settled.requirements, ...added])
          .requirements.filter(({ key }) => key !== REGISTERED_LABEL && key !== INITIALIZED_LABEL)
          .flatMap(toApi),
      );
      this.#requirementLists.set(text, list);
    }
    return list;
  }

  /** What the pods need, and at least what daemons take on any of the types. */
  #requests(claim: OpenClaim): ResourceList {
    const { columns } = this.#snapshot;
    const total: Amounts = columns.copy(claim.requests);
    const names = new Set(claim.names);
    const daemons = leastOverhead(claim, columns.zero());
    if (daemons !== undefined) {
      add(total, daemons.amounts);
      for (const name of daemons.names) names.add(name);
    }
    const list: Record<string, string> = {};
    for (const name of [...names].sort()) {
      const column = columns.column(name);
      list[name] = columns.text(column, total[column] as number);
    }
    return list;
  }

  /** The pool's labels, and a value for each label of the user's own that the claim settles. */
  #labelsOf(template: Template, settled: RequirementSet, wellKnown: ReadonlySet<string>): Labels {
    const key = `${template.name}\n${settled.id}`;
    let labels = this.#labels.get(key);
    if (labels === undefined) {
      const found = poolLabels(template.pool);
      for (const requirement of settled.requirements) {
        if (wellKnown.has(requirement.key) || requirement.key === REGISTERED_LABEL || requirement.key === INITIALIZED_LABEL) continue;
        const value = anyValue(requirement);
        if (value !== "") found[requirement.key] = value;
      }
      labels = Object.freeze(found);
      this.#labels.set(key, labels);
    }
    return labels;
  }

  #annotationsOf(template: Template, relaxed: boolean, overlaid: boolean): Annotations {
    const key = `${template.name}\n${relaxed}\n${overlaid}`;
    let annotations = this.#annotations.get(key);
    if (annotations === undefined) {
      annotations = Object.freeze({
        ...template.pool.spec.template.metadata?.annotations,
        [NODE_POOL_HASH_VERSION]: "v3",
        [MIN_VALUES_RELAXED]: String(relaxed),
        ...(overlaid ? { [PRICE_OVERLAY]: "true" } : {}),
      });
      this.#annotations.set(key, annotations);
    }
    return annotations;
  }
}

const NONE: readonly never[] = Object.freeze([]);

/**
 * The least of each resource over the daemon groups that are left. As in Karpenter, a group without daemons is taken for no bound yet,
 * so it counts only after one with daemons (pkg/controllers/provisioning/scheduling/nodeclaim.go addDaemonRequests).
 */
function leastOverhead(claim: OpenClaim, zero: Amounts): Resources | undefined {
  let least: Resources | undefined;
  for (const { variants, overhead } of claim.template.daemonGroups) {
    if (!intersects(variants, claim.options)) continue;
    if (least === undefined || least.names.length === 0) least = overhead;
    else {
      const names = least.names.filter((name) => overhead?.names.includes(name) === true);
      const amounts = zero.slice();
      for (let column = 0; column < amounts.length; column++) {
        const [a, b] = [least.amounts[column] as number, overhead === undefined ? (zero[column] as number) : (overhead.amounts[column] as number)];
        amounts[column] = a < b ? a : b;
      }
      least = { amounts, columns: [], names };
    }
  }
  return least;
}

