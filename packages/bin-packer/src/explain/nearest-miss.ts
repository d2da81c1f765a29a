import type { InstanceType } from "@groupless/catalog";
import { add } from "../intern/amounts.ts";
import { hasBit } from "../intern/bits.ts";
import type { Amounts } from "../intern/resources.ts";
import type { Failure } from "../place/failure.ts";
import type { Snapshot } from "../prepare/snapshot.ts";
import type { NearestMiss } from "../reason.ts";
import type { DaemonGroup } from "../supply/daemon-groups.ts";
import type { Candidates } from "./candidates.ts";
import { Contenders } from "./contenders.ts";

interface Nearest {
  readonly score: number;
  readonly variant: number;
  readonly group: DaemonGroup;
}

/** The type of the pool that fails in the fewest ways; of several the one that lacks the smallest share, then the first by name. */
export function nearestMiss(snapshot: Snapshot, { template, requests }: Extract<Failure, { readonly kind: "instance-types" }>, candidates: Candidates): NearestMiss | undefined {
  const { catalog } = template;
  const { columns } = snapshot;
  let best: Nearest | undefined;
  for (const group of template.daemonGroups) best = nearestOf(best, candidates, group, requests.amounts);
  if (best === undefined) return undefined;
  const type = catalog.typeOf[best.variant] as number;
  const room = catalog.allocatable[best.variant] as Amounts;
  const { overhead } = best.group;
  const resources: NearestMiss["resources"][number][] = [];
  for (let column = 0; column < room.length; column++) {
    const more = overhead === undefined ? 0 : (overhead.amounts[column] as number);
    const needed = overhead === undefined ? (requests.amounts[column] as number) : (requests.amounts[column] as number) + more;
    if (needed > (room[column] as number)) resources.push({ resource: columns.names[column] as string, needed: columns.textOf(requests, column, more), allocatable: columns.text(column, room[column] as number) });
  }
  return { instanceType: (catalog.types[type] as InstanceType).name, labels: candidates.labelsOf(type), resources, offering: candidates.offeringOf(type) };
}

/** The nearest of a group, if it is nearer than the one found before. */
function nearestOf(before: Nearest | undefined, candidates: Candidates, group: DaemonGroup, requests: Amounts): Nearest | undefined {
  const { variants, missing, template: { catalog } } = candidates;
  const needed = requests.slice();
  if (group.overhead !== undefined) add(needed, group.overhead.amounts);
  const asked: number[] = [];
  for (let column = 0; column < needed.length; column++) if ((needed[column] as number) > 0 || catalog.fits.hasNegative(column)) asked.push(column);
  const rooms = asked.map((column) => catalog.fits.amounts(column));
  const among = contendersOf(candidates, group, asked, needed)?.of(needed);
  let best = before;
  for (let index = 0; index < (among ?? variants).length; index++) {
    const at = among === undefined ? index : (among[index] as number);
    const variant = variants[at] as number;
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
  return best;
}

/** Undefined where amounts are such that every variant must be looked at: negative, or beyond exact numbers. */
function contendersOf(candidates: Candidates, group: DaemonGroup, asked: readonly number[], needed: Amounts): Contenders | undefined {
  const { fits } = candidates.template.catalog;
  let text = "";
  for (const column of asked) {
    const amount = needed[column] as number;
    if (typeof amount !== "number" || fits.hasNegative(column)) return undefined;
    text += `${column},${fits.rank(column, amount)};`;
  }
  if (candidates.template.daemonGroups.length > 1) text += candidates.template.daemonGroups.indexOf(group);
  let found = candidates.contenders.get(text);
  if (found === undefined) candidates.contenders.set(text, (found = new Contenders(candidates, group, asked, needed)));
  return found;
}

function nameOf(type: InstanceType | undefined): string {
  return type?.name ?? "";
}
