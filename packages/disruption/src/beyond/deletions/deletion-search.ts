import type { DeletionModel } from "./deletion-model.ts";
import { DeletionPlan } from "./deletion-plan.ts";
import { dice } from "./dice.ts";

/** How a search goes about it. */
export interface DeletionSearchOptions {
  /** What moving one pod counts for. */
  readonly moveUsdPerHour: number;
  /** Effort: nodes looked at. */
  readonly looks: number;
}

// Nodes that go in one try, nodes whose guests are placed anew beside them, and nodes that are considered to stay instead.
const MOST_FALLING = 3;
const SHAKEN = 6;
const CONSIDERED = 24;
// What a try costs beside looking.
const LOOKS_A_TRY = 200;

/** Looks for the nodes whose going saves most: several greedy starts, then ruin and recreate from the best of them. */
export function searchDeletions(model: DeletionModel, { moveUsdPerHour, looks }: DeletionSearchOptions): DeletionPlan {
  const starts = [byMoves, bySavings].map((order) => {
    const plan = new DeletionPlan(model, moveUsdPerHour);
    greedy(plan, model.nodes.map((_, node) => node).filter((node) => plan.mayGo(node)).sort((a, b) => order(plan, a, b) || a - b));
    return plan;
  });
  const best = starts.reduce((a, b) => (b.gain > a.gain ? b : a));
  improve(best, best.looks + looks);
  return best;
}

type Order = (plan: DeletionPlan, a: number, b: number) => number;

const movesOf = (plan: DeletionPlan, node: number): number => plan.podsOf(node).reduce((sum, pod) => sum + (plan.model.moveCosts[pod] as number), 1);
const savingsOf = (plan: DeletionPlan, node: number): number => (plan.model.prices[node] as number) / movesOf(plan, node);
const byMoves: Order = (plan, a, b) => movesOf(plan, a) - movesOf(plan, b) || savingsOf(plan, b) - savingsOf(plan, a);
const bySavings: Order = (plan, a, b) => savingsOf(plan, b) - savingsOf(plan, a);

/** Takes every node that can go, one after the other. */
function greedy(plan: DeletionPlan, order: readonly number[]): void {
  for (const node of order) {
    if (!plan.mayGo(node)) continue;
    const before = plan.gain;
    if (plan.place(plan.fall(node)).length === 0 && plan.gain > before) plan.keep();
    else plan.undo();
  }
}

/** Lets some nodes go, has others stay instead where that is needed, and keeps what is no worse. */
export function improve(plan: DeletionPlan, until: number): void {
  const roll = dice(1);
  const upTo = (count: number): number => Math.floor(roll() * count);
  if (plan.gone === 0 && !plan.model.nodes.some((_, node) => plan.mayGo(node))) return;
  while (plan.looks < until && plan.standing > 0) {
    plan.looks += LOOKS_A_TRY;
    const before = plan.gain;
    const homeless: number[] = [];
    for (let count = 1 + upTo(MOST_FALLING); count > 0 && plan.standing > 0; count--) {
      const node = plan.nodeAt(upTo(plan.standing));
      // Where no more may go, another has to stay.
      if ((plan.model.groupOf[node] as number) >= 0 && !plan.mayGo(node) && plan.gone > 0) plan.stand(plan.nodeAt(plan.standing + upTo(plan.gone)));
      if (plan.mayGo(node)) homeless.push(...plan.fall(node));
    }
    if (roll() < 0.5) {
      for (let count = SHAKEN; count > 0 && plan.standing > 0; count--) {
        const guests = plan.guestsOf(plan.nodeAt(upTo(plan.standing)));
        for (const pod of guests) plan.take(pod);
        homeless.push(...guests);
      }
    }
    if (recreate(plan, homeless, before, roll)) plan.keep();
    else plan.undo();
  }
}

function recreate(plan: DeletionPlan, homeless: readonly number[], before: number, roll: () => number): boolean {
  let left = plan.place(homeless.filter((pod) => plan.isNowhere(pod)));
  while (left.length > 0) {
    const node = bestToStay(plan, left, before, roll);
    if (node === undefined) return false;
    plan.stand(node);
    left = plan.place(left.filter((pod) => plan.isNowhere(pod)));
  }
  return plan.gain >= before - 1e-9;
}

/** Of some nodes that are gone, the one that houses most for its price; none whose price would use up the gain. */
function bestToStay(plan: DeletionPlan, left: readonly number[], before: number, roll: () => number): number | undefined {
  let best: number | undefined;
  let least = Infinity;
  const first = Math.floor(roll() * plan.gone);
  for (let i = 0; i < Math.min(plan.gone, CONSIDERED); i++) {
    const node = plan.nodeAt(plan.standing + ((first + i) % plan.gone));
    const price = plan.model.prices[node] as number;
    if (plan.gain - price < before - 1e-9) continue;
    const houses = housed(plan, node, left);
    if (houses === 0) continue;
    const each = (price / houses) * (1 + 0.3 * roll());
    if (each < least) {
      least = each;
      best = node;
    }
  }
  return best;
}

/** How much of the pods that are left would find a place on a node that is gone. */
function housed(plan: DeletionPlan, node: number, left: readonly number[]): number {
  const { resources, shapeOf, amounts, takes, home } = plan.model;
  const room = plan.roomIn(node);
  let houses = 0;
  plan.looks += left.length + plan.podsOf(node).length;
  for (const pod of left) {
    const shape = shapeOf[pod] as number;
    const at = shape * resources;
    const fits = (takes[shape] as Uint8Array)[node] !== 0 && room.every((free, k) => free >= (amounts[at + k] as number));
    if (home[pod] !== node && !fits) continue;
    houses += plan.sizeOf(pod);
    if (home[pod] !== node) for (let k = 0; k < resources; k++) room[k] = (room[k] as number) - (amounts[at + k] as number);
  }
  return houses;
}

/** Pods that are where they are not taken any more go elsewhere, or their nodes stay. */
export function adapt(plan: DeletionPlan): void {
  const { pods, shapeOf, takes, home } = plan.model;
  const refused = pods.flatMap((_, pod) => (plan.isHome(pod) || (takes[shapeOf[pod] as number] as Uint8Array)[plan.placeOf(pod)] !== 0 ? [] : [pod]));
  for (const pod of refused) plan.take(pod);
  for (const pod of plan.place(refused)) if (plan.isNowhere(pod)) plan.stand(home[pod] as number);
  plan.keep();
}
