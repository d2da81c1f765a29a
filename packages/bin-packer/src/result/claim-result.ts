import { CAPACITY_TYPE_LABEL, INITIALIZED_LABEL, INSTANCE_TYPE_LABEL, NODE_POOL_HASH_ANNOTATION, NODE_POOL_HASH_VERSION, NODE_POOL_HASH_VERSION_ANNOTATION, nodePoolHash, REGISTERED_LABEL, type Annotations, type Labels, type NodeSelectorRequirementWithMinValues, type ResourceList } from "@groupless/api";
import type { InstanceType } from "@groupless/catalog";
import type { NewNodeClaim } from "../packing.ts";
import { type Bits, bits, hasBit, intersects, setBit } from "../intern/bits.ts";
import { admits } from "../intern/requirement.ts";
import type { RequirementSet } from "../intern/requirement-set.ts";
import { add } from "../intern/amounts.ts";
import type { Amounts, Resources } from "../intern/resources.ts";
import type { OpenClaim } from "../place/open-claim.ts";
import type { Snapshot } from "../prepare/snapshot.ts";
import type { CatalogIndex } from "../supply/catalog-index.ts";
import { unmetAmong } from "../supply/min-values.ts";
import { type Template, poolLabels } from "../supply/template.ts";
import { capacityTypesOf, cheapestOf, type PriceLane, priceLane } from "./price-lane.ts";

const MIN_VALUES_RELAXED = "karpenter.sh/nodeclaim-min-values-relaxed";
const PRICE_OVERLAY = "karpenter.sh/price-overlay-applied";

/** A claim whose types, once only the cheapest are kept, no longer have the variety its pool asks for. */
export interface Truncated {
  readonly unmet: ReadonlyMap<string, number>;
  readonly requirements: RequirementSet;
  readonly kept: number;
}

/** What all claims of a pool with equal requirements and equal types have in common; made once and shared. */
interface Mould {
  readonly options: Bits;
  readonly truncated: Truncated | undefined;
  readonly instanceTypes: readonly string[];
  readonly requirements: readonly NodeSelectorRequirementWithMinValues[];
  readonly cheapestPrice: number;
  readonly overlaid: boolean;
}

interface Lane extends PriceLane {
  readonly labels: Labels;
  /** The requirements it was solved with. */
  readonly planned: readonly NodeSelectorRequirementWithMinValues[];
  readonly moulds: Map<number, Mould[]>;
}

// What a claim comes to follows from its requirements and types alone, so that all solves that know the template share it.
const lanesOf: WeakMap<Template, (Lane | undefined)[]> = /* @__PURE__ */ new WeakMap();

/** Turns open claims into results. Karpenter pkg/controllers/provisioning/scheduling: FinalizeScheduling, Truncate, ToNodeClaim. */
export class ClaimResults {
  readonly #snapshot: Snapshot;
  readonly #minValuesRelaxed: ReadonlyMap<Template, boolean>;
  readonly #annotations = new Map<string, Annotations>();

  constructor(snapshot: Snapshot, minValuesRelaxed: ReadonlyMap<Template, boolean>) {
    this.#snapshot = snapshot;
    this.#minValuesRelaxed = minValuesRelaxed;
  }

  /** `pods`: their names, sorted. */
  of(claim: OpenClaim, pods: readonly string[]): NewNodeClaim | Truncated {
    const { template } = claim;
    const settled = this.#settled(claim);
    const lane = this.#lane(template, settled);
    const mould = this.#mould(template.catalog, settled, lane, claim.options);
    if (mould.truncated !== undefined) return mould.truncated;
    return {
      nodePool: template.name,
      pods,
      requests: this.#requests(claim),
      requirements: mould.requirements,
      plannedRequirements: lane.planned,
      instanceTypes: mould.instanceTypes,
      cheapestPrice: mould.cheapestPrice,
      labels: lane.labels,
      annotations: this.#annotationsOf(template, this.#minValuesRelaxed.get(template) ?? false, mould.overlaid),
      taints: template.taints,
      startupTaints: template.pool.spec.template.spec.startupTaints ?? NONE,
    };
  }

