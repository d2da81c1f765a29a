import type { ExistingNodePlacement } from "@groupless/bin-packer";
import type { Candidate } from "../../candidates/candidate.ts";
import type { Turn } from "../../methods/turn.ts";
import { deletionModelOf } from "./deletion-model-of.ts";
import type { DeletionPlan } from "./deletion-plan.ts";
import { adapt, improve, searchDeletions } from "./deletion-search.ts";

/** Nodes that can go together for nothing, and where their pods find room. */
export interface PlannedDeletions {
  readonly candidates: readonly Candidate[];
  readonly placements: readonly ExistingNodePlacement[];
}

export interface PlannedDeletionsOptions {
  /** What moving a pod counts for; default: a share of what a pod costs on the average. */
  readonly moveUsdPerHour?: number;
  /** The most nodes it may look at. */
  readonly maxLooks: number;
}

// A pod that has to move is worth a twentieth of its share of the nodes' price: fewer moves for nearly the same price, and quicker finds.
const MOVE_SHARE = 0.05;
// So often pods that the packer would not put where the search did are put elsewhere.
const ROUNDS = 6;
// Small clusters are searched through long before the limit.
const LOOKS_AT_LEAST = 200_000;
const LOOKS_A_PAIR = 40;

/** A set of nodes whose going the packer has agreed to; undefined if there is none, or pods that wait need nodes of their own. */
export function plannedDeletions(turn: Turn, { moveUsdPerHour, maxLooks }: PlannedDeletionsOptions): PlannedDeletions | undefined {
  const now = turn.simulate([], { consolidation: true });
  if (now.podErrors.length > 0 || now.newNodeClaims.length > 0) return undefined;
  const model = deletionModelOf(turn, now.existingNodes);
  if (model.pods.length === 0) return undefined;
  const looks = Math.min(maxLooks, LOOKS_AT_LEAST + LOOKS_A_PAIR * model.nodes.length * model.pods.length);
  const plan = searchDeletions(model, { moveUsdPerHour: moveUsdPerHour ?? (MOVE_SHARE * total(model.prices)) / Math.max(1, total(model.moveCosts)), looks });
  const candidateOf = new Map(turn.candidates.map((candidate) => [candidate.name, candidate]));
  for (let round = 0; round < ROUNDS && plan.gone > 0; round++) {
    const candidates = goneNodes(plan).flatMap((name) => candidateOf.get(name) ?? []);
    const placements = [...now.existingNodes, ...placementsOf(plan)];
    const { podErrors, newNodeClaims, existingNodes } = turn.simulate(candidates, { consolidation: true, placements });
    if (podErrors.length === 0 && newNodeClaims.length === 0) return { candidates, placements };
    if (!learn(plan, existingNodes)) return undefined;
    adapt(plan);
    improve(plan, plan.looks + looks / 4);
  }
  return undefined;
}

function goneNodes(plan: DeletionPlan): readonly string[] {
  return plan.model.nodes.filter((_, node) => !plan.stands(node));
}

/** Where pods that have to move are planned to be. */
function placementsOf(plan: DeletionPlan): readonly ExistingNodePlacement[] {
  const { nodes, pods } = plan.model;
  const guests = new Map<number, string[]>();
  for (const [pod, name] of pods.entries()) {
    if (plan.isHome(pod)) continue;
    const node = plan.placeOf(pod);
    const known = guests.get(node);
    if (known === undefined) guests.set(node, [name]);
    else known.push(name);
  }
  return [...guests].map(([node, names]) => ({ node: nodes[node] as string, pods: names }));
}

/** Marks where the packer would not put pods that the plan puts there; false if it puts them all. */
function learn(plan: DeletionPlan, existingNodes: readonly ExistingNodePlacement[]): boolean {
  const { nodes, pods, shapeOf, takes } = plan.model;
  const actual = new Map(existingNodes.flatMap(({ node, pods: names }) => names.map((pod) => [pod, node] as const)));
  let learnt = false;
  for (const [pod, name] of pods.entries()) {
    if (plan.isHome(pod) || actual.get(name) === nodes[plan.placeOf(pod)]) continue;
    (takes[shapeOf[pod] as number] as Uint8Array)[plan.placeOf(pod)] = 0;
    learnt = true;
  }
  return learnt;
}

function total(numbers: Float64Array): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
