import type { InstanceType } from "@groupless/catalog";
import { CORE_LABELS, withLabels } from "@groupless/requirements";
import { fromNodePool, fromSelectorRequirements, intersects, toSelectorRequirementList } from "@groupless/requirements/karpenter";
import { type Prepared, wellKnownLabelsOf } from "@groupless/bin-packer";
import { type ClusterView, isTemplate } from "../cluster/cluster-view.ts";
import type { DisruptionEvent } from "../events/disruption-event.ts";
import { flexibility } from "../replacement/min-values.ts";
import { offeringFits } from "../replacement/offering-fit.ts";

const known = new WeakMap<ClusterView, readonly DisruptionEvent[]>();

/** What Karpenter tells the owners of pools none of whose instance types meets their own requirements. */
export function emptyPools(prepared: Prepared, view: ClusterView): readonly DisruptionEvent[] {
  let events = known.get(view);
  if (events === undefined) {
    events = build(prepared, view);
    known.set(view, events);
  }
  return events;
}

function build({ cluster }: Prepared, view: ClusterView): readonly DisruptionEvent[] {
  const tables = withLabels(CORE_LABELS, { wellKnown: wellKnownLabelsOf(cluster) });
  const wellKnown = new Set(tables.wellKnown);
  const events: DisruptionEvent[] = [];
  for (const [name, nodePool] of view.nodePools) {
    const types = [...(view.instanceTypes(name)?.values() ?? [])];
    if (!isTemplate(nodePool)) continue;
    const requirements = fromNodePool(nodePool, tables);
    const meets = (type: InstanceType): boolean => intersects(fromSelectorRequirements(type.requirements, tables), requirements);
    const offered = (type: InstanceType): boolean => type.offerings.some((offering) => offering.available && offeringFits(requirements, offering, wellKnown));
    const listed = toSelectorRequirementList(requirements);
    // One type will do, unless so many values of a key are asked for.
    const counts = cluster.options?.minValuesPolicy !== "BestEffort" && listed.some(({ minValues }) => minValues !== undefined);
    const first = counts ? undefined : types.find((type) => meets(type) && offered(type));
    const left = counts ? types.filter((type) => meets(type) && offered(type)) : first === undefined ? [] : [first];
    const short = counts && flexibility(left, listed).unmet.length > 0;
    if (left.length > 0 && !short) continue;
    const why = left.length > 0 ? " due to minValues incompatibility" : "";
    events.push({ object: `NodePool/${name}`, type: "Warning", reason: "NoCompatibleInstanceTypes", message: `NodePool requirements filtered out all compatible available instance types${why}` });
  }
  return events;
}