  /** Reservations a claim holds become demands, so that no more is launched into them than they have. */
  #settled(claim: OpenClaim): RequirementSet {
    const { sets, options } = this.#snapshot;
    const { requirements } = claim.lane;
    if (claim.reserved.size === 0) return requirements;
    const reserved = sets.replace(requirements, CAPACITY_TYPE_LABEL, sets.table.is(CAPACITY_TYPE_LABEL, "reserved"));
    const label = options.reservationIDLabel;
    return label === undefined ? reserved : sets.merge(reserved, sets.of([sets.table.make(label, "In", [...claim.reserved].sort())]));
  }

  #lane(template: Template, settled: RequirementSet): Lane {
    let lanes = lanesOf.get(template);
    if (lanes === undefined) lanesOf.set(template, (lanes = []));
    return (lanes[settled.id] ??= { ...priceLane(template.catalog, settled), labels: this.#labelsOf(template, settled), planned: Object.freeze(settled.requirements.flatMap((requirement) => this.#snapshot.sets.table.toApi(requirement))), moulds: new Map() });
  }

  #mould(catalog: CatalogIndex, settled: RequirementSet, lane: Lane, options: Bits): Mould {
    const { moulds } = lane;
    let digest = 0;
    for (let word = 0; word < options.length; word++) digest = (Math.imul(digest, 31) + (options[word] as number)) | 0;
    let alike = moulds.get(digest);
    if (alike === undefined) moulds.set(digest, (alike = []));
    let mould = alike.find((other) => other.options === options || other.options.every((word, index) => word === options[index]));
    if (mould === undefined) alike.push((mould = this.#cast(catalog, settled, lane, options)));
    return mould;
  }

  #cast(catalog: CatalogIndex, settled: RequirementSet, lane: Lane, options: Bits): Mould {
    const { sets, options: settings } = this.#snapshot;
    const all = catalog.typesOf(options);
    const types = cheapestOf(lane, all, settings.maxInstanceTypes ?? 600);
    const kept = bits(catalog.types.length);
    for (const type of types) setBit(kept, type);
    const unmet = settled.hasMinValues && settings.minValuesPolicy !== "BestEffort" ? unmetAmong(catalog, types, settled) : undefined;
    const capacityTypes = capacityTypesOf(lane, kept);
    const requirements: NodeSelectorRequirementWithMinValues[] = [this.#typesRequirement(catalog, settled, kept)];
    let capacityType = settled.byKey.get(CAPACITY_TYPE_LABEL);
    if (capacityTypes.length > 0) {
      const narrowed = sets.table.make(CAPACITY_TYPE_LABEL, "In", capacityTypes);
      capacityType = capacityType === undefined ? narrowed : sets.table.intersect(capacityType, narrowed);
    }
    if (capacityType !== undefined) requirements.push(...sets.table.toApi(capacityType));
    for (const requirement of settled.requirements) {
      if (requirement.key !== REGISTERED_LABEL && requirement.key !== INITIALIZED_LABEL && requirement.key !== CAPACITY_TYPE_LABEL && requirement.key !== INSTANCE_TYPE_LABEL) requirements.push(...sets.table.toApi(requirement));
    }
    requirements.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.operator < b.operator ? -1 : 1));
    const cheapest = types.length === 0 ? Infinity : (lane.prices[types[0] as number] as number);
    return {
      options,
      truncated: unmet === undefined || unmet.size === 0 ? undefined : { unmet, requirements: settled, kept: types.length },
      instanceTypes: Object.freeze(types.map((type) => (catalog.types[type] as InstanceType).name)),
      requirements: Object.freeze(requirements),
      cheapestPrice: cheapest === Infinity ? -1 : cheapest,
      overlaid: intersects(catalog.overlaid, kept),
    };
  }

  /** The types by name; without interning, for these lists are long and each is needed once. */
  #typesRequirement(catalog: CatalogIndex, settled: RequirementSet, types: Bits): NodeSelectorRequirementWithMinValues {
    const own = settled.byKey.get(INSTANCE_TYPE_LABEL);
    const names: string[] = [];
    for (const type of catalog.byName) {
      if (!hasBit(types, type)) continue;
      const { name } = catalog.types[type] as InstanceType;
      if (own === undefined || admits(own, name)) names.push(name);
    }
    const minValues = own?.minValues === undefined ? {} : { minValues: own.minValues };
    return names.length === 0 ? { key: INSTANCE_TYPE_LABEL, operator: "DoesNotExist", ...minValues } : { key: INSTANCE_TYPE_LABEL, operator: "In", values: names, ...minValues };
  }

  /** What the pods need, and at least what daemons take on any of the types. */
  #requests(claim: OpenClaim): ResourceList {
    const { columns } = this.#snapshot;
    let mask = 0;
    for (const pod of claim.pods) mask |= pod.class.requests.mask;
    let total: Amounts = claim.requests;
    const daemons = leastOverhead(claim, columns.zero());
    if (daemons !== undefined) {
      total = columns.copy(total);
      add(total, daemons.amounts);
      mask |= daemons.mask;
    }
    const list: Record<string, string> = {};
    // A big column's zero is 0n: loose equality is meant.
    for (const column of columns.named(mask)) if (column < 31 || total[column] != 0) list[columns.names[column] as string] = columns.text(column, total[column] as number);
    return list;
  }

  /** The pool's labels, and a value for each label of the user's own that the claim settles. */
  #labelsOf(template: Template, settled: RequirementSet): Labels {
    const found = poolLabels(template.pool);
    for (const requirement of settled.requirements) {
      if (this.#snapshot.sets.wellKnown.has(requirement.key) || requirement.key === REGISTERED_LABEL || requirement.key === INITIALIZED_LABEL) continue;
      const value = this.#snapshot.tables.rules.labelValue(requirement);
      if (value !== "") found[requirement.key] = value;
    }
    return Object.freeze(found);
  }

  #annotationsOf(template: Template, relaxed: boolean, overlaid: boolean): Annotations {
    const key = `${template.name}\n${relaxed}\n${overlaid}`;
    let annotations = this.#annotations.get(key);
    if (annotations === undefined) {
      annotations = Object.freeze({
        ...template.pool.spec.template.metadata?.annotations,
        [NODE_POOL_HASH_ANNOTATION]: nodePoolHash(template.pool),
        [NODE_POOL_HASH_VERSION_ANNOTATION]: NODE_POOL_HASH_VERSION,
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
    if (least === undefined || least.mask === 0) least = overhead;
    else {
      const mask = least.mask & (overhead?.mask ?? 0);
      const amounts = zero.slice();
      for (let column = 0; column < amounts.length; column++) {
        const [a, b] = [least.amounts[column] as number, overhead === undefined ? (zero[column] as number) : (overhead.amounts[column] as number)];
        amounts[column] = a < b ? a : b;
      }
      least = { id: -1, amounts, columns: [], mask, beyond: undefined };
    }
  }
  return least;
}
