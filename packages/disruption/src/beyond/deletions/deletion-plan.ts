import { type DeletionModel, weightsOf } from "./deletion-model.ts";

/** What was done last comes off first. */
type Step = { readonly did: "put" | "take"; readonly pod: number; readonly node: number } | { readonly did: "fall" | "stand"; readonly node: number };

const NOWHERE = -1;

/** Which nodes stand, and where the pods of the others are: a plan that can be changed and changed back. Pods are at home, guests elsewhere, or nowhere for a while. */
export class DeletionPlan {
  readonly model: DeletionModel;
  /** What nodes that are gone save, less what moving their pods counts for, in USD an hour. */
  gain = 0;
  /** Nodes looked at so far, the measure of effort. */
  looks = 0;
  /** How many nodes stand. */
  standing: number;
  /** All nodes, those that stand first, and where each is among them. */
  readonly #order: Int32Array;
  readonly #place: Int32Array;
  readonly #free: Float64Array;
  readonly #at: Int32Array;
  readonly #podsOf: readonly (readonly number[])[];
  readonly #guests: readonly Set<number>[];
  readonly #goneOf: number[];
  readonly #weights: Float64Array;
  /** By pod: its amounts, weighed. */
  readonly #sizes: Float64Array;
  readonly #moveUsdPerHour: number;
  #steps: Step[] = [];

  constructor(model: DeletionModel, moveUsdPerHour: number) {
    const { nodes, home, free, allowance, shapeOf, amounts, resources } = model;
    this.model = model;
    this.#moveUsdPerHour = moveUsdPerHour;
    this.#free = free.slice();
    this.#at = home.slice();
    this.standing = nodes.length;
    this.#order = Int32Array.from(nodes, (_, node) => node);
    this.#place = this.#order.slice();
    const podsOf: number[][] = nodes.map(() => []);
    for (const [pod, node] of home.entries()) podsOf[node]?.push(pod);
    this.#podsOf = podsOf;
    this.#guests = nodes.map(() => new Set());
    this.#goneOf = allowance.map(() => 0);
    this.#weights = weightsOf(model);
    this.#sizes = Float64Array.from(shapeOf, (shape) => this.#weights.reduce((sum, weight, k) => sum + weight * (amounts[shape * resources + k] as number), 0));
  }

  /** How many nodes are gone. */
  get gone(): number {
    return this.#order.length - this.standing;
  }

  /** The nodes in no particular order, first those that stand, then those that are gone. */
  nodeAt(place: number): number {
    return this.#order[place] as number;
  }

