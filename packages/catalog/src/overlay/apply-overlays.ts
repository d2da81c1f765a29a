import { type Labels, NODE_POOL_LABEL, type NodeOverlay } from "@groupless/api";
import type { LabelTables } from "@groupless/requirements";
import { fromLabels, fromSelectorRequirements, intersect, isCompatible, type Requirements, requirementsText, validateRequirement } from "@groupless/requirements/karpenter";
import type { InstanceType } from "../instance-type/instance-type.ts";
import type { Offering } from "../offering/offering.ts";
import { mapShared } from "../price/update-offerings.ts";
import { defaultLabels, readRequirements, type RequirementList, wellKnownKeys } from "../selection/requirement-lists.ts";
import { applyChanges, type TypeChanges } from "./overlay-changes.ts";
import type { OverlayConflict, OverlayInvalid, OverlayRefusal } from "./overlay-refusal.ts";

/** A NodePool's catalog, and the labels that its nodes will have: overlays may select by them. */
export interface OverlaidPool {
  readonly name: string;
  readonly labels?: Labels;
  readonly instanceTypes: readonly InstanceType[];
}

export interface OverlayOptions {
  /** Default Karpenter's own. */
  readonly labels?: LabelTables;
  /** Resources that instance types state themselves and overlays may not. Default cpu, memory, ephemeral-storage, pods. */
  readonly restrictedResources?: readonly string[];
}

export interface OverlayResult {
  /** By NodePool; types that no overlay changes are shared with the list that came in. */
  readonly instanceTypes: Readonly<Record<string, readonly InstanceType[]>>;
  /** Overlays that were not applied anywhere. */
  readonly refused: readonly OverlayRefusal[];
}

/**
 * The catalogs of NodePools under NodeOverlays.
 *
 * Heavier overlays come first, of one weight the later in the alphabet; the first to reach an offering sets its price, the
 * first to name a resource its amount. An overlay that meets another of its weight on the same offering or resource, in
 * any pool, is refused as a whole. Karpenter's copies lose an offering's capacity and overhead overrides; these keep them.
 * Source: Karpenter, pkg/controllers/nodeoverlay.
 *
 * @throws {InputError} `bad-price-change` for a price or adjustment that is no number
 */
export function applyOverlays(pools: readonly OverlaidPool[], overlays: readonly NodeOverlay[], options: OverlayOptions = {}): OverlayResult {
  const { labels = defaultLabels, restrictedResources = ["cpu", "memory", "ephemeral-storage", "pods"] } = options;
  const changes = new Map<string, Map<string, TypeChanges>>(pools.map((pool) => [pool.name, new Map()]));
  const refused: OverlayRefusal[] = [];
  for (const overlay of [...overlays].sort(heavierFirst)) {
    const invalid = invalidity(overlay, labels, restrictedResources);
    if (invalid !== undefined) {
      refused.push(invalid);
      continue;
    }
    const reached = pools.flatMap((pool) => reach(pool, overlay, labels).map((target) => ({ ...target, pool: pool.name, before: changes.get(pool.name)?.get(target.type.name) })));
    const conflict = reached.map((target) => conflictOf(overlay, target)).find((found) => found !== undefined);
    if (conflict !== undefined) refused.push(conflict);
    else for (const { pool, type, offeringKeys, before } of reached) changes.get(pool)?.set(type.name, withOverlay(before, overlay, offeringKeys));
  }
  const instanceTypes = pools.map((pool) => [pool.name, mapShared(pool.instanceTypes, (type) => applyChanges(type, changes.get(pool.name)?.get(type.name), (offering) => offeringKeyOf(offering, labels)))] as const);
  return { instanceTypes: Object.fromEntries(instanceTypes), refused };
}

interface Target {
  readonly type: InstanceType;
  readonly offeringKeys: readonly string[];
}

function heavierFirst(a: NodeOverlay, b: NodeOverlay): number {
  return weightOf(b) - weightOf(a) || (a.metadata.name > b.metadata.name ? -1 : a.metadata.name < b.metadata.name ? 1 : 0);
}

function weightOf(overlay: NodeOverlay): number {
  return overlay.spec.weight ?? 0;
}

