import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DeletionModel } from "../../../src/beyond/deletions/deletion-model.ts";
import { DeletionPlan } from "../../../src/beyond/deletions/deletion-plan.ts";
import { adapt, searchDeletions } from "../../../src/beyond/deletions/deletion-search.ts";

const RUNS = { numRuns: Number(process.env["LAWS_RUNS"] ?? 200) };
const MOVE = 0.01;

// Up to five nodes of two groups, some of which stay, with up to eight pods of two resources, one kind of which not all nodes take.
const models: fc.Arbitrary<DeletionModel> = fc
  .record({
    nodes: fc.array(fc.record({ price: fc.integer({ min: 1, max: 9 }), group: fc.constantFrom(-1, 0, 0, 1), room: fc.tuple(fc.nat(8), fc.nat(8)), takesPicky: fc.boolean() }), { minLength: 1, maxLength: 5 }),
    pods: fc.array(fc.record({ node: fc.nat(4), amounts: fc.tuple(fc.nat(4), fc.nat(4)), picky: fc.boolean(), cost: fc.constantFrom(1, 1, 3) }), { maxLength: 8 }),
    allowance: fc.tuple(fc.nat(4), fc.nat(4)),
  })
  .map(({ nodes, pods, allowance }) => {
    const there = pods.filter(({ node }) => node < nodes.length && (nodes[node]?.group ?? -1) >= 0);
    return {
      nodes: nodes.map((_, i) => `n${i}`),
      prices: Float64Array.from(nodes, ({ price, group }) => (group < 0 ? 0 : price)),
      groupOf: Int32Array.from(nodes, ({ group }) => group),
      allowance,
      resources: 2,
      free: Float64Array.from(nodes.flatMap(({ room }) => room)),
      pods: there.map((_, i) => `p${i}`),
      home: Int32Array.from(there, ({ node }) => node),
      moveCosts: Float64Array.from(there, ({ cost }) => cost),
      shapeOf: Int32Array.from(there, (_, i) => i),
      amounts: Float64Array.from(there.flatMap(({ amounts }) => amounts)),
      takes: there.map(({ picky }) => Uint8Array.from(nodes, ({ takesPicky }) => (picky && !takesPicky ? 0 : 1))),
    };
  });

function fits(model: DeletionModel, free: Float64Array, pod: number, node: number): boolean {
  return model.takes[pod]?.[node] === 1 && [0, 1].every((k) => (free[node * 2 + k] as number) >= (model.amounts[pod * 2 + k] as number));
}

/** Can these pods go to nodes that stand? By trying everything. */
function placeable(model: DeletionModel, free: Float64Array, stands: readonly number[], [pod, ...rest]: readonly number[]): boolean {
  if (pod === undefined) return true;
  return stands.some((node) => {
    if (!fits(model, free, pod, node)) return false;
    const less = free.slice();
    for (const k of [0, 1]) less[node * 2 + k] = (less[node * 2 + k] as number) - (model.amounts[pod * 2 + k] as number);
    return placeable(model, less, stands, rest);
  });
}

/** The most that can be gained, by trying every set of nodes. */
function best(model: DeletionModel): number {
  let most = 0;
  const all = model.nodes.map((_, node) => node);
  for (let set = 1; set < 2 ** all.length; set++) {
    const gone = all.filter((node) => (set & (1 << node)) !== 0);
    if (gone.some((node) => (model.groupOf[node] as number) < 0)) continue;
    if (model.allowance.some((allowed, group) => gone.filter((node) => model.groupOf[node] === group).length > allowed)) continue;
    const pods = [...model.home.keys()].filter((pod) => gone.includes(model.home[pod] as number));
    const gain = gone.reduce((sum, node) => sum + (model.prices[node] as number), 0) - pods.reduce((sum, pod) => sum + (model.moveCosts[pod] as number), 0) * MOVE;
    if (gain > most && placeable(model, model.free, all.filter((node) => !gone.includes(node)), pods)) most = gain;
  }
  return most;
}