  stands(node: number): boolean {
    return (this.#place[node] as number) < this.standing;
  }

  /** May the node go, as far as its group's allowance is concerned? */
  mayGo(node: number): boolean {
    const group = this.model.groupOf[node] as number;
    return group >= 0 && (this.#goneOf[group] as number) < (this.model.allowance[group] as number);
  }

  podsOf(node: number): readonly number[] {
    return this.#podsOf[node] as readonly number[];
  }

  guestsOf(node: number): readonly number[] {
    return [...(this.#guests[node] as Set<number>)];
  }

  isHome(pod: number): boolean {
    return this.#at[pod] === this.model.home[pod];
  }

  isNowhere(pod: number): boolean {
    return this.#at[pod] === NOWHERE;
  }

  placeOf(pod: number): number {
    return this.#at[pod] as number;
  }

  sizeOf(pod: number): number {
    return this.#sizes[pod] as number;
  }

  /** What a node that is gone would have free with all its pods back. */
  roomIn(node: number): Float64Array {
    const { resources, shapeOf, amounts } = this.model;
    const room = this.#free.slice(node * resources, (node + 1) * resources);
    for (const pod of this.podsOf(node)) for (let k = 0; k < resources; k++) room[k] = (room[k] as number) - (amounts[(shapeOf[pod] as number) * resources + k] as number);
    return room;
  }

  /** Puts the pods, largest first, where each leaves the least and most even room; returns those that go nowhere. */
  place(pods: readonly number[]): number[] {
    const left: number[] = [];
    for (const pod of [...pods].sort((a, b) => this.sizeOf(b) - this.sizeOf(a) || a - b)) {
      const node = this.#bestFor(pod);
      if (node === NOWHERE) left.push(pod);
      else this.put(pod, node);
    }
    return left;
  }

  put(pod: number, node: number): void {
    this.#move(pod, node, -1);
    this.#steps.push({ did: "put", pod, node });
  }

  take(pod: number): void {
    const node = this.placeOf(pod);
    this.#move(pod, node, 1);
    this.#steps.push({ did: "take", pod, node });
  }

  /** The node goes; its pods and guests are nowhere, and are returned. */
  fall(node: number): number[] {
    const pods = [...this.podsOf(node).filter((pod) => this.isHome(pod)), ...this.guestsOf(node)];
    for (const pod of pods) this.take(pod);
    this.#setStanding(node, false);
    this.#steps.push({ did: "fall", node });
    return pods;
  }

  /** The node stays after all, and its pods return, wherever they are. */
  stand(node: number): void {
    this.#setStanding(node, true);
    this.#steps.push({ did: "stand", node });
    for (const pod of this.podsOf(node)) {
      if (!this.isNowhere(pod)) this.take(pod);
      this.put(pod, node);
    }
  }

  /** Everything up to here is to stay. */
  keep(): void {
    this.#steps = [];
  }

  /** Back to where it was when last kept. */
  undo(): void {
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      if (step.did === "put") this.#move(step.pod, step.node, 1);
      else if (step.did === "take") this.#move(step.pod, step.node, -1);
      else this.#setStanding(step.node, step.did === "fall");
    }
  }

  // To the node (-1) or away from it (1).
  #move(pod: number, node: number, sign: 1 | -1): void {
    const { resources, shapeOf, amounts, home, moveCosts } = this.model;
    const from = (shapeOf[pod] as number) * resources;
    for (let k = 0; k < resources; k++) this.#free[node * resources + k] = (this.#free[node * resources + k] as number) + sign * (amounts[from + k] as number);
    this.#at[pod] = sign === 1 ? NOWHERE : node;
    if (home[pod] === node) return;
    this.gain += sign * (moveCosts[pod] as number) * this.#moveUsdPerHour;
    if (sign === 1) this.#guests[node]?.delete(pod);
    else this.#guests[node]?.add(pod);
  }

  #setStanding(node: number, stands: boolean): void {
    const { prices, groupOf } = this.model;
    const group = groupOf[node] as number;
    const price = prices[node] as number;
    const sign = stands ? 1 : -1;
    this.gain -= sign * price;
    this.#goneOf[group] = (this.#goneOf[group] as number) - sign;
    if (!stands) this.standing--;
    this.#swap(node, this.nodeAt(this.standing));
    if (stands) this.standing++;
  }

  #swap(a: number, b: number): void {
    const [placeOfA, placeOfB] = [this.#place[a] as number, this.#place[b] as number];
    this.#order[placeOfA] = b;
    this.#order[placeOfB] = a;
    this.#place[a] = placeOfB;
    this.#place[b] = placeOfA;
  }

  #bestFor(pod: number): number {
    const { resources, shapeOf, amounts, takes } = this.model;
    const [free, weights, order, standing] = [this.#free, this.#weights, this.#order, this.standing];
    const shape = shapeOf[pod] as number;
    const taken = takes[shape] as Uint8Array;
    const from = shape * resources;
    let best = NOWHERE;
    let least = Infinity;
    this.looks += standing;
    for (let place = 0; place < standing; place++) {
      const node = order[place] as number;
      const room = node * resources;
      let squares = 0;
      let k = 0;
      for (; k < resources; k++) {
        const left = (free[room + k] as number) - (amounts[from + k] as number);
        if (left < 0) break;
        const weighed = left * (weights[k] as number);
        squares += weighed * weighed;
      }
      if (k === resources && squares < least && taken[node] !== 0) {
        least = squares;
        best = node;
      }
    }
    return best;
  }
}
