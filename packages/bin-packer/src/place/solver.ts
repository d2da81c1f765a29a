import type { Constraints } from "../demand/constraints.ts";
import type { PodEntry } from "../demand/pod-class.ts";
import { anyBit, type Bits, members } from "../intern/bits.ts";
import type { NodeEntry } from "../prepare/node-entry.ts";
import type { Snapshot } from "../prepare/snapshot.ts";
import type { CatalogIndex, TypeEntry } from "../supply/catalog-index.ts";
import type { Template } from "../supply/template.ts";
import { type Stance, Topology } from "../topology/topology.ts";
import { ClaimOrder } from "./claim-order.ts";
import { ExistingNode } from "./existing-node.ts";
import type { Failure } from "./failure.ts";
import { type ClaimContext, OpenClaim } from "./open-claim.ts";
import { PodQueue } from "./queue.ts";
import { Reservations } from "./reservations.ts";

/** What is to be placed, and where it must not go. */
export interface Task {
  readonly pods: readonly PodEntry[];
  /** Indexes of nodes that are left out. */
  readonly without: ReadonlySet<number>;
  /** Fail rather than launch on demand while a reservation might be had later. */
  readonly strictReservations: boolean;
  /** Nodes with recent pod events take no pods of consolidated nodes, only pending ones and those in `exempt`. */
  readonly guardDestinations: boolean;
  readonly exempt: ReadonlySet<PodEntry>;
}

export interface Outcome {
  readonly claims: readonly OpenClaim[];
  /**
   * Did the last claim of the template give up some of its minValues? Karpenter writes that to an annotation all claims of the template share.
   */
  readonly minValuesRelaxed: ReadonlyMap<Template, boolean>;
  readonly existing: readonly ExistingNode[];
  /** The failures of pods without a place, one a template tried. */
  readonly errors: Map<PodEntry, readonly Failure[]>;
}

type Limits = { readonly column: number; amount: number }[];

/** One run of Karpenter's scheduling loop over a snapshot. pkg/controllers/provisioning/scheduling/scheduler.go. */
export class Solver {
  readonly #snapshot: Snapshot;
  readonly #task: Task;
  readonly #topology: Topology;
  readonly #context: ClaimContext;
  readonly #existing: ExistingNode[];
  readonly #order = new ClaimOrder();
  readonly #claims: OpenClaim[] = [];
  readonly #limits: Map<string, Limits>;
  readonly #relaxed = new Map<Template, boolean>();
  #hostnames = 0;

