import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { emptiness } from "../../src/methods/emptiness.ts";
import { multiNodeConsolidation } from "../../src/methods/multi-node.ts";
import { singleNodeConsolidation } from "../../src/methods/single-node.ts";
import { disrupt } from "../../src/pass/evaluate.ts";
import { scoreCommand } from "../../src/scoring/balanced.ts";
import { EMPTY_TRACKER } from "../../src/scoring/cost-tracker.ts";
import { score, scoreMove } from "../../src/scoring/score.ts";
import type { Candidate } from "../../src/candidates/candidate.ts";
import { clusterOf, node, nodePool, pod } from "../cluster-fixture.ts";
import { brief, briefs, messagesOf, prepared, turnOf } from "../turn-fixture.ts";

const RUNS = { numRuns: Number(process.env["LAWS_RUNS"] ?? 200) };
const BALANCED = { nodePools: [nodePool({ policy: "Balanced" })] };
const candidate = (pool: string, policy: "Balanced" | "WhenEmptyOrUnderutilized", price: number, disruptionCost: number): Candidate => ({ nodePool: nodePool({ name: pool, policy }), price, disruptionCost }) as Candidate;

describe("a score", () => {
  test("D-086 P-176 is savings over disruption as shares of the pool, approved from one half on", () => {
    const totals = { cost: 58.08, disruptionCost: 90 };
    const of = (savingsUsdPerHour: number, disruptionCost: number): [number, boolean] => {
      const { score: value, approved } = scoreMove(totals, { savingsUsdPerHour, disruptionCost });
      return [Number(value.toFixed(5)), approved];
    };
    expect([of(7.26, 4), of(4.84, 5), of(2.42, 9)]).toEqual([
      [2.8125, true],
      [1.5, true],
      [0.41667, false],
    ]);
    expect(scoreMove({ cost: 48.4, disruptionCost: 90 }, { savingsUsdPerHour: 2.42, disruptionCost: 9 }).score).toBe(0.5);
  });

  test("D-086 is 0 without savings or totals, and without bound without disruption", () => {
    expect(score(-1, 0)).toMatchObject({ score: 0, approved: false });
    expect(score(0.1, 0)).toMatchObject({ score: Infinity, approved: true });
    expect(scoreMove({ cost: 0, disruptionCost: 3 }, { savingsUsdPerHour: 1, disruptionCost: 1 })).toMatchObject({ score: 0, approved: false });
  });

  test("D-087 does not change with the unit of either measure", () => {
    const amount = fc.double({ min: 0.001, max: 1000, noNaN: true });
    fc.assert(
      fc.property(amount, amount, amount, amount, fc.constantFrom(0.25, 0.5, 2, 1024), (cost, disruption, savings, move, unit) => {
        const plain = scoreMove({ cost, disruptionCost: disruption }, { savingsUsdPerHour: savings, disruptionCost: move });
        const scaled = scoreMove({ cost: cost * unit, disruptionCost: disruption }, { savingsUsdPerHour: savings * unit, disruptionCost: move });
        expect(scaled.score).toBe(plain.score);
      }),
      RUNS,
    );
  });

  test("D-088 passes from 1/k on", () => {
    expect([1, 2, 3].map((k) => score(0.4, 1, k).approved)).toEqual([false, false, true]);
    expect(score(0.5, 1, 2).threshold).toBe(0.5);
  });
});

describe("a command", () => {
  const totals = { one: { cost: 10, disruptionCost: 10 }, two: { cost: 10, disruptionCost: 10 } };

  test("D-089 D-092 is scored in Balanced pools only", () => {
    expect(scoreCommand([candidate("one", "WhenEmptyOrUnderutilized", 1, 5)], 0, totals)).toEqual({ approved: true, scores: {} });
    expect(Object.keys(scoreCommand([candidate("one", "Balanced", 1, 1), candidate("two", "WhenEmptyOrUnderutilized", 1, 1)], 2, totals).scores)).toEqual(["one"]);
  });

  test("D-091 is refused without candidates, or without totals of its pool", () => {
    expect(scoreCommand([], 1, totals).approved).toBe(false);
    expect(scoreCommand([candidate("three", "Balanced", 1, 1)], 1, totals).approved).toBe(false);
  });

  test("D-093 over pools splits its savings by their shares of the price, and needs every one's approval", () => {
    const both = [candidate("one", "Balanced", 3, 1), candidate("two", "Balanced", 1, 1)];
    const { approved, scores } = scoreCommand(both, 2, totals);
    expect([scores["one"]?.savingsFraction, scores["two"]?.savingsFraction]).toEqual([0.15, 0.05]);
    expect(approved).toBe(true);
    expect(scoreCommand([candidate("one", "Balanced", 3, 1), candidate("two", "Balanced", 1, 9)], 2, totals).approved).toBe(false);
  });
});

