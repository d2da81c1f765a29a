import type { NodeSelectorRequirement } from "@groupless/api";
import type { LabelTables } from "@groupless/requirements";
import type { InstanceType } from "../instance-type/instance-type.ts";
import type { Offering } from "../offering/offering.ts";
import { matcher, mayMatch } from "../selection/matching-offerings.ts";
import { defaultLabels, readRequirements } from "../selection/requirement-lists.ts";

/** A change of the offerings whose labels, together with their type's, meet all requirements. */
export interface OfferingRule {
  readonly requirements: readonly NodeSelectorRequirement[];
  /** Gives the same offering back where nothing changes. */
  readonly update: (offering: Offering) => Offering;
}

/** Applies rules in order; whatever no rule changes is shared with the list that came in, down to the list itself. */
export function updateOfferings(types: readonly InstanceType[], rules: readonly OfferingRule[], labels: LabelTables = defaultLabels): readonly InstanceType[] {
  const read = rules.map(({ requirements, update }) => ({ asked: readRequirements(requirements, labels), update }));
  return mapShared(types, (type) => {
    // A rule that contradicts the type contradicts all its offerings.
    const reaching = read.filter(({ asked }) => mayMatch(type, asked, labels)).map(({ asked, update }) => ({ matches: matcher(type, asked, labels), update }));
    if (reaching.length === 0) return type;
    const offerings = mapShared(type.offerings, (offering) => reaching.reduce((updated, { matches, update }) => (matches(offering) ? update(updated) : updated), offering));
    return offerings === type.offerings ? type : { ...type, offerings };
  });
}

/** A list mapped; the same list if every member stayed the same. */
export function mapShared<Member>(list: readonly Member[], map: (member: Member) => Member): readonly Member[] {
  let changed = false;
  const mapped = list.map((member) => {
    const now = map(member);
    if (now !== member) changed = true;
    return now;
  });
  return changed ? mapped : list;
}
