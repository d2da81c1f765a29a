import type { Demand } from "./demand.ts";
import { type Model, makeModel } from "./model.ts";

/** Room that some of the wants have access to. */
export interface Room {
  readonly free: readonly number[];
  readonly wants: readonly number[];
  readonly priceUsdPerHour: number;
}

/** Largest amount of every resource, whatever its unit. */
const SCALE = 100_000;

/**
 * The pods and some rooms as a pattern problem. Groups that no room is open to are left out: `groups` says which group each class is.
 * `limited`: with the limits that pods set each other on a node.
 *
 * Rooms that cost nothing are given a price that does not count, since the problem knows none of zero.
 */
export function binModel(demand: Demand, rooms: readonly Room[], counts: readonly number[], limited = false): { readonly model: Model; readonly groups: readonly number[] } {
  const scale = demand.columns.map((_, r) => SCALE / rooms.reduce((most, { free }) => Math.max(most, free[r] as number), 1e-9));
  const free = rooms.map((room) => room.free.map((amount, r) => Math.max(0, amount * (scale[r] as number))));
  const holdsNothing = rooms.map((room) => room.free.some((amount) => amount < 0));
  const open = rooms.map(({ wants }) => new Set(wants));
  const groups: number[] = [];
  demand.groups.forEach(({ want, requests }, index) => {
    const fits = rooms.some((room, bin) => !holdsNothing[bin] && open[bin]?.has(want) && requests.every((amount, r) => amount <= (room.free[r] as number)));
    if (fits && (counts[index] as number) > 0) groups.push(index);
  });
  const next = Math.min(...rooms.map((room) => room.priceUsdPerHour).filter((price) => price > 0), 1);
  const model = makeModel({
    requests: groups.map((index) => (demand.groups[index] as Demand["groups"][number]).requests.map((amount, r) => amount * (scale[r] as number))),
    counts: groups.map((index) => counts[index] as number),
    ...(limited ? { limits: groups.map((index) => demand.groups[index]?.limit?.pods ?? Infinity) } : {}),
    free,
    prices: rooms.map(({ priceUsdPerHour }) => (priceUsdPerHour > 0 ? priceUsdPerHour : next * FREE)),
    allows: (bin, podClass) => !holdsNothing[bin] && open[bin]?.has((demand.groups[groups[podClass] as number] as Demand["groups"][number]).want) === true,
  });
  return { model, groups };
}

const FREE = 1e-6;
