import { type HostPort, portsConflict } from "../demand/host-port.ts";
import type { PodEntry } from "../demand/pod-class.ts";
import { addBits, andBits, anyBit, type Bits, bits, hasBit } from "../intern/bits.ts";
import { admits } from "../intern/requirement.ts";
import type { RequirementSet } from "../intern/requirement-set.ts";
import { add, type Amounts } from "../intern/resources.ts";
import { untolerated } from "../intern/toleration.ts";
import type { Snapshot } from "../prepare/snapshot.ts";
import { unmetMinValues } from "../supply/min-values.ts";
import type { Template } from "../supply/template.ts";
import type { Stance, Topology } from "../topology/topology.ts";
import type { Failure } from "./failure.ts";
import type { Reservations } from "./reservations.ts";

/** What a claim would be with one more pod. */
export interface Fit {
  readonly requirements: RequirementSet;
  readonly options: Bits;
  readonly reserved: ReadonlySet<string>;
}

/** What decides in this solve beside the claim itself. */
export interface ClaimContext {
  readonly snapshot: Snapshot;
  readonly topology: Topology;
  readonly reservations: Reservations;
  /** Must reserved capacity be used while there is some? */
  readonly strictReservations: boolean;
  readonly reservedCapacity: boolean;
}

const NOTHING_HELD: ReadonlySet<string> = new Set();

/**
 * A node to be made, not decided yet: the requirements its pods have narrowed it to, and the types that are left.
 * Karpenter pkg/controllers/provisioning/scheduling/nodeclaim.go.
 */
export class OpenClaim {
  readonly template: Template;
  readonly hostname: string;
  requirements: RequirementSet;
  /** Variants of the types that are left. */
  options: Bits;
  requests: Amounts;
  readonly names: Set<string> = new Set();
  readonly pods: PodEntry[] = [];
  reserved: ReadonlySet<string> = NOTHING_HELD;
  readonly #ports: { readonly pod: string; readonly ports: readonly HostPort[] }[] = [];

  constructor(template: Template, hostname: string, options: Bits, requests: Amounts) {
    this.template = template;
    this.hostname = hostname;
    this.requirements = template.requirements;
    this.options = options;
    this.requests = requests;
  }

  /** What it takes to hold the pod too, or why it cannot. The order of the checks decides which reason is given. */
  accepts(pod: PodEntry, stance: Stance, context: ClaimContext, relaxMinValues: boolean): Fit | Failure {
    const { sets } = context.snapshot;
    const { template } = this;
    const { constraints } = stance;
    const taints = untolerated(template.taints, constraints.tolerations);
    if (taints.length > 0) return { kind: "taints", template, stance, taints };
    if (!sets.compatible(this.requirements, constraints.requirements, false)) {
      const conflict = sets.conflict(this.requirements, constraints.requirements, false);
      if (conflict !== undefined) return { kind: "requirements", template, stance, conflict };
    }
    if (constraints.hostname !== undefined && !admits(constraints.hostname, this.hostname)) {
      return { kind: "requirements", template, stance, conflict: { kind: "incompatible", incoming: constraints.hostname, existing: sets.table.is(constraints.hostname.key, this.hostname) } };
    }
    const base = sets.merge(this.requirements, constraints.requirements);
    const { volumes } = stance.class;
    if (volumes === undefined) return this.#fit(pod, stance, base, context, relaxMinValues);
    let last: Failure | undefined;
    for (const alternative of volumes) {
      const { rest, hostname } = sets.splitHostname(alternative);
      const conflict =
        hostname !== undefined && !admits(hostname, this.hostname) ? ({ kind: "incompatible", incoming: hostname, existing: sets.table.is(hostname.key, this.hostname) } as const) : sets.conflict(base, rest, false);
      if (conflict !== undefined) {
        last = { kind: "volumes", template, stance, conflict };
        continue;
      }
      const fit = this.#fit(pod, stance, sets.merge(base, rest), context, relaxMinValues);
      if (!("kind" in fit)) return fit;
      last = fit;
    }
    return last as Failure;
  }

  add(pod: PodEntry, stance: Stance, fit: Fit, context: ClaimContext): void {
    this.pods.push(pod);
    this.options = fit.options;
    add(this.requests, stance.class.requests.amounts);
    for (const name of stance.class.requests.names) this.names.add(name);
    this.requirements = fit.requirements;
    context.topology.record(stance, fit.requirements, this.hostname, this.template.taints);
    if (stance.class.hostPorts.length > 0) this.#ports.push({ pod: pod.name, ports: stance.class.hostPorts });
    context.reservations.move(this.reserved, fit.reserved);
    this.reserved = fit.reserved;
  }

