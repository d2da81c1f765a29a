import { expect, test } from "vitest";
import { solveFluid } from "../../src/cheapest/fluid-lp.ts";
import { dealt, type Gathered, gathered } from "../../src/cheapest/gathered.ts";
import { type Model, makeModel } from "../../src/cheapest/model.ts";
import { seededRandom } from "../../src/cheapest/random.ts";
import { volumeBound } from "../../src/cheapest/volume-bound.ts";

/** Classes of which no two are alike, on bins of two sizes; every third class only on the large ones. */
function unlike(classes: number): Model {
  const random = seededRandom(11);
  const requests = Array.from({ length: classes }, () => [50 + Math.floor(3000 * random.next() ** 3), 64 + Math.floor(8000 * random.next() ** 2), 1]);
  return makeModel({ requests, counts: requests.map((_, i) => 1 + (i % 3)), free: [[3920, 15_000, 58], [15_890, 60_000, 110], [7_900, 60_000, 58]], prices: [0.19, 0.77, 0.5], allows: (bin, i) => bin > 0 || i % 3 > 0 });
}

test("as many classes as a programme takes easily stay as they are", () => {
  expect(gathered(unlike(600))).toBeUndefined();
});

test("thousands of classes come to hundreds with the same pods, requests and bins, and shares are dealt back to every pod", () => {
  const model = unlike(1_500);
  const few = gathered(model) as Gathered;
  expect(few.model.classCount).toBeLessThanOrEqual(500);
  expect(few.members.flat().sort((a, b) => a - b)).toEqual([...model.counts.keys()]);
  const asked = (of: Model, r: number): number => of.counts.reduce((sum, count, i) => sum + count * (of.requests[i * 3 + r] as number), 0);
  for (const r of [0, 1, 2]) expect(asked(few.model, r) / asked(model, r)).toBeCloseTo(1, 9);
  few.members.forEach((group, k) => {
    for (const i of group) for (let bin = 0; bin < 3; bin++) expect((model.allowed[bin] as Int32Array).includes(i)).toBe((few.model.allowed[bin] as Int32Array).includes(k));
  });
  const shares = dealt(few, model, solveFluid(few.model, 20_000).shares);
  const pods = new Float64Array(model.classCount);
  for (const share of shares) {
    expect(model.allowed[share.bin]).toContain(share.podClass);
    pods[share.podClass] = (pods[share.podClass] as number) + share.pods;
  }
  pods.forEach((placed, i) => expect(placed).toBeCloseTo(model.counts[i] as number, 2));
});

test("the bound proved with gathered classes is no higher than the bound of each class for itself, and hardly lower", () => {
  const model = unlike(1_500);
  const { opened } = solveFluid(model, 200_000);
  const whole = opened.reduce((sum, nodes, bin) => sum + nodes * (model.prices[bin] as number), 0);
  const { boundUsdPerHour } = volumeBound(model);
  expect(boundUsdPerHour).toBeLessThanOrEqual(whole * (1 + 1e-6));
  expect(boundUsdPerHour).toBeGreaterThan(whole * 0.999);
});
