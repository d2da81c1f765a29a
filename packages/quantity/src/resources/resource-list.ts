import { InputError, type ResourceList } from "@groupless/api";
import { addQuantities, subtractQuantities } from "../quantity/arithmetic.ts";
import { compareQuantities } from "../quantity/compare.ts";
import { formatQuantity } from "../quantity/format.ts";
import { parseQuantity } from "../quantity/parse.ts";
import { QuantityError } from "../quantity/quantity-error.ts";
import { type Quantity, signOf } from "../quantity/quantity.ts";

/** Amounts by resource name while they are computed with; a Map, so that no name can reach a prototype. */
export type Amounts = Map<string, Quantity>;

/** Reads every quantity of a list; an error names the resource. */
export function readResources(list: ResourceList | null | undefined): Amounts {
  const amounts: Amounts = new Map();
  if (list === undefined || list === null) return amounts;
  for (const name of Object.keys(list)) {
    const text = list[name] as string;
    try {
      amounts.set(name, parseQuantity(text));
    } catch (error) {
      if (!(error instanceof QuantityError)) throw error;
      const { message, code, expected, location } = error;
      const problem = message.slice(0, expected === undefined ? message.length : -`; expected ${expected}`.length);
      throw new InputError(code, problem, { ...location, path: name, ...(expected === undefined ? {} : { expected }) }, { cause: error });
    }
  }
  return amounts;
}

/** The canonical list, in name order. */
export function writeResources(amounts: Amounts): ResourceList {
  const names = [...amounts.keys()].sort();
  return Object.fromEntries(names.map((name) => [name, formatQuantity(amounts.get(name) as Quantity)]));
}

/** Adds every amount of the second list to the first, in place. */
export function addInto(sum: Amounts, more: Amounts): void {
  for (const [name, amount] of more) {
    const present = sum.get(name);
    sum.set(name, present === undefined ? amount : addQuantities(present, amount));
  }
}

/** Raises the first list to the second where that is larger, in place. */
export function raiseTo(largest: Amounts, other: Amounts): void {
  for (const [name, amount] of other) {
    const present = largest.get(name);
    if (present === undefined || compareQuantities(amount, present) > 0) largest.set(name, amount);
  }
}

/**
 * The sum of resource lists; what a list does not name it has none of.
 *
 * @throws InputError when a quantity is invalid; `location.path` is the resource.
 *
 * @example
 * ```ts
 * import { mergeResources } from "@groupless/quantity";
 * mergeResources({ cpu: "500m" }, { cpu: "1", memory: "1Gi" }); // => { cpu: "1500m", memory: "1Gi" }
 * ```
 */
export function mergeResources(...lists: readonly ResourceList[]): ResourceList {
  const sum: Amounts = new Map();
  for (const list of lists) addInto(sum, readResources(list));
  return writeResources(sum);
}

/** The most any list has of each resource. */
export function maxResources(...lists: readonly ResourceList[]): ResourceList {
  const largest: Amounts = new Map();
  for (const list of lists) raiseTo(largest, readResources(list));
  return writeResources(largest);
}

/** The least any list has of each resource that all of them name. */
export function minResources(...lists: readonly ResourceList[]): ResourceList {
  const [first, ...others] = lists.map(readResources);
  const least: Amounts = new Map(first);
  for (const other of others) {
    for (const [name, amount] of least) {
      const rival = other.get(name);
      if (rival === undefined) least.delete(name);
      else if (compareQuantities(rival, amount) < 0) least.set(name, rival);
    }
  }
  return writeResources(least);
}

/** What is left of the first list; resources only the second names are left out. Amounts may become negative. */
export function subtractResources(from: ResourceList, take: ResourceList): ResourceList {
  const left = readResources(from);
  for (const [name, amount] of readResources(take)) {
    const present = left.get(name);
    if (present !== undefined) left.set(name, subtractQuantities(present, amount));
  }
  return writeResources(left);
}

/**
 * Whether the candidate finds room in the total: no more of any resource than the total has (none, if it does not name it).
 * A total that is negative anywhere has room for nothing, not even for nothing (Karpenter pkg/utils/resources).
 *
 * @example
 * ```ts
 * import { fits } from "@groupless/quantity";
 * fits({ cpu: "1", "nvidia.com/gpu": "0" }, { cpu: "1000m" }); // => true
 * ```
 */
export function fits(candidate: ResourceList, total: ResourceList): boolean {
  const room = readResources(total);
  for (const amount of room.values()) if (signOf(amount) < 0) return false;
  for (const [name, amount] of readResources(candidate)) {
    const present = room.get(name);
    if (present === undefined ? signOf(amount) > 0 : compareQuantities(amount, present) > 0) return false;
  }
  return true;
}
