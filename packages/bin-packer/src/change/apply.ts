import { type KubeObject, type NodePool, nameOf } from "@groupless/api";
import type { InstanceType, Offering } from "@groupless/catalog";
import { RequirementTable } from "../intern/requirement.ts";
import { RequirementSets } from "../intern/requirement-set.ts";
import { objectKey } from "../prepare/object-index.ts";
import type { Change, Cluster, OfferingSelector, WatchEvent } from "../cluster.ts";

/**
 * The cluster as it would be if all of a change held: what `whatIf` answers about. The cluster given is left as it is.
 *
 * A removed node stays in the books, as it does while Karpenter simulates its disruption (see `Cluster.removeNodes`).
 */
export function apply(cluster: Cluster, change: Change): Cluster {
  const { nodePools, objects } = cluster;
  const without = new Set(change.removeNodePools ?? []);
  const added = change.nodePools ?? [];
  const addedNames = new Set(added.map((pool) => pool.metadata.name));
  const pools: readonly NodePool[] = without.size + addedNames.size === 0 ? nodePools : [...nodePools.filter(({ metadata }) => !without.has(metadata.name) && !addedNames.has(metadata.name)), ...added];
  const removed = change.removeNodes ?? [];
  return {
    ...cluster,
    nodePools: pools,
    objects: replaceObjects(withoutPods(objects, change.removePods ?? []), change.objects ?? []),
    instanceTypes: changeOfferings(cluster, change),
    ...(removed.length === 0 ? {} : { removeNodes: [...new Set([...(cluster.removeNodes ?? []), ...removed])] }),
  };
}

/** The cluster after some messages of a watch, in the order they came. */
export function applyEvents(cluster: Cluster, events: readonly WatchEvent[]): Cluster {
  const byKey = new Map(cluster.objects.map((object) => [objectKey(object), object]));
  for (const { type, object } of events) {
    if (object.kind === "NodePool") continue;
    if (type === "DELETED") byKey.delete(objectKey(object));
    else byKey.set(objectKey(object), object);
  }
  return { ...cluster, nodePools: poolsAfter(cluster.nodePools, events), objects: [...byKey.values()] };
}

/** The pools after those messages that are about pools. */
export function poolsAfter(nodePools: readonly NodePool[], events: readonly WatchEvent[]): readonly NodePool[] {
  const pools = new Map(nodePools.map((pool) => [pool.metadata.name, pool]));
  for (const { type, object } of events) {
    if (object.kind !== "NodePool") continue;
    if (type === "DELETED") pools.delete(object.metadata.name);
    else pools.set(object.metadata.name, object);
  }
  return [...pools.values()];
}

function withoutPods(objects: readonly KubeObject[], names: readonly string[]): readonly KubeObject[] {
  if (names.length === 0) return objects;
  const gone = new Set(names);
  return objects.filter((object) => object.kind !== "Pod" || !gone.has(nameOf(object)));
}

function replaceObjects(objects: readonly KubeObject[], added: readonly KubeObject[]): readonly KubeObject[] {
  if (added.length === 0) return objects;
  const keys = new Set(added.map(objectKey));
  return [...objects.filter((object) => !keys.has(objectKey(object))), ...added];
}

function changeOfferings(cluster: Cluster, { prices = [], unavailable = [] }: Change): Cluster["instanceTypes"] {
  if (prices.length + unavailable.length === 0) return cluster.instanceTypes;
  const sets = new RequirementSets(new RequirementTable(), new Set());
  const selects = (selector: OfferingSelector): ((type: InstanceType, offering: Offering) => boolean) => {
    const wanted = sets.of(selector.requirements.map((requirement) => sets.table.of(requirement)));
    return (type, offering) => sets.compatible(sets.of([...type.requirements, ...offering.requirements].map((requirement) => sets.table.of(requirement))), wanted, true);
  };
  const priced = prices.map((price) => ({ ...price, selects: selects(price) }));
  const gone = unavailable.map(selects);
  const changed = (type: InstanceType): InstanceType => ({
    ...type,
    offerings: type.offerings.map((offering) => {
      let price = offering.price;
      for (const one of priced) if (one.selects(type, offering)) price = one.priceUsdPerHour ?? price * (one.factor ?? 1);
      const available = offering.available && !gone.some((matches) => matches(type, offering));
      return price === offering.price && available === offering.available ? offering : { ...offering, price, available };
    }),
  });
  const known = new Map<readonly InstanceType[], readonly InstanceType[]>();
  return Object.fromEntries(
    Object.entries(cluster.instanceTypes).map(([pool, types]) => {
      let result = known.get(types);
      if (result === undefined) known.set(types, (result = types.map(changed)));
      return [pool, result];
    }),
  );
}
