import type { InstanceType } from "@groupless/catalog";
import { add } from "../intern/amounts.ts";
import { hasBit, members } from "../intern/bits.ts";
import type { Requirement } from "../intern/requirement.ts";
import type { Amounts } from "../intern/resources.ts";
import type { Failure } from "../place/failure.ts";
import type { Snapshot } from "../prepare/snapshot.ts";
import type { LabelConflict, NearestMiss } from "../reason.ts";
import type { CandidateTypes } from "./candidate-types.ts";

/** The type of the pool that fails in the fewest ways; of several the one that lacks the smallest share, then the first by name. */
export function nearestMiss(snapshot: Snapshot, { template, requirements, requests, options }: Extract<Failure, { readonly kind: "instance-types" }>, types: CandidateTypes): NearestMiss | undefined {
  const { catalog } = template;
  const { columns } = snapshot;
  const offered = catalog.typesOf(catalog.matches(requirements).variants);
  const failing = types.failing(template, requirements);
  const among = members(options);
  let best: { readonly score: number; readonly variant: number; readonly needed: Amounts } | undefined;
  for (const group of template.daemonGroups) {
    const needed = columns.copy(requests.amounts);
    if (group.overhead !== undefined) add(needed, group.overhead.amounts);
    for (const variant of among) {
      if (!hasBit(group.variants, variant)) continue;
      const type = catalog.typeOf[variant] as number;
      const missing = (failing[type] as number) + (hasBit(offered, type) ? 0 : 1);
      if (best !== undefined && missing * 1000 > best.score) continue;
      const room = catalog.allocatable[variant] as Amounts;
      let short = 0;
      let share = 0;
      for (let column = 0; column < needed.length; column++) {
        if (!((needed[column] as number) > (room[column] as number))) continue;
        short++;
        share += 1 - Number(room[column]) / Number(needed[column]);
      }
      // What is missing counts first, how much of it second.
      const score = (missing + short) * 1000 + share;
      if (best === undefined || score < best.score || (score === best.score && nameOf(catalog.types[type]) < nameOf(catalog.types[catalog.typeOf[best.variant] as number]))) best = { score, variant, needed };
    }
  }
  if (best === undefined) return undefined;
  const type = catalog.typeOf[best.variant] as number;
  const room = catalog.allocatable[best.variant] as Amounts;
  const { needed } = best;
  const instanceType = catalog.types[type] as InstanceType;
  return {
    instanceType: instanceType.name,
    labels: requirements.requirements.filter((requirement) => !hasBit(catalog.typesThatMeet(requirement), type)).map((requirement): LabelConflict => ({ key: requirement.key, wanted: snapshot.sets.table.toApi(requirement), offered: listed(snapshot, catalog.typeRows.column(requirement.key)[type]) })),
    resources: [...needed.keys()].filter((column) => (needed[column] as number) > (room[column] as number)).map((column) => ({ resource: columns.names[column] as string, needed: columns.text(column, needed[column] as number), allocatable: columns.text(column, room[column] as number) })),
    offering: hasBit(offered, type) ? "available" : couldBeHad(snapshot, template.catalog, type, requirements) ? "unavailable" : "none",
  };
}

/** Is there an offering of the type that goes with the requirements but is not to be had now? */
function couldBeHad(snapshot: Snapshot, catalog: Extract<Failure, { kind: "instance-types" }>["template"]["catalog"], type: number, requirements: Extract<Failure, { kind: "instance-types" }>["requirements"]): boolean {
  const { sets } = snapshot;
  return (catalog.types[type] as InstanceType).offerings.some((offering) => !offering.available && sets.compatible(requirements, sets.of(offering.requirements.map((requirement) => sets.table.of(requirement))), false));
}

function listed(snapshot: Snapshot, requirement: Requirement | undefined): LabelConflict["offered"] {
  return requirement === undefined ? [] : snapshot.sets.table.toApi(requirement);
}

function nameOf(type: InstanceType | undefined): string {
  return type?.name ?? "";
}
