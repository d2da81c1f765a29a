import type { InstanceType } from "@groupless/catalog";
import { add } from "../intern/amounts.ts";
import { hasBit } from "../intern/bits.ts";
import type { Requirement } from "../intern/requirement.ts";
import type { Amounts } from "../intern/resources.ts";
import type { Failure } from "../place/failure.ts";
import type { Snapshot } from "../prepare/snapshot.ts";
import type { LabelConflict, NearestMiss } from "../reason.ts";
import type { DaemonGroup } from "../supply/daemon-groups.ts";
import type { CandidateTypes } from "./candidate-types.ts";

/** The type of the pool that fails in the fewest ways; of several the one that lacks the smallest share, then the first by name. */
export function nearestMiss(snapshot: Snapshot, { template, requirements, requests, options }: Extract<Failure, { readonly kind: "instance-types" }>, types: CandidateTypes): NearestMiss | undefined {
  const { catalog } = template;
  const { columns } = snapshot;
  const offered = catalog.typesOf(catalog.matches(requirements).variants);
  const { variants: among, missing } = types.misses(template, requirements, options);
  let best: { readonly score: number; readonly variant: number; readonly group: DaemonGroup } | undefined;
  for (const group of template.daemonGroups) {
    const needed = columns.copy(requests.amounts);
    if (group.overhead !== undefined) add(needed, group.overhead.amounts);
    const asked = [...needed.keys()].filter((column) => (needed[column] as number) > 0 || catalog.fits.hasNegative(column));
    const rooms = asked.map((column) => catalog.fits.amounts(column));
    for (let at = 0; at < among.length; at++) {
      const variant = among[at] as number;
      const worst = (missing[at] as number) * 1000;
      if ((best !== undefined && worst > best.score) || !hasBit(group.variants, variant)) continue;
      let short = 0;
      let share = 0;
      for (let i = 0; i < asked.length; i++) {
        const need = needed[asked[i] as number] as number;
        const room = (rooms[i] as Amounts)[variant] as number;
        if (!(need > room)) continue;
        short++;
        share += 1 - Number(room) / Number(need);
      }
      // What is missing counts first, how much of it second.
      const score = worst + short * 1000 + share;
      if (best === undefined || score < best.score || (score === best.score && nameOf(catalog.types[catalog.typeOf[variant] as number]) < nameOf(catalog.types[catalog.typeOf[best.variant] as number]))) best = { score, variant, group };
    }
  }
  if (best === undefined) return undefined;
  const type = catalog.typeOf[best.variant] as number;
  const room = catalog.allocatable[best.variant] as Amounts;
  const { overhead } = best.group;
  const more = (column: number): number => overhead?.amounts[column] ?? 0;
  const instanceType = catalog.types[type] as InstanceType;
  return {
    instanceType: instanceType.name,
    labels: requirements.requirements.filter((requirement) => !hasBit(catalog.typesThatMeet(requirement), type)).map((requirement): LabelConflict => ({ key: requirement.key, wanted: snapshot.sets.table.toApi(requirement), offered: listed(snapshot, catalog.typeRows.column(requirement.key)[type]) })),
    resources: [...room.keys()].filter((column) => (overhead === undefined ? (requests.amounts[column] as number) : (requests.amounts[column] as number) + more(column)) > (room[column] as number)).map((column) => ({ resource: columns.names[column] as string, needed: columns.textOf(requests, column, more(column)), allocatable: columns.text(column, room[column] as number) })),
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
