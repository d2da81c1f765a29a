/**
 * The price of a plan as a pattern problem: classes of equal pods, kinds of nodes ("bins") that can be opened as often as wanted.
 *
 * A node of bin t holds a whole number of pods of each class it allows, within its free resources; the plan pays the bin's price for every node.
 */
export interface Model {
  readonly classCount: number;
  readonly binCount: number;
  readonly resourceCount: number;
  /** Class by resource: what one pod asks for. */
  readonly requests: Float64Array;
  /** Pods a class. */
  readonly counts: Float64Array;
  /** Bin by resource: allocatable less daemons. */
  readonly free: Float64Array;
  /** USD an hour, above zero. */
  readonly prices: Float64Array;
  /** For each bin the classes it allows and has room for one pod of, ascending. */
  readonly allowed: readonly Int32Array[];
  /** The most pods of each class that one node may hold, whatever its room. */
  readonly limits: Float64Array;
  /** Bin by class: the most pods of the class an empty node of the bin holds; 0 where not allowed. */
  readonly most: Float64Array;
}

const ROUNDING = 1e-9;

/** What a model is made from; `allows` says whether the constraints of the class let its pods onto the bin. */
export interface ModelParts {
  readonly requests: readonly (readonly number[])[];
  readonly counts: readonly number[];
  readonly free: readonly (readonly number[])[];
  readonly prices: readonly number[];
  /** None by default. */
  readonly limits?: readonly number[];
  readonly allows: (bin: number, podClass: number) => boolean;
}

export function makeModel({ requests, counts, free, prices, limits, allows }: ModelParts): Model {
  const classCount = requests.length;
  const binCount = free.length;
  const resourceCount = requests[0]?.length ?? 0;
  const flatRequests = Float64Array.from(requests.flat());
  const flatFree = Float64Array.from(free.flat());
  const most = new Float64Array(binCount * classCount);
  const allowed: Int32Array[] = [];
  for (let bin = 0; bin < binCount; bin++) {
    const here: number[] = [];
    for (let podClass = 0; podClass < classCount; podClass++) {
      if (!allows(bin, podClass)) continue;
      let room = Infinity;
      for (let r = 0; r < resourceCount; r++) {
        const asked = flatRequests[podClass * resourceCount + r] as number;
        if (asked > 0) room = Math.min(room, (flatFree[bin * resourceCount + r] as number) / asked);
      }
      const whole = Math.min(Math.floor(room + ROUNDING), counts[podClass] as number, limits?.[podClass] ?? Infinity);
      if (whole < 1) continue;
      most[bin * classCount + podClass] = whole;
      here.push(podClass);
    }
    allowed.push(Int32Array.from(here));
  }
  return { classCount, binCount, resourceCount, requests: flatRequests, counts: Float64Array.from(counts), free: flatFree, prices: Float64Array.from(prices), allowed, limits: limits === undefined ? new Float64Array(classCount).fill(Infinity) : Float64Array.from(limits), most };
}

/** Nodes alike: one bin, one mix of pods, so many copies. */
export interface Batch {
  readonly bin: number;
  /** Class and number of pods, classes ascending. */
  readonly pattern: Pattern;
  readonly copies: number;
}

export type Pattern = readonly (readonly [podClass: number, pods: number])[];

export function priceOf(model: Model, plan: readonly Batch[]): number {
  let price = 0;
  for (const { bin, copies } of plan) price += (model.prices[bin] as number) * copies;
  return price;
}

/** The same plan with equal nodes counted together, in the order they first appear. */
export function merged(plan: readonly Batch[]): Batch[] {
  const batches = new Map<string, Batch>();
  for (const batch of plan) {
    const key = `${batch.bin}:${batch.pattern.join(";")}`;
    const known = batches.get(key);
    batches.set(key, known === undefined ? batch : { ...known, copies: known.copies + batch.copies });
  }
  return [...batches.values()];
}
