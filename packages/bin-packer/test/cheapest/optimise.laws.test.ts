import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Effort } from "../../src/cheapest/effort.ts";
import { GreedyCover } from "../../src/cheapest/greedy-cover.ts";
import { type Model, makeModel } from "../../src/cheapest/model.ts";
import { optimise } from "../../src/cheapest/optimise.ts";
import { patternColumns } from "../../src/cheapest/pattern-columns.ts";
import { seededRandom } from "../../src/cheapest/random.ts";
import { certifiedValues, volumeBound } from "../../src/cheapest/volume-bound.ts";

const numRuns = Number(process.env["LAWS_RUNS"] ?? 150);
const EPSILON = 1e-6;

/** Small problems: up to 3 classes of at most 3 pods, some of them limited on a node, up to 3 bins, of which the last holds everything. */
function models(maxPods: number): fc.Arbitrary<Model> {
  const amount = fc.integer({ min: 1, max: 8 });
  return fc
    .record({
      classes: fc.array(fc.record({ cpu: amount, memory: fc.integer({ min: 0, max: 8 }), count: fc.integer({ min: 1, max: maxPods }), limit: fc.constantFrom(Infinity, Infinity, 1, 2) }), { minLength: 1, maxLength: 3 }),
      bins: fc.array(fc.record({ cpu: fc.integer({ min: 1, max: 16 }), memory: fc.integer({ min: 1, max: 16 }), price: fc.constantFrom(1, 2, 3, 5, 7.5), open: fc.integer({ min: 1, max: 7 }) }), { minLength: 0, maxLength: 3 }),
    })
    .map(({ classes, bins }) => {
      const all = [...bins, { cpu: 12, memory: 12, price: 6, open: 7 }];
      return makeModel({
        requests: classes.map(({ cpu, memory }) => [cpu, memory, 1]),
        counts: classes.map(({ count }) => count),
        limits: classes.map(({ limit }) => limit),
        free: all.map(({ cpu, memory }) => [cpu, memory, 4]),
        prices: all.map(({ price }) => price),
        allows: (bin, podClass) => ((all[bin]?.open ?? 0) >> podClass) % 2 === 1,
      });
    });
}

/** The cheapest plan by trying everything: dynamic programming over what is left, one maximal or smaller node at a time. */
function exhaustive(model: Model): number {
  const known = new Map<string, number>();
  const best = (left: readonly number[]): number => {
    if (left.every((count) => count === 0)) return 0;
    const key = left.join();
    const seen = known.get(key);
    if (seen !== undefined) return seen;
    let cheapest = Infinity;
    const first = left.findIndex((count) => count > 0);
    for (let bin = 0; bin < model.binCount; bin++) for (const load of loads(model, bin, left)) if ((load[first] as number) > 0) cheapest = Math.min(cheapest, (model.prices[bin] as number) + best(left.map((count, i) => count - (load[i] as number))));
    known.set(key, cheapest);
    return cheapest;
  };
  return best([...model.counts]);
}

function loads(model: Model, bin: number, left: readonly number[]): number[][] {
  let found: number[][] = [[]];
  left.forEach((count, podClass) => {
    const allowed = (model.allowed[bin] as Int32Array).includes(podClass);
    found = found.flatMap((load) => Array.from({ length: (allowed ? Math.min(count, model.limits[podClass] as number) : 0) + 1 }, (_, pods) => [...load, pods]));
  });
  return found.filter((load) => {
    for (let r = 0; r < model.resourceCount; r++) {
      const used = load.reduce((sum, pods, i) => sum + pods * (model.requests[i * model.resourceCount + r] as number), 0);
      if (used > (model.free[bin * model.resourceCount + r] as number)) return false;
    }
    return true;
  });
}

function expectWholePlan(model: Model, plan: ReturnType<typeof optimise>["plan"]): void {
  const placed = new Float64Array(model.classCount);
  for (const { bin, pattern, copies } of plan) {
    const used = new Float64Array(model.resourceCount);
    for (const [podClass, pods] of pattern) {
      expect(model.allowed[bin]).toContain(podClass);
      expect(pods).toBeLessThanOrEqual(model.limits[podClass] as number);
      placed[podClass] = (placed[podClass] as number) + pods * copies;
      for (let r = 0; r < used.length; r++) used[r] = (used[r] as number) + pods * (model.requests[podClass * used.length + r] as number);
    }
    for (let r = 0; r < used.length; r++) expect(used[r]).toBeLessThanOrEqual((model.free[bin * used.length + r] as number) + EPSILON);
  }
  expect([...placed]).toEqual([...model.counts]);
}

