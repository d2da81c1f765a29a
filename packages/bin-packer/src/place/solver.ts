import type { Constraints } from "../demand/constraints.ts";
import { isVirtual } from "../demand/capacity-buffer.ts";
import type { PodEntry } from "../demand/pod-class.ts";
import { anyBit, type Bits, hasBit, intersects } from "../intern/bits.ts";
import { admits } from "../intern/requirement.ts";
import type { RequirementSet } from "../intern/requirement-set.ts";
import type { Resources } from "../intern/resources.ts";
import { tolerates } from "../intern/toleration.ts";
import type { NodeEntry } from "../prepare/node-entry.ts";
import type { BoundPod, Snapshot } from "../prepare/snapshot.ts";
import { unmetMinValues } from "../supply/min-values.ts";
import type { Template } from "../supply/template.ts";
import type { Stance, Topology } from "../topology/topology.ts";
import { ClaimOrder } from "./claim-order.ts";
import { whyNot } from "./diagnosis.ts";
import type { ExistingNode } from "./existing-node.ts";
import { ExistingNodes } from "./existing-nodes.ts";
import type { Failure } from "./failure.ts";
import { type Lane, Lanes } from "./lane.ts";
import { PoolLimits } from "./limits.ts";
import { type Fit, NOTHING_HELD, OpenClaim } from "./open-claim.ts";
import type { Plan, PlannedNode } from "./planned-node.ts";
import { PodQueue } from "./queue.ts";
import { Refusals } from "./refusals.ts";
import { Reservations } from "./reservations.ts";
import { reservationsFor, TypeFilter } from "./type-filter.ts";

const NONE: readonly never[] = [];

/** What is to be placed, and where it must not go. */
export interface Task {
  readonly pods: readonly PodEntry[];
  /** Those of them that are on nodes now, or were to be. */
  readonly moving: ReadonlySet<PodEntry>;
  /** Those that run on nodes. */
  readonly bound: readonly BoundPod[];
  /** Nodes that are left out. */
  readonly without: ReadonlySet<NodeEntry>;
  /** Fail rather than launch on demand while a reservation might be had later. */
  readonly strictReservations: boolean;
  /** Nodes with recent pod events take no pods of consolidated nodes, only pending ones and those in `exempt`. */
  readonly guardDestinations: boolean;
  readonly exempt: ReadonlySet<PodEntry>;
  /** Stop once more claims than that are open; undefined: go on to the end. */
  readonly mostClaims: number | undefined;
  /** Followed as far as every rule allows; what it leaves is placed as always. */
  readonly plan?: Plan;
}

export interface Outcome {
  readonly claims: readonly OpenClaim[];
  /** Did the last claim of the template give up some of its minValues? Karpenter writes that to an annotation all claims of the template share. */
  readonly minValuesRelaxed: ReadonlyMap<Template, boolean>;
  readonly existing: readonly ExistingNode[];
  /** The failures of pods without a place, one a template tried. */
  readonly errors: Map<PodEntry, readonly Failure[]>;
}

/** One run of Karpenter's scheduling loop over a snapshot. pkg/controllers/provisioning/scheduling/scheduler.go. */
export class Solver {
  readonly #snapshot: Snapshot;
  readonly #task: Task;
  readonly #claims: OpenClaim[] = [];
  readonly #order = new ClaimOrder();
  readonly #lanes = new Lanes();
  readonly #topology: Topology;
  readonly #existing: ExistingNodes;
  readonly #types: TypeFilter;
  readonly #reservations: Reservations | undefined;
  readonly #limits: PoolLimits;
  readonly #refusals: Refusals;
  readonly #relaxed = new Map<Template, boolean>();
  readonly #bestEffort: boolean;
  /** Counts placements: as long as it stands still, what failed fails again. */
  #version = 0;
  /** By lane: what the attempt under way found out about its requirements. */
  readonly #verdicts: (RequirementSet | null)[] = [];
  readonly #asked: number[] = [];
  #attempt = 0;
  readonly #tooLarge = new Map<Resources, boolean>();
  #fit: Fit | undefined;

