import type { PodEntry } from "../demand/pod-class.ts";
import type { Packing } from "../packing.ts";
import { type Outcome, Solver, type Task } from "../place/solver.ts";
import type { Snapshot } from "../prepare/snapshot.ts";
import type { SolveOptions } from "../prepared.ts";
import { binModel } from "./bin-model.ts";
import { type Demand, demandOf } from "./demand.ts";
import { flexibilityOf } from "./flexibility.ts";
import { flexibleBins, typesWanted } from "./flexible-bins.ts";
import { type NodeBin, nodeBins } from "./node-bins.ts";
import { optimise } from "./optimise.ts";
import { plannedNodes } from "./planned-nodes.ts";
import { provenBound, scarceRoom } from "./proven-bound.ts";
import { prune } from "./prune.ts";
import { volumeBound } from "./volume-bound.ts";

/** Beyond the bound itself, what it is before it is held against the price: a proof that needs no such help. */
export interface CheapestAnswer {
  readonly packing: Packing;
  readonly provenUsdPerHour: number;
}

interface Answer {
  readonly packing: Packing;
  readonly outcome: Outcome;
}

/**
 * First-fit's answer, or a cheaper one that places all that first-fit does.
 *
 * The pods that first-fit launches nodes for are planned anew as if only resources and labels counted; the packer follows the plan as far
 * as every rule allows and places what is left as always. Pods on nodes that exist stay there.
 */
export function cheapestPacking(snapshot: Snapshot, task: Task, options: SolveOptions, finish: (outcome: Outcome) => Packing): Packing {
  return cheapestAnswer(snapshot, task, options, finish).packing;
}

export function cheapestAnswer(snapshot: Snapshot, task: Task, { budgetMs = 1000, minInstanceTypes }: SolveOptions, finish: (outcome: Outcome) => Packing): CheapestAnswer {
  const outcome = new Solver(snapshot, task).run();
  const plain: Answer = { outcome, packing: finish(outcome) };
  const failed = new Set(plain.packing.podErrors.map(({ pod }) => pod));
  const placed = task.pods.filter((pod) => !failed.has(pod.name));
  const demand = demandOf(snapshot, placed);
  const bins = nodeBins(snapshot, demand);
  const launched = new Set(outcome.claims.flatMap((claim) => claim.pods).filter(isPlannable));
  const onExistingNodes = outcome.existing.flatMap((node) => node.pods);
  const attempts = [launched];
  const free = new Set([...launched].filter((pod) => !isTied(pod)));
  if (free.size > 0 && free.size < launched.size) attempts.push(free);

  let best = plain;
  let proof = boundOfAll(demand, bins);
  let flexibleCost = 0;
  const unlimited = bins.filter(({ copies }) => copies === undefined);
  const flexible = flexibleBins(unlimited, minInstanceTypes);
  const wishes = unlimited.some(({ capacityType }) => typesWanted(capacityType, minInstanceTypes) > 1);
  for (const pods of attempts) {
    const counts = demand.groups.map((group) => group.pods.reduce((sum, pod) => sum + (pods.has(pod) ? 1 : 0), 0));
    const rooms = wishes ? flexible : unlimited;
    if (rooms.length === 0) break;
    const share = (budgetMs / attempts.length) * (wishes ? 0.5 : 1);
    const { model, groups } = binModel(demand, rooms, counts, true);
    const optimum = optimise(model, share);
    const loose = wishes ? binModel(demand, unlimited, counts, true) : { model, groups };
    const reference = wishes ? optimise(loose.model, share) : optimum;
    if (wishes && pods === launched) flexibleCost = Math.max(0, optimum.priceUsdPerHour - reference.priceUsdPerHour);
    if (pods === launched && reference.bound === "patterns" && isSound(demand, counts)) proof = [...proof, { model: loose.model, groups: loose.groups, values: reference.values, bound: "patterns" }];
    const nodes = plannedNodes(demand, rooms, groups, optimum.plan, pods);
    const followed = new Solver(snapshot, { ...task, plan: { onExistingNodes, nodes } }).run();
    best = cheaper(best, { outcome: followed, packing: finish(followed) }, failed);
  }
  const scarce = scarceRoom(snapshot, demand, bins, task.without);
  const counts = demand.groups.map((group) => group.pods.length);
  let provenUsdPerHour = 0;
  let bound: "volume" | "patterns" = "volume";
  for (const { model, groups, values, bound: by } of proof) {
    const found = provenBound({ model, groups, values, demand, bins, counts, scarce });
    if (found > provenUsdPerHour) {
      provenUsdPerHour = found;
      bound = by;
    }
  }
  const { packing } = best;
  return {
    provenUsdPerHour,
    packing: { ...packing, lowerBoundUsdPerHour: Math.min(provenUsdPerHour, packing.priceUsdPerHour), bound, ...(wishes ? { flexibility: flexibilityOf(best.outcome, minInstanceTypes, flexibleCost) } : {}) },
  };
}

interface Proof {
  readonly model: ReturnType<typeof binModel>["model"];
  readonly groups: readonly number[];
  readonly values: Float64Array;
  readonly bound: "volume" | "patterns";
}

/** The fluid bound over all pods, those on nodes that exist among them. */
function boundOfAll(demand: Demand, bins: readonly NodeBin[]): readonly Proof[] {
  const unlimited = bins.filter(({ copies }) => copies === undefined);
  if (unlimited.length === 0) return [];
  const { model: full, groups } = binModel(demand, unlimited, demand.groups.map((group) => group.pods.length));
  if (full.classCount === 0) return [];
  const { model } = prune(full);
  return [{ model, groups, values: volumeBound(model).values, bound: "volume" }];
}

/** Do the limits of the pods planned hold whatever else there is? A spread over hosts allows more where no host is empty. */
function isSound({ groups }: Demand, counts: readonly number[]): boolean {
  return groups.every(({ limit }, index) => counts[index] === 0 || limit === undefined || limit.always);
}

/** The second, if it places as much for less. */
function cheaper(a: Answer, b: Answer, failed: ReadonlySet<string>): Answer {
  return b.packing.priceUsdPerHour < a.packing.priceUsdPerHour && b.packing.podErrors.every(({ pod }) => failed.has(pod)) ? b : a;
}

/** Pods bound to a host, a volume or a port go where first-fit finds a place. */
function isPlannable({ class: { constraints, volumes, hostPorts } }: PodEntry): boolean {
  const host = constraints.strictHostname;
  return (host === undefined || host.complement) && volumes === undefined && hostPorts.length === 0;
}

/** Do other pods decide where it may go? */
function isTied({ class: { constraints } }: PodEntry): boolean {
  return constraints.affinity.length + constraints.antiAffinity.length > 0 || constraints.spreads.some((spread) => spread.whenUnsatisfiable === "DoNotSchedule");
}