test("every pod is placed once, on bins that allow it and hold it, between the bound and a plan found by trying everything", () => {
  let optimal = 0;
  fc.assert(
    fc.property(models(3), (model) => {
      const { plan, priceUsdPerHour, boundUsdPerHour } = optimise(model, 5);
      const cheapest = exhaustive(model);
      expectWholePlan(model, plan);
      expect(priceUsdPerHour).toBeGreaterThanOrEqual(cheapest - EPSILON);
      expect(boundUsdPerHour).toBeLessThanOrEqual(cheapest + EPSILON);
      if (priceUsdPerHour <= cheapest + EPSILON) optimal += 1;
    }),
    { numRuns, seed: 3 },
  );
  expect(optimal / numRuns).toBeGreaterThan(0.9);
});

test("a bound from any resource prices is a bound: it does not depend on how the search went", () => {
  fc.assert(
    fc.property(models(3), fc.array(fc.double({ min: 0, max: 5, noNaN: true }), { minLength: 12, maxLength: 12 }), (model, prices) => {
      const values = certifiedValues(model, Float64Array.from({ length: model.binCount * model.resourceCount }, (_, k) => prices[k % prices.length] as number));
      const bound = values.reduce((sum, value, i) => sum + value * (model.counts[i] as number), 0);
      expect(bound).toBeLessThanOrEqual(exhaustive(model) + EPSILON);
    }),
    { numRuns },
  );
});

test("the pattern bound is between the volume bound and the cheapest plan", () => {
  let above = 0;
  fc.assert(
    fc.property(models(3), (model) => {
      const volume = volumeBound(model);
      const { boundUsdPerHour } = patternColumns(model, volume, [], new GreedyCover(model), new Effort(20), seededRandom(1));
      expect(boundUsdPerHour).toBeGreaterThanOrEqual(volume.boundUsdPerHour - EPSILON);
      expect(boundUsdPerHour).toBeLessThanOrEqual(exhaustive(model) + EPSILON);
      if (boundUsdPerHour > volume.boundUsdPerHour + EPSILON) above += 1;
    }),
    { numRuns, seed: 3 },
  );
  expect(above / numRuns).toBeGreaterThan(0.2);
});

test("more pods of the same classes cost no less, and twice the pods at most twice the bound's worth", () => {
  fc.assert(
    fc.property(models(6), (model) => {
      const twice = makeModel({
        requests: Array.from({ length: model.classCount }, (_, i) => [...model.requests.subarray(i * 3, i * 3 + 3)]),
        counts: [...model.counts].map((count) => count * 2),
        free: Array.from({ length: model.binCount }, (_, bin) => [...model.free.subarray(bin * 3, bin * 3 + 3)]),
        prices: [...model.prices],
        allows: (bin, podClass) => (model.allowed[bin] as Int32Array).includes(podClass),
      });
      expect(volumeBound(twice).boundUsdPerHour).toBeCloseTo(2 * volumeBound(model).boundUsdPerHour, 4);
    }),
    { numRuns },
  );
});

test("a million pods of one class are planned at once, and a budget of nothing still gives a whole plan", () => {
  const million = makeModel({ requests: [[250, 512, 1]], counts: [1_000_000], free: [[3920, 15000, 58], [7910, 30000, 58]], prices: [0.192, 0.384], allows: () => true });
  const { plan, priceUsdPerHour, boundUsdPerHour } = optimise(million, 0);
  expectWholePlan(million, plan);
  expect(priceUsdPerHour / boundUsdPerHour).toBeLessThan(1.1);
  expect(plan.length).toBeLessThan(10);
});

test("the same model and budget give the same plan", () => {
  fc.assert(
    fc.property(models(6), (model) => {
      expect(optimise(model, 5)).toEqual(optimise(model, 5));
    }),
    { numRuns: Math.min(numRuns, 50) },
  );
});