function expectSound(plan: DeletionPlan): void {
  const { model } = plan;
  const free = model.free.slice();
  let gain = 0;
  for (const [node, price] of model.prices.entries()) if (!plan.stands(node)) gain += price;
  for (const [pod, home] of model.home.entries()) {
    const node = plan.placeOf(pod);
    expect(plan.stands(node)).toBe(true);
    if (node === home) continue;
    expect(plan.stands(home)).toBe(false);
    expect(model.takes[pod]?.[node]).toBe(1);
    gain -= (model.moveCosts[pod] as number) * MOVE;
    for (const k of [0, 1]) free[node * 2 + k] = (free[node * 2 + k] as number) - (model.amounts[pod * 2 + k] as number);
  }
  for (const [node] of model.nodes.entries()) if (plan.stands(node)) for (const k of [0, 1]) expect(free[node * 2 + k]).toBeGreaterThanOrEqual(0);
  for (const [group, allowed] of model.allowance.entries()) expect([...model.groupOf.keys()].filter((node) => model.groupOf[node] === group && !plan.stands(node)).length).toBeLessThanOrEqual(allowed);
  for (const [node, group] of model.groupOf.entries()) if (group < 0) expect(plan.stands(node)).toBe(true);
  expect(plan.gain).toBeCloseTo(gain, 9);
}

describe("a search for deletions", () => {
  test("puts every pod where there is room and lets no more go than may, and its gain is what it says", () => {
    fc.assert(fc.property(models, (model) => expectSound(searchDeletions(model, { moveUsdPerHour: MOVE, looks: 20_000 }))), RUNS);
  });

  test("gains no more than is possible, and nearly always as much, by brute force", () => {
    let optimal = 0;
    let possible = 0;
    fc.assert(
      fc.property(models, (model) => {
        const most = best(model);
        const { gain } = searchDeletions(model, { moveUsdPerHour: MOVE, looks: 20_000 });
        expect(gain).toBeLessThanOrEqual(most + 1e-9);
        if (most === 0) return;
        possible += 1;
        if (gain >= most - 1e-9) optimal += 1;
      }),
      RUNS,
    );
    expect(possible).toBeGreaterThan(RUNS.numRuns / 4);
    expect(optimal / possible).toBeGreaterThan(0.95);
  });

  test("is the same each time", () => {
    fc.assert(
      fc.property(models, (model) => {
        const [a, b] = [1, 2].map(() => searchDeletions(model, { moveUsdPerHour: MOVE, looks: 5_000 })) as [DeletionPlan, DeletionPlan];
        expect(model.nodes.map((_, node) => a.stands(node))).toEqual(model.nodes.map((_, node) => b.stands(node)));
      }),
      RUNS,
    );
  });

  test("moves pods away from where they turn out not to be taken", () => {
    fc.assert(
      fc.property(models, fc.infiniteStream(fc.boolean()), (model, coin) => {
        const plan = searchDeletions(model, { moveUsdPerHour: MOVE, looks: 2_000 });
        for (const [pod] of model.pods.entries()) if (!plan.isHome(pod) && coin.next().value === true) (model.takes[pod] as Uint8Array)[plan.placeOf(pod)] = 0;
        adapt(plan);
        expectSound(plan);
      }),
      RUNS,
    );
  });
});

test("a plan taken back is as it was", () => {
  fc.assert(
    fc.property(models, fc.array(fc.nat(4), { maxLength: 6 }), (model, nodes) => {
      const plan = new DeletionPlan(model, MOVE);
      const look = (): unknown => [Math.abs(plan.gain) < 1e-9 ? 0 : plan.gain.toFixed(9), plan.standing, model.home.map((_, pod) => plan.placeOf(pod)), model.nodes.map((_, node) => [plan.stands(node), plan.mayGo(node)])];
      const before = look();
      for (const node of nodes) {
        if (node >= model.nodes.length) continue;
        if (!plan.stands(node)) plan.stand(node);
        else if (plan.mayGo(node)) plan.place(plan.fall(node));
      }
      plan.undo();
      expect(look()).toEqual(before);
    }),
    RUNS,
  );
});
