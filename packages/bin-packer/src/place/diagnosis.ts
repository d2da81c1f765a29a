import { portsConflict } from "../demand/host-port.ts";
import type { PodEntry } from "../demand/pod-class.ts";
import { andBits, anyBit, type Bits, bits, addBits } from "../intern/bits.ts";
import { admits } from "../intern/requirement.ts";
import type { RequirementSet } from "../intern/requirement-set.ts";
import { add } from "../intern/amounts.ts";
import type { Snapshot } from "../prepare/snapshot.ts";
import { unmetMinValues } from "../supply/min-values.ts";
import type { Stance, Topology } from "../topology/topology.ts";
import type { Failure } from "./failure.ts";
import type { OpenClaim } from "./open-claim.ts";
import type { TypeFilter } from "./type-filter.ts";

export interface DiagnosisContext {
  readonly snapshot: Snapshot;
  readonly topology: Topology;
  readonly types: TypeFilter;
  readonly bestEffort: boolean;
}

/** Why a fresh claim does not take a pod that it was found not to take, {@link Refusals} aside: the checks once more, in Karpenter's order, up to the one that fails. */
export function whyNot(claim: OpenClaim, pod: PodEntry, stance: Stance, context: DiagnosisContext): Failure {
  const { sets } = context.snapshot;
  const { template } = claim;
  const { constraints } = stance;
  const before = claim.lane.requirements;
  if (constraints.hostname !== undefined && !admits(constraints.hostname, claim.hostname)) {
    return { kind: "requirements", template, stance, conflict: { kind: "incompatible", incoming: constraints.hostname, existing: sets.table.is(constraints.hostname.key, claim.hostname) } };
  }
  const base = sets.join(before, constraints.requirements, false);
  let last: Failure | undefined;
  for (const alternative of pod.class.volumes ?? [sets.empty]) {
    const { rest, hostname } = sets.splitHostname(alternative);
    const against =
      hostname !== undefined && !admits(hostname, claim.hostname) ? ({ kind: "incompatible", incoming: hostname, existing: sets.table.is(hostname.key, claim.hostname) } as const) : sets.conflict(base, rest, false);
    last = against === undefined ? afterVolumes(claim, pod, stance, sets.join(base, rest, false), context) : { kind: "volumes", template, stance, conflict: against };
  }
  return last as Failure;
}

function afterVolumes(claim: OpenClaim, pod: PodEntry, stance: Stance, wanted: RequirementSet, { snapshot, topology, types, bestEffort }: DiagnosisContext): Failure {
  const { template } = claim;
  const { catalog } = template;
  const failure = topology.failure(stance, wanted, topology.hostOf(claim), claim.hostname, false);
  if (failure !== undefined) {
    const counts = failure.group.domains.slice(0, 25).map((domain, index) => [domain, failure.group.counts[index] as number] as const);
    return { kind: "topology", template, stance, failure, requirements: wanted, counts };
  }
  const narrowed = topology.narrow(stance, wanted, false) ?? wanted;
  const left = types.options(claim, pod, narrowed, true);
  if (left !== undefined) {
    if (narrowed.hasMinValues && !bestEffort) {
      const unmet = unmetMinValues(catalog, left, narrowed);
      if (unmet.size > 0) return { kind: "min-values", template, stance, unmet, requirements: narrowed };
    }
    return { kind: "reserved-capacity", template, stance, reservations: [] };
  }
  const total = types.total(claim, pod);
  const { requests, hostPorts } = pod.class;
  const eligible = bits(catalog.typeOf.length);
  const fitting = bits(catalog.typeOf.length);
  const matches = catalog.matches(narrowed);
  for (const group of template.daemonGroups) {
    if (hostPorts.length > 0 && portsConflict(hostPorts, group.hostPorts)) continue;
    const among = andBits(claim.options, group.variants);
    addBits(eligible, among);
    const needed = snapshot.columns.copy(total);
    if (group.overhead !== undefined) add(needed, group.overhead.amounts);
    const room = andBits(among, matches.variants);
    catalog.fits.keep(room, needed);
    addBits(fitting, room);
  }
  const unmet = unmetCriteria(eligible, fitting, matches.types, matches.variants, catalog);
  return { kind: "instance-types", template, stance, unmet, requirements: narrowed, requests: { id: -1, amounts: total, columns: requests.columns, mask: requests.mask, beyond: requests.beyond }, options: claim.options };
}

/** Which of requirements, room and offering no type met, in Karpenter's words; a type has room only with an offering it can be had in. */
function unmetCriteria(eligible: Bits, fitting: Bits, matchingTypes: Bits, offered: Bits, catalog: OpenClaim["template"]["catalog"]): string {
  const types = catalog.typesOf(eligible);
  const meets = anyBit(andBits(types, matchingTypes));
  const fits = anyBit(fitting);
  const hasOffering = anyBit(andBits(types, catalog.typesOf(offered)));
  if (!meets && !fits && !hasOffering) return "requirements,resources,offering";
  if (!meets && !fits) return "requirements,resources";
  if (!fits && !hasOffering) return "resources,offering";
  if (!meets) return "requirements";
  if (!fits) return "resources";
  return "resources+offering";
}
