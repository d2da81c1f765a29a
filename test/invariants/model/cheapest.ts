import type { DaemonSet, Pod } from "@groupless/api";
import type { Cluster } from "@groupless/bin-packer";
import { allocatable } from "@groupless/catalog";
import { daemonSetPod, decimalText, parseQuantity, podRequests } from "@groupless/quantity";
import { leastCost } from "./linear-programme.ts";

/** Pods by what they ask for, nodes by what they hold and cost. */
export interface Problem {
  readonly requests: readonly (readonly number[])[];
  readonly counts: readonly number[];
  /** The most pods of the class that one node may hold. */
  readonly limits: readonly number[];
  readonly free: readonly (readonly number[])[];
  readonly prices: readonly number[];
  /** Bin by class: may they go there? */
  readonly allowed: readonly (readonly boolean[])[];
}

/** The problem that a cluster of one pool poses, where pods ask for room and labels alone, or not to be two on a node. */
export function problemOf({ objects, instanceTypes }: Cluster): Problem {
  const amounts = (list: Readonly<Record<string, string>>): readonly number[] => ["cpu", "memory", "pods"].map((resource) => Number(decimalText(parseQuantity(list[resource] ?? "0"))) / (resource === "memory" ? 2 ** 30 : 1));
  const classes = new Map<string, { count: number; readonly asked: readonly number[]; readonly selector: Readonly<Record<string, string>>; readonly limit: number }>();
  for (const pod of objects.filter((object): object is Pod => object.kind === "Pod")) {
    const asked = amounts(podRequests(pod));
    const { nodeSelector: selector = {}, affinity } = pod.spec;
    const limit = affinity?.podAntiAffinity === undefined ? Infinity : 1;
    const key = JSON.stringify([asked, selector, limit === 1 ? pod.metadata.labels : 0]);
    const known = classes.get(key);
    if (known === undefined) classes.set(key, { count: 1, asked, selector, limit });
    else known.count++;
  }
  const daemons = objects.filter((object): object is DaemonSet => object.kind === "DaemonSet").map((set) => amounts(podRequests(daemonSetPod(set))));
  const rooms = Object.values(instanceTypes).flat().flatMap((type) => type.offerings.filter(({ available }) => available).map((offering) => ({ free: amounts(allocatable(type, offering)).map((amount, r) => daemons.reduce((left, daemon) => left - (daemon[r] as number), amount)), price: offering.price, labels: new Map([...type.requirements, ...offering.requirements].map(({ key, values = [] }) => [key, values])) })));
  const list = [...classes.values()];
  return { requests: list.map(({ asked }) => asked), counts: list.map(({ count }) => count), limits: list.map(({ limit }) => limit), free: rooms.map(({ free }) => free), prices: rooms.map(({ price }) => price), allowed: rooms.map(({ labels }) => list.map(({ selector }) => Object.entries(selector).every(([key, value]) => labels.get(key)?.includes(value) === true))) };
}

/** What pods cut like cloth cost on fractions of nodes. */
export function fluidBound({ requests, counts, free, prices, allowed }: Problem): number {
  const places = free.flatMap((room, bin) => requests.flatMap((asked, podClass) => (allowed[bin]?.[podClass] === true && asked.every((amount, r) => amount <= (room[r] as number) + 1e-9) ? [{ bin, podClass }] : [])));
  // Costs that are all different keep the simplex from going in circles; so little does not count.
  const cost = [...places.map((_, at) => 1e-10 * ((at % 97) + 1)), ...prices];
  const all = counts.map((_, podClass) => [...places.map((place) => (place.podClass === podClass ? 1 : 0)), ...prices.map(() => 0)]);
  const room = free.flatMap((have, bin) => have.map((amount, r) => [...places.map((place) => (place.bin === bin ? -((requests[place.podClass] as readonly number[])[r] as number) : 0)), ...prices.map((_, other) => (other === bin ? amount : 0))]));
  return leastCost(cost, [...all, ...room], [...counts, ...room.map(() => 0)]).cost;
}

/** Every way to fill a node to which no pod can be added. */
function fullPatterns({ requests, counts, limits, free, allowed }: Problem, bin: number): readonly (readonly number[])[] {
  const found: (readonly number[])[] = [];
  const most = counts.map((count, i) => (allowed[bin]?.[i] === true ? Math.min(count, limits[i] as number) : 0));
  const fill = (pattern: readonly number[], left: readonly number[]): void => {
    const podClass = pattern.length;
    if (podClass === requests.length) {
      const isFull = requests.every((asked, i) => (pattern[i] as number) === most[i] || asked.some((amount, r) => amount > (left[r] as number) + 1e-9));
      if (isFull) found.push(pattern);
      return;
    }
    const asked = requests[podClass] as readonly number[];
    for (let pods = 0; pods <= (most[podClass] as number); pods++) {
      const rest = left.map((amount, r) => amount - pods * (asked[r] as number));
      if (rest.some((amount) => amount < -1e-9)) break;
      fill([...pattern, pods], rest);
    }
  };
  fill([], free[bin] as readonly number[]);
  return found.filter((pattern) => pattern.some((pods) => pods > 0));
}