  constructor(snapshot: Snapshot, task: Task) {
    this.#snapshot = snapshot;
    this.#task = task;
    this.#topology = new Topology(snapshot, new Set(task.pods), task.without);
    this.#context = {
      snapshot,
      topology: this.#topology,
      reservations: new Reservations(new Set(snapshot.catalogOf.values())),
      strictReservations: task.strictReservations,
      reservedCapacity: snapshot.options.reservedCapacity ?? true,
    };
    const nodes = snapshot.nodes.filter((node) => !task.without.has(node.index));
    this.#existing = nodes.map((node) => new ExistingNode(node));
    this.#limits = remainingLimits(snapshot, nodes);
  }

  run(): Outcome {
    const { columns } = this.#snapshot;
    for (const pod of this.#task.pods) this.#topology.stance(pod.class, pod.class.constraints);
    const queue = new PodQueue(this.#task.pods, columns.column("cpu"), columns.column("memory"));
    const errors = new Map<PodEntry, readonly Failure[]>();
    for (let pod = queue.pop(); pod !== undefined; pod = queue.pop()) {
      const failures = this.#place(pod);
      if (failures === undefined) errors.delete(pod);
      else {
        errors.set(pod, failures);
        queue.push(pod);
      }
    }
    return { claims: this.#claims, minValuesRelaxed: this.#relaxed, existing: this.#existing.filter((node) => node.pods.length > 0), errors };
  }

  /** Tries the pod as it is, then ever softer; undefined once it has a place. */
  #place(pod: PodEntry): readonly Failure[] | undefined {
    let constraints: Constraints = pod.class.constraints;
    for (;;) {
      const failures = this.#try(pod, this.#topology.stance(pod.class, constraints));
      if (failures === undefined) return undefined;
      // A reservation may come free in a later run: that is no reason to give up a preference.
      if (failures.some((failure) => failure.kind === "reserved-capacity" || failure.kind === "dra")) return failures;
      const softer = this.#snapshot.constraints.relax(constraints, this.#snapshot.toleratePreferNoSchedule);
      if (softer === null) return failures;
      constraints = softer;
    }
  }

  #try(pod: PodEntry, stance: Stance): readonly Failure[] | undefined {
    if (stance.class.hasResourceClaims) return [{ kind: "dra", stance }];
    if (this.#toExisting(pod, stance) || this.#toOpen(pod, stance)) return undefined;
    if (this.#snapshot.templates.length === 0) return [{ kind: "no-compatible-nodepool" }];
    return this.#toNew(pod, stance);
  }

  #toExisting(pod: PodEntry, stance: Stance): boolean {
    const guarded = this.#task.guardDestinations && !isPending(pod) && !this.#task.exempt.has(pod);
    for (const node of this.#existing) {
      if (guarded && node.entry.underConsolidateAfter) continue;
      const requirements = node.accepts(pod, stance, this.#topology, this.#snapshot);
      if (requirements === undefined) continue;
      node.add(pod, stance, requirements, this.#topology, this.#snapshot);
      return true;
    }
    return false;
  }

  #toOpen(pod: PodEntry, stance: Stance): boolean {
    const place = this.#order.find((claim) => {
      const fit = claim.accepts(pod, stance, this.#context, false);
      return "kind" in fit ? undefined : fit;
    });
    if (place === undefined) return false;
    place.claim.add(pod, stance, place.found, this.#context);
    this.#order.promote(place.claim);
    return true;
  }

  #toNew(pod: PodEntry, stance: Stance): readonly Failure[] | undefined {
    const failures: Failure[] = [];
    const bestEffort = this.#snapshot.options.minValuesPolicy === "BestEffort";
    for (const template of this.#snapshot.templates) {
      const limits = this.#limits.get(template.name) ?? [];
      // eslint-disable-next-line eqeqeq -- a big column counts in bigints
      if (limits.some(({ column, amount }) => column === this.#snapshot.nodesColumn && amount == 0)) {
        failures.push({ kind: "node-limit", template, stance });
        continue;
      }
      const options = limits.length === 0 ? template.options : withinLimits(template, limits);
      if (!anyBit(options)) {
        failures.push({ kind: "limits", template, stance, remaining: limits.map((limit) => ({ ...limit })) });
        continue;
      }
      const claim = new OpenClaim(template, `hostname-placeholder-${String(++this.#hostnames).padStart(4, "0")}`, options, this.#snapshot.columns.zero());
      const fit = claim.accepts(pod, stance, this.#context, bestEffort);
      if ("kind" in fit) {
        failures.push(fit);
        // Lighter pools are no way around a reservation that only has to come free.
        if (fit.kind === "reserved-capacity") return failures;
        continue;
      }
      const relaxed = template.requirements.requirements.some(({ key, minValues }) => {
        const updated = fit.requirements.byKey.get(key)?.minValues;
        return minValues !== undefined && updated !== undefined && updated < minValues;
      });
      this.#relaxed.set(template, relaxed);
      claim.add(pod, stance, fit, this.#context);
      this.#claims.push(claim);
      this.#order.append(claim);
      takeLargest(limits, template.catalog, claim.options);
      return undefined;
    }
    return failures;
  }
}

function isPending(pod: PodEntry): boolean {
  const phase = pod.pod.status?.phase;
  return phase === "Pending" || (phase === undefined && (pod.pod.spec.nodeName ?? "") === "");
}

function remainingLimits(snapshot: Snapshot, nodes: readonly NodeEntry[]): Map<string, Limits> {
  const limits = new Map<string, Limits>();
  for (const [pool, amounts] of snapshot.limits) if (amounts.length > 0) limits.set(pool, amounts.map((limit) => ({ ...limit })));
  for (const node of nodes) {
    for (const limit of limits.get(node.state.nodePool ?? "") ?? []) limit.amount -= node.capacity[limit.column] as number;
  }
  return limits;
}

/** Types of the template that stay within what is left if one of them is launched. */
function withinLimits(template: Template, limits: Limits): Bits {
  const options = template.options.slice();
  const { catalog } = template;
  for (const variant of members(options)) {
    const { capacity } = catalog.types[catalog.typeOf[variant] as number] as TypeEntry;
    if (limits.some(({ column, amount }) => (capacity[column] as number) > amount)) (options[variant >>> 5] as number) &= ~(1 << (variant & 31));
  }
  return options;
}

/** Whatever is launched, it may be the largest: that much is taken from what is left. */
function takeLargest(limits: Limits, catalog: CatalogIndex, options: Bits): void {
  if (limits.length === 0) return;
  const types = members(catalog.typesOf(options)).map((type) => catalog.types[type] as TypeEntry);
  for (const limit of limits) {
    let largest = types[0]?.capacity[limit.column] as number;
    for (const { capacity } of types) if ((capacity[limit.column] as number) > largest) largest = capacity[limit.column] as number;
    limit.amount -= largest;
  }
}