  #fit(pod: PodEntry, stance: Stance, wanted: RequirementSet, context: ClaimContext, relaxMinValues: boolean): Fit | Failure {
    const { snapshot, topology } = context;
    const { template } = this;
    const narrowed = topology.narrow(stance, wanted, this.hostname, false);
    if ("kind" in narrowed) return { kind: "topology", template, stance, failure: narrowed, requirements: wanted, counts: countsOf(narrowed.group) };
    const { catalog } = template;
    const total = snapshot.columns.copy(this.requests);
    add(total, stance.class.requests.amounts);
    const matches = catalog.matches(narrowed);
    const { hostPorts } = stance.class;
    const taken = hostPorts.length > 0 && this.#ports.some((other) => other.pod !== pod.name && portsConflict(hostPorts, other.ports));
    const eligible = bits(catalog.typeOf.length);
    const fitting = bits(catalog.typeOf.length);
    for (const group of template.daemonGroups) {
      if (taken || (hostPorts.length > 0 && portsConflict(hostPorts, group.hostPorts))) continue;
      const members = andBits(this.options, group.variants);
      addBits(eligible, members);
      let needed = total;
      if (group.overhead !== undefined) {
        needed = snapshot.columns.copy(total);
        add(needed, group.overhead.amounts);
      }
      const room = andBits(members, matches.variants);
      catalog.fits.keep(room, needed, nonZero(needed));
      addBits(fitting, room);
    }
    let options = catalog.variantsOfTypes(andBits(fitting, matches.candidates));
    let requirements = narrowed;
    if (narrowed.hasMinValues) {
      const unmet = unmetMinValues(catalog, options, narrowed);
      if (unmet.size > 0) {
        if (!relaxMinValues) return { kind: "min-values", template, stance, unmet, requirements: narrowed };
        for (const [key, reached] of unmet) {
          const requirement = requirements.byKey.get(key);
          if (requirement !== undefined) requirements = snapshot.sets.replace(requirements, key, snapshot.sets.table.withMinValues(requirement, reached));
        }
      }
    }
    if (!anyBit(options)) {
      const unmet = unmetCriteria(template, eligible, fitting, matches.types, matches.variants);
      return { kind: "instance-types", template, stance, unmet, requirements: narrowed, requests: snapshot.columns.resources(total, [...this.names, ...stance.class.requests.names]), options: this.options };
    }
    const reserved = this.#reserve(options, requirements, context);
    if (reserved === undefined) return { kind: "reserved-capacity", template, stance, reservations: [] };
    return { requirements, options, reserved };
  }

  /** The reservations to hold, or undefined where none can be had though there are some for it. */
  #reserve(options: Bits, requirements: RequirementSet, { reservations, strictReservations, reservedCapacity }: ClaimContext): ReadonlySet<string> | undefined {
    const { catalog } = this.template;
    if (!reservedCapacity || !catalog.hasReserved) return NOTHING_HELD;
    let compatible = false;
    const held = new Set<string>();
    const matching = catalog.compatibleOfferings(requirements);
    const types = catalog.typesOf(options);
    for (const [index, offering] of catalog.offerings.entries()) {
      if (offering.capacityType !== "reserved" || !offering.offering.available || !hasBit(types, offering.typeIndex) || !hasBit(matching, index)) continue;
      compatible = true;
      if (reservations.canReserve(this.reserved, offering)) held.add(offering.reservationId);
    }
    if (strictReservations && held.size === 0 && (compatible || this.reserved.size > 0)) return undefined;
    return held;
  }
}

/** Which of requirements, room and offering no type met, in Karpenter's words; a type has room only with an offering it can be had in. */
function unmetCriteria(template: Template, eligible: Bits, fitting: Bits, matchingTypes: Bits, offered: Bits): string {
  const { catalog } = template;
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

function nonZero(amounts: Amounts): number[] {
  const columns: number[] = [];
  for (let column = 0; column < amounts.length; column++) if ((amounts[column] as number) > 0) columns.push(column);
  return columns;
}

function countsOf(group: { readonly domains: readonly string[]; readonly counts: readonly number[] }): readonly (readonly [string, number])[] {
  return group.domains.slice(0, 25).map((domain, index) => [domain, group.counts[index] as number] as const);
}