/** What whole pods cost on fractions of whole nodes: columns are taken in as long as one is worth more than it costs. */
export function patternBound(problem: Problem): number {
  const { counts, limits, prices, allowed } = problem;
  const columns: { readonly price: number; readonly pattern: readonly number[] }[] = prices.flatMap((price, bin) => counts.flatMap((_, podClass) => (allowed[bin]?.[podClass] === true && fitsOne(problem, bin, podClass) ? [{ price, pattern: counts.map((__, i) => (i === podClass ? 1 : 0)) }] : [])));
  for (;;) {
    const { cost, worth } = leastCost(columns.map(({ price }) => price), counts.map((_, podClass) => columns.map(({ pattern }) => pattern[podClass] as number)), counts);
    const better = prices.flatMap((price, bin) => {
      const most = counts.map((count, i) => (allowed[bin]?.[i] === true ? Math.min(count, limits[i] as number) : 0));
      const { pattern, value } = richest(problem, bin, worth, most);
      return value > price * (1 + 1e-7) ? [{ price, pattern }] : [];
    });
    if (better.length === 0) return cost;
    columns.push(...better);
  }
}

const fitsOne = ({ requests, free }: Problem, bin: number, podClass: number): boolean => (requests[podClass] as readonly number[]).every((amount, r) => amount <= ((free[bin] as readonly number[])[r] as number) + 1e-9);

/** The fill of a node that is worth most: pods by worth a unit of what is scarcest, and back where the rest, cut like cloth, cannot make up for it. */
function richest({ requests, free }: Problem, bin: number, worth: readonly number[], most: readonly number[]): { readonly pattern: readonly number[]; readonly value: number } {
  const room = free[bin] as readonly number[];
  const order = requests.map((_, i) => i).filter((i) => (worth[i] as number) > 1e-12 && (most[i] as number) > 0);
  const rates = room.map((_, r) => order.toSorted((a, b) => density(b, r) - density(a, r)));
  function density(i: number, r: number): number {
    return (worth[i] as number) / Math.max(1e-12, (requests[i] as readonly number[])[r] as number);
  }
  order.sort((a, b) => Math.max(...room.map((_, r) => density(b, r) * (room[r] as number))) - Math.max(...room.map((_, r) => density(a, r) * (room[r] as number))));
  let best: { pattern: readonly number[]; value: number } = { pattern: requests.map(() => 0), value: 0 };
  const pattern = requests.map(() => 0);
  const place = new Map(order.map((i, at) => [i, at]));
  const atMost = (from: number, left: readonly number[]): number =>
    Math.min(
      ...left.map((amount, r) => {
        let rest = amount;
        let sum = 0;
        for (const i of rates[r] as readonly number[]) {
          if ((place.get(i) as number) < from) continue;
          const asked = (requests[i] as readonly number[])[r] as number;
          const pods = asked <= 0 ? (most[i] as number) : Math.min(most[i] as number, rest / asked);
          sum += pods * (worth[i] as number);
          rest -= pods * asked;
          if (rest <= 1e-12) break;
        }
        return sum;
      }),
    );
  const fill = (at: number, left: readonly number[], value: number): void => {
    if (value > best.value) best = { pattern: [...pattern], value };
    if (at === order.length || value + atMost(at, left) <= best.value * (1 + 1e-9)) return;
    const i = order[at] as number;
    const asked = requests[i] as readonly number[];
    const fit = Math.min(most[i] as number, ...left.map((amount, r) => ((asked[r] as number) > 0 ? Math.floor((amount + 1e-9) / (asked[r] as number)) : Infinity)));
    for (let pods = fit; pods >= 0; pods--) {
      pattern[i] = pods;
      fill(at + 1, left.map((amount, r) => amount - pods * (asked[r] as number)), value + pods * (worth[i] as number));
    }
    pattern[i] = 0;
  };
  fill(0, room, 0);
  return best;
}

/** The cheapest there is, by trying everything. */
export function exhaustive(problem: Problem): number {
  const columns = problem.prices.flatMap((price, bin) => fullPatterns(problem, bin).map((pattern) => ({ price, pattern })));
  const known = new Map<string, number>();
  const best = (left: readonly number[]): number => {
    const first = left.findIndex((count) => count > 0);
    if (first === -1) return 0;
    const key = left.join();
    const seen = known.get(key);
    if (seen !== undefined) return seen;
    let cheapest = Infinity;
    for (const { price, pattern } of columns) if ((pattern[first] as number) > 0) cheapest = Math.min(cheapest, price + best(left.map((count, i) => Math.max(0, count - (pattern[i] as number)))));
    known.set(key, cheapest);
    return cheapest;
  };
  return best(problem.counts);
}