  constructor(snapshot: Snapshot, task: Task) {
    this.#snapshot = snapshot;
    this.#task = task;
    const removed = [...task.without].flatMap(({ kube }) => kube ?? []);
    this.#topology = new snapshot.tables.rules.Topology(snapshot, new Set(task.pods), task.bound, removed, this.#claims);
    this.#existing = new ExistingNodes(snapshot, this.#topology, task.without);
    this.#types = new TypeFilter(snapshot);
    this.#reservations = (snapshot.options.reservedCapacity ?? true) ? new Reservations(snapshot.catalogs) : undefined;
    this.#limits = new PoolLimits(snapshot, task.without);
    this.#refusals = new Refusals(snapshot.sets);
    this.#bestEffort = snapshot.options.minValuesPolicy === "BestEffort";
  }

  run(): Outcome {
    const { columns } = this.#snapshot;
    for (const pod of this.#task.pods) this.#topology.stance(pod.class, pod.class.constraints);
    const { plan } = this.#task;
    const queue = new PodQueue(plan === undefined ? this.#task.pods : this.#follow(plan), columns.column("cpu"), columns.column("memory"));
    const errors = new Map<PodEntry, readonly Failure[]>();
    for (let pod = queue.pop(); pod !== undefined; pod = queue.pop()) {
      const failures = this.#place(pod);
      if (failures !== undefined) {
        errors.set(pod, failures);
        queue.push(pod);
      } else {
        this.#version++;
        if (errors.size > 0) errors.delete(pod);
        if (this.#tooMany()) break;
        if (queue.next?.class === pod.class) for (const other of this.#fill(pod, queue)) errors.delete(other);
      }
    }
    return { claims: this.#claims, minValuesRelaxed: this.#relaxed, existing: this.#existing.touched, errors };
  }

  /**
   * If the pod has just opened a claim, the pods that follow and are like it go there too, as many as find room: whatever refused the first of them refuses
   * the others as long as nothing else is placed, and nobody counts them. Returns them.
   */
  #fill(first: PodEntry, queue: PodQueue): readonly PodEntry[] {
    const claim = this.#claims.at(-1);
    const podClass = first.class;
    if (claim === undefined || claim.pods.length !== 1 || claim.pods[0] !== first || claim.planned !== undefined || this.#task.guardDestinations) return NONE;
    const { catalog } = claim.template;
    const stance = this.#topology.stance(podClass, podClass.constraints);
    const isPlain = podClass.constraints.hostname === undefined && podClass.hostPorts.length === 0 && podClass.volumes === undefined && !podClass.hasResourceClaims && !catalog.hasVariants && catalog.reserved.length === 0;
    if (!isPlain || claim.lane.requirements.hasMinValues || !this.#topology.ignores(stance)) return NONE;
    this.#attempt++;
    // What the first was given up for, or what it changed of the claim, may make a difference to the second.
    if (this.#verdict(claim.lane, stance) !== claim.lane.requirements) return NONE;
    const most = this.#types.most(claim, first);
    const others: PodEntry[] = [];
    while (others.length < most && queue.next?.class === podClass && queue.next.attachments === undefined) {
      const next = queue.pop();
      if (next === undefined) break;
      others.push(next);
    }
    if (others.length === 0) return NONE;
    this.#version += others.length;
    claim.addAlike(others, this.#types.with(claim, first, others.length));
    this.#order.promote(claim, 1);
    return others;
  }

  /** Puts pods where the plan wants them, or nowhere yet; returns those that are left. */
  #follow(plan: Plan): readonly PodEntry[] {
    const { columns } = this.#snapshot;
    const placed = new Set<PodEntry>();
    for (const [entry, node] of plan.places ?? []) {
      if (this.#atAnyLevel(entry, (stance) => this.#existing.placeOn(node, entry, stance, this.#isGuarded(entry)))) placed.add(entry);
    }
    const queue = new PodQueue(plan.onExistingNodes, columns.column("cpu"), columns.column("memory"));
    for (let pod = queue.pop(); pod !== undefined; pod = queue.pop()) {
      const entry = pod;
      if (this.#atAnyLevel(entry, (stance) => this.#existing.place(entry, stance, this.#isGuarded(entry)))) placed.add(entry);
    }
    for (const node of plan.nodes) this.#launch(node, placed);
    return this.#task.pods.filter((pod) => !placed.has(pod));
  }

  #launch(planned: PlannedNode, placed: Set<PodEntry>): void {
    const { template, variant, pods } = planned;
    const options = this.#limits.optionsUpTo(template, variant);
    if (options === "no-nodes" || !hasBit(options, variant)) return;
    const claim = new OpenClaim(this.#claims.length, this.#lanes.of(template, template.requirements), options, this.#snapshot.columns.zero());
    claim.planned = planned;
    for (const pod of pods) {
      const put = this.#atAnyLevel(pod, (stance) => {
        this.#attempt++;
        const fit = this.#topology.allowsHost(stance, this.#topology.hostOf(claim)) ? this.#fits(claim, pod, stance, false) : undefined;
        if (fit === undefined) return false;
        const first = claim.pods.length === 0;
        if (first) this.#claims.push(claim);
        this.#add(claim, pod, stance, fit);
        if (first) this.#order.append(claim);
        else this.#order.promote(claim);
        return true;
      });
      if (put) placed.add(pod);
    }
    if (claim.pods.length > 0) this.#limits.take(template, claim.options);
  }

  /** As it is, then ever softer. */
  #atAnyLevel(pod: PodEntry, put: (stance: Stance) => boolean): boolean {
    if (pod.class.hasResourceClaims) return false;
    for (let level: Constraints | null = pod.class.constraints; level !== null; level = this.#snapshot.constraints.relax(level, this.#snapshot.softTaintsGiveWay)) {
      if (!put(this.#topology.stance(pod.class, level))) continue;
      this.#version++;
      return true;
    }
    return false;
  }

  #isGuarded(pod: PodEntry): boolean {
    return this.#task.guardDestinations && !isPending(pod) && !this.#task.exempt.has(pod);
  }

  // Claims with minValues may still be dropped when their types are cut down, so they do not count.
  #tooMany(): boolean {
    const { mostClaims } = this.#task;
    if (mostClaims === undefined || this.#claims.length <= mostClaims) return false;
    return this.#claims.filter(({ lane }) => !lane.requirements.hasMinValues).length > mostClaims;
  }

  /** Tries the pod as it is, then ever softer; undefined once it has a place. */
  #place(pod: PodEntry): readonly Failure[] | undefined {
    let constraints: Constraints = pod.class.constraints;
    let told: readonly Failure[] | undefined;
    for (;;) {
      const failures = this.#try(pod, this.#topology.stance(pod.class, constraints));
      if (failures === undefined) return undefined;
      if (constraints.givenUp !== "all") told = failures;
      // A reservation may come free in a later run: that is no reason to give up a preference.
      if (failures.some((failure) => failure.kind === "reserved-capacity" || failure.kind === "dra")) return failures;
      const softer = this.#snapshot.constraints.relax(constraints, this.#snapshot.softTaintsGiveWay);
      if (softer === null) return told ?? failures;
      constraints = softer;
    }
  }

  #try(pod: PodEntry, stance: Stance): readonly Failure[] | undefined {
    if (pod.class.hasResourceClaims) return [{ kind: "dra", stance }];
    // Volumes are a pod's own, all else its class's.
    const known = pod.attachments === undefined ? stance.failed : undefined;
    if (known !== undefined && known.version === this.#version) return known.failures;
    const guarded = this.#isGuarded(pod);
    if (this.#existing.place(pod, stance, guarded) || this.#toOpen(pod, stance)) return undefined;
    const failures = this.#snapshot.templates.length === 0 ? ([{ kind: "no-compatible-nodepool" }] as const) : this.#toNew(pod, stance);
    if (failures !== undefined && !guarded) stance.failed = { version: this.#version, failures };
    return failures;
  }

  #toOpen(pod: PodEntry, stance: Stance): boolean {
    if (this.#claims.length === 0 || this.#isTooLarge(pod.class.requests)) return false;
    this.#attempt++;
    const claim = this.#order.find(stance.active.blockers, (open) => (this.#fit = this.#fits(open, pod, stance, false)) !== undefined);
    if (claim === undefined) return false;
    this.#add(claim, pod, stance, this.#fit as Fit);
    this.#order.promote(claim);
    return true;
  }

  /** Does it ask for more than any type of any pool has? Then no claim need be tried, open or new. */
  #isTooLarge(requests: Resources): boolean {
    let found = this.#tooLarge.get(requests);
    if (found === undefined) {
      found = this.#snapshot.templates.every(({ catalog }) => requests.columns.some((column) => (requests.amounts[column] as number) > 0 && catalog.fits.atLeast(column, requests.amounts[column] as number) === undefined));
      this.#tooLarge.set(requests, found);
    }
    return found;
  }

  #toNew(pod: PodEntry, stance: Stance): readonly Failure[] | undefined {
    const failures: Failure[] = [];
    this.#attempt++;
    for (const template of this.#snapshot.templates) {
      const options = this.#limits.options(template);
      if (options === "no-nodes" || !anyBit(options)) {
        failures.push(options === "no-nodes" ? { kind: "node-limit", template, stance } : { kind: "limits", template, stance, remaining: this.#limits.remaining(template) });
        continue;
      }
      const refused = this.#refusals.of(template, stance);
      if (refused !== null) {
        failures.push(refused);
        continue;
      }
      const claim = new OpenClaim(this.#claims.length, this.#lanes.of(template, template.requirements), options, this.#snapshot.columns.zero());
      const fit = !this.#isTooLarge(pod.class.requests) && this.#topology.allowsHost(stance, this.#topology.hostOf(claim)) ? this.#fits(claim, pod, stance, this.#bestEffort) : undefined;
      if (fit === undefined) {
        const failure = whyNot(claim, pod, stance, { snapshot: this.#snapshot, topology: this.#topology, types: this.#types, bestEffort: this.#bestEffort });
        failures.push(failure);
        // Lighter pools are no way around a reservation that only has to come free.
        if (failure.kind === "reserved-capacity") return failures;
        continue;
      }
      this.#relaxed.set(
        template,
        template.requirements.hasMinValues &&
          template.requirements.requirements.some(({ key, minValues }) => {
            const updated = fit.lane.requirements.byKey.get(key)?.minValues;
            return minValues !== undefined && updated !== undefined && updated < minValues;
          }),
      );
      this.#claims.push(claim);
      this.#add(claim, pod, stance, fit);
      this.#order.append(claim);
      this.#limits.take(template, claim.options);
      return undefined;
    }
    return failures;
  }

  #add(claim: OpenClaim, pod: PodEntry, stance: Stance, fit: Fit): void {
    this.#reservations?.move(claim.reserved, fit.reserved);
    claim.add(pod, fit);
    this.#topology.record(stance, fit.lane.requirements, this.#topology.hostOf(claim), claim.hostname, claim.template.taints, claim);
  }

  /** What the claim would be with the pod, or undefined. Host rules that close claims for good are not asked again: blockers stand for them. */
  #fits(claim: OpenClaim, pod: PodEntry, stance: Stance, relaxMinValues: boolean): Fit | undefined {
    const { requests, volumes } = pod.class;
    if (claim.isFullFor(requests)) return undefined;
    const { hostname } = stance.constraints;
    if (hostname !== undefined && !admits(hostname, claim.hostname)) return undefined;
    if (stance.active.hostAffinities.length > 0 && !this.#topology.allowsHostAffinity(stance, this.#topology.hostOf(claim))) return undefined;
    if (volumes === undefined) {
      const requirements = claim.isApart ? this.#ofItself(claim, stance) : this.#verdict(claim.lane, stance);
      if (requirements === null) return undefined;
      const fit = this.#fitting(claim, pod, requirements, relaxMinValues);
      if (fit !== undefined || stance.active.domains.length === 0) return fit;
      return this.#fittingOtherwise(claim, pod, stance, this.#base(claim.lane, stance) as RequirementSet, relaxMinValues);
    }
    const base = this.#base(claim.lane, stance);
    if (base === null) return undefined;
    const { sets } = this.#snapshot;
    for (const alternative of volumes) {
      const { rest, hostname: onHost } = sets.splitHostname(alternative);
      if (!sets.compatible(base, rest, false) || (onHost !== undefined && !admits(onHost, claim.hostname))) continue;
      const joined = sets.join(base, rest, false);
      const requirements = this.#topology.narrow(stance, joined, false, claim);
      if (requirements === null) continue;
      const fit = this.#fitting(claim, pod, requirements, relaxMinValues) ?? this.#fittingOtherwise(claim, pod, stance, joined, relaxMinValues);
      if (fit !== undefined) return fit;
    }
    return undefined;
  }

  /** In the domains that the topology rules leave beside their first choice, for which there is no type. */
  #fittingOtherwise(claim: OpenClaim, pod: PodEntry, stance: Stance, base: RequirementSet, relaxMinValues: boolean): Fit | undefined {
    // What has no room has none elsewhere.
    if (claim.isFullFor(pod.class.requests)) return undefined;
    for (const requirements of this.#topology.otherwise(stance, base, claim)) {
      const fit = this.#fitting(claim, pod, requirements, relaxMinValues);
      if (fit !== undefined) return fit;
    }
    return undefined;
  }

  #fitting(claim: OpenClaim, pod: PodEntry, narrowed: RequirementSet, relaxMinValues: boolean): Fit | undefined {
    const { template } = claim;
    const left = this.#types.options(claim, pod, narrowed, true);
    if (left === undefined) {
      if (pod.class.hostPorts.length === 0 && this.#types.options(claim, pod, narrowed, false) === undefined) claim.markFullFor(pod.class.requests);
      return undefined;
    }
    const { planned } = claim;
    if (planned !== undefined && !(hasBit(left, planned.variant) && intersects(template.catalog.offeringsUnder(narrowed), planned.offerings))) return undefined;
    let requirements = narrowed;
    if (narrowed.hasMinValues) {
      const unmet = unmetMinValues(template.catalog, left, narrowed);
      if (unmet.size > 0 && !relaxMinValues) return undefined;
      for (const [key, reached] of unmet) {
        const requirement = requirements.byKey.get(key);
        if (requirement !== undefined) requirements = this.#snapshot.sets.replace(requirements, key, this.#snapshot.sets.table.withMinValues(requirement, reached));
      }
    }
    const reserved = this.#reservations === undefined ? NOTHING_HELD : reservationsFor(claim, left, requirements, this.#reservations, this.#task.strictReservations);
    if (reserved === undefined) return undefined;
    const options: Bits = TypeFilter.keep(left, claim.options);
    return { lane: requirements === claim.lane.requirements ? claim.lane : this.#lanes.of(template, requirements), options, reserved };
  }

  /** What the claims of a lane would be narrowed to, hosts and types aside; null if the pod does not go there. */
  #verdict(lane: Lane, stance: Stance): RequirementSet | null {
    if (this.#asked[lane.id] === this.#attempt) return this.#verdicts[lane.id] as RequirementSet | null;
    const base = this.#base(lane, stance);
    const verdict = base === null ? null : this.#topology.narrow(stance, base, false);
    this.#asked[lane.id] = this.#attempt;
    this.#verdicts[lane.id] = verdict;
    return verdict;
  }

  /** The same for a claim whose own pods have a say. */
  #ofItself(claim: OpenClaim, stance: Stance): RequirementSet | null {
    const base = this.#base(claim.lane, stance);
    return base === null ? null : this.#topology.narrow(stance, base, false, claim);
  }

  #base(lane: Lane, stance: Stance): RequirementSet | null {
    const { sets } = this.#snapshot;
    const { taints } = lane.template;
    const { requirements, tolerations } = stance.constraints;
    if (taints.length > 0 && !tolerates(taints, tolerations)) return null;
    return sets.compatible(lane.requirements, requirements, false) ? sets.join(lane.requirements, requirements, false) : null;
  }
}

/** A buffer's stand-in has no phase, so to Karpenter it is not pending. */
function isPending(pod: PodEntry): boolean {
  if (isVirtual(pod.pod)) return false;
  const phase = pod.pod.status?.phase;
  return phase === "Pending" || (phase === undefined && (pod.pod.spec.nodeName ?? "") === "");
}