function invalidity(overlay: NodeOverlay, labels: LabelTables, restricted: readonly string[]): OverlayInvalid | undefined {
  const requirements = overlay.spec.requirements ?? [];
  const problems = requirements.flatMap((requirement) => validateRequirement(requirement, labels));
  const emptyNotIn = requirements.filter((requirement) => requirement.operator === "NotIn" && (requirement.values ?? []).length === 0);
  const restrictedResources = Object.keys(overlay.spec.capacity ?? {}).filter((resource) => restricted.includes(resource));
  if (problems.length === 0 && emptyNotIn.length === 0 && restrictedResources.length === 0) return undefined;
  const missing = emptyNotIn.map((requirement) => ({ code: "in-without-values" as const, canResolve: false, requirement }));
  return { code: "overlay-invalid", canResolve: false, overlay: overlay.metadata.name, problems: [...problems, ...missing], restrictedResources };
}

/** The types an overlay selects in a pool: by the pool's and the type's labels, and by some offering's. */
function reach(pool: OverlaidPool, overlay: NodeOverlay, labels: LabelTables): readonly Target[] {
  const asked = fromSelectorRequirements(overlay.spec.requirements, labels);
  const ofPool = fromLabels({ ...pool.labels, [NODE_POOL_LABEL]: pool.name }, labels);
  return pool.instanceTypes.flatMap((type): readonly Target[] => {
    if (!isCompatible(intersect(ofPool, readRequirements(type.requirements, labels)), asked)) return [];
    const offerings = type.offerings.filter((offering) => fits(asked, offering, labels));
    return offerings.length === 0 ? [] : [{ type, offeringKeys: offerings.map((offering) => offeringKeyOf(offering, labels)) }];
  });
}

function fits(asked: Requirements, offering: Offering, labels: LabelTables): boolean {
  return isCompatible(asked, readRequirements(offering.requirements, labels), wellKnownKeys(labels));
}

// Offerings of many types share a frozen list of requirements: its text is made once.
const texts = new WeakMap<RequirementList, string>();

function offeringKeyOf(offering: Offering, labels: LabelTables): string {
  let text = texts.get(offering.requirements);
  if (text === undefined) {
    text = requirementsText(readRequirements(offering.requirements, labels), labels);
    if (Object.isFrozen(offering.requirements)) texts.set(offering.requirements, text);
  }
  return text;
}

function priceChangeOf(overlay: NodeOverlay): string | undefined {
  return overlay.spec.price ?? overlay.spec.priceAdjustment;
}

/** Only the last overlay that touched an offering or resource can be of the same weight: they come in order of weight. */
function conflictOf(overlay: NodeOverlay, { pool, type, offeringKeys, before }: Target & { readonly pool: string; readonly before: TypeChanges | undefined }): OverlayConflict | undefined {
  if (before === undefined) return undefined;
  const weight = weightOf(overlay);
  const conflict = (field: string): OverlayConflict => ({ code: "overlay-conflict", canResolve: false, overlay: overlay.metadata.name, nodePool: pool, instanceType: type.name, field });
  if (priceChangeOf(overlay) !== undefined && offeringKeys.some((key) => before.prices.get(key)?.lastWeight === weight)) return conflict("price");
  if (before.lastCapacityWeight !== weight) return undefined;
  const resource = Object.keys(overlay.spec.capacity ?? {}).find((name) => before.lastResources.includes(name));
  return resource === undefined ? undefined : conflict(resource);
}

function withOverlay(before: TypeChanges | undefined, overlay: NodeOverlay, offeringKeys: readonly string[]): TypeChanges {
  const weight = weightOf(overlay);
  const change = priceChangeOf(overlay);
  const { capacity } = overlay.spec;
  const prices = new Map(before?.prices);
  if (change !== undefined) for (const key of offeringKeys) prices.set(key, { change: prices.get(key)?.change ?? change, lastWeight: weight });
  return {
    prices,
    capacity: { ...capacity, ...before?.capacity },
    lastCapacityWeight: capacity === undefined ? before?.lastCapacityWeight : weight,
    lastResources: capacity === undefined ? (before?.lastResources ?? []) : Object.keys(capacity),
  };
}