describe("Balanced pools", () => {
  test("D-090 D-100 are measured by all their nodes: the tracker's prices, and every node's disruption cost", () => {
    const objects = [node("a"), pod("p", "a"), node("b", { size: "xlarge", annotations: { "karpenter.sh/do-not-disrupt": "true" } }), pod("q", "b"), pod("r", "b")];
    expect(turnOf(singleNodeConsolidation, clusterOf(objects, BALANCED)).totals).toEqual({ default: { cost: 0.24, disruptionCost: 5 } });
    expect(turnOf(singleNodeConsolidation, clusterOf(objects, BALANCED), { costTracker: EMPTY_TRACKER }).totals).toEqual({ default: { cost: 0.08, disruptionCost: 5 } });
  });

  test("D-094 D-096 D-099 replace what is too big, and say how it scored", () => {
    const report = turnOf(singleNodeConsolidation, clusterOf([node("a", { size: "2xlarge" }), pod("p", "a")], BALANCED));
    expect(report.commands.map(brief)).toEqual(["replace a > small,medium,large,xlarge"]);
    expect(messagesOf(report, "Node/a")).toContain("score 0.94 >= threshold 0.50 (k: 2, savings 93.8%, disruption 100.0%)");
  });

  test("D-096 D-099 leave what saves too little for its pods, silently", () => {
    const few = Array.from({ length: 20 }, (_, i) => pod(`p${i}`, "a", { cpu: "100m" }));
    const objects = [node("a", { size: "large" }), ...few, node("b", { size: "2xlarge" }), pod("q", "b", { cpu: "9" })];
    const report = turnOf(singleNodeConsolidation, clusterOf(objects, BALANCED));
    expect(report.commands).toEqual([]);
    expect(report.events.filter(({ reason }) => reason === "ConsolidationApproved")).toEqual([]);
    expect(briefs(singleNodeConsolidation, clusterOf(objects))).toEqual(["delete a"]);
  });

  test("D-095 the only node of a pool scores 1 when it is deleted", () => {
    const pools = [nodePool({ name: "one", policy: "Balanced" }), nodePool({ name: "two" })];
    const report = turnOf(singleNodeConsolidation, clusterOf([node("a", { pool: "one" }), pod("p", "a"), node("b", { pool: "two", annotations: { "karpenter.sh/do-not-disrupt": "true" } }), pod("q", "b")], { nodePools: pools }));
    expect(messagesOf(report, "Node/a")).toEqual(["score 1.00 >= threshold 0.50 (k: 2, savings 100.0%, disruption 100.0%)"]);
  });

  test("D-098 the best ratio goes first", () => {
    expect(briefs(singleNodeConsolidation, clusterOf([node("a"), pod("p", "a"), node("b", { size: "2xlarge" }), pod("q", "b")], BALANCED))).toEqual(["delete b"]);
  });

  test("D-097 empty nodes go before others under a budget of one", () => {
    const pools = [nodePool({ policy: "Balanced", budgets: [{ nodes: "1" }] })];
    expect(disrupt(prepared(clusterOf([node("a", { size: "2xlarge" }), pod("p", "a"), node("b")], { nodePools: pools }))).map(brief)).toEqual(["delete b"]);
  });

  test("D-099 a group's approval is told the pool", () => {
    const two = ["a", "b"].flatMap((name) => [...node(name, { size: "xlarge" }), pod(`p-${name}`, name)]);
    expect(messagesOf(turnOf(multiNodeConsolidation, clusterOf(two, BALANCED)), "NodePool/default")[0]).toMatch(/^score .* >= threshold 0\.50/);
    expect(turnOf(emptiness, clusterOf([node("a")], BALANCED)).commands).toHaveLength(1);
  });

  test("D-099 a pool that approves is told so even if another pool's refusal keeps the group", () => {
    const pools = [nodePool({ name: "willing", policy: "Balanced" }), nodePool({ name: "reluctant", policy: "Balanced" })];
    const crowd = Array.from({ length: 20 }, (_, i) => pod(`p${i}`, "a", { cpu: "10m" }));
    const full = [...node("kept", { pool: "reluctant", size: "2xlarge", annotations: { "karpenter.sh/do-not-disrupt": "true" } }), pod("q", "kept", { cpu: "16" })];
    const report = turnOf(multiNodeConsolidation, clusterOf([node("a", { pool: "reluctant", size: "small" }), ...crowd, node("b", { pool: "willing", size: "xlarge" }), pod("r", "b"), ...full], { nodePools: pools }));
    expect(report.commands).toEqual([]);
    expect(report.events.filter(({ reason }) => reason === "ConsolidationApproved").map(({ object }) => object)).toEqual(["NodePool/willing"]);
  });
});
