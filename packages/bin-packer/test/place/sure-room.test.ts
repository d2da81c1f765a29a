import type { KubeObject, Pod } from "@groupless/api";
import { agedClusters } from "@groupless/testing/arbitraries";
import fc from "fast-check";
import { expect, test } from "vitest";
import { canSurelyDoWithout, type Cluster, prepare, stateNodes, whatIf } from "../../src/index.ts";
import { cluster, node, NOW_MS, pod, pool, term } from "../build.ts";

const RUNS = Number(process.env["LAWS_RUNS"] ?? 150);
const on = (name: string, cpu: string, nodeName: string, changes: Parameters<typeof pod>[1] = {}): Pod => pod(name, { cpu, ...changes, nodeName, status: { phase: "Running" } });
const sure = (objects: readonly KubeObject[], names: readonly string[], changes: Partial<Cluster> = {}): boolean => canSurelyDoWithout(prepare(cluster(objects, { nodePools: [pool("default")], ...changes }), { nowMs: NOW_MS }), names);

/** What is said to be sure, asked. */
function expectSure(from: Cluster, nowMs: number, picks: readonly number[]): boolean {
  const prepared = prepare(from, { nowMs });
  const names = stateNodes(prepared).map(({ name }) => name);
  const removeNodes = [...new Set(picks.flatMap((pick) => names[pick] ?? []))];
  if (!canSurelyDoWithout(prepared, removeNodes)) return false;
  const { newNodeClaims, podErrors } = whatIf(prepared, { removeNodes }, { purpose: "disruption", guardDestinations: true });
  expect([newNodeClaims, podErrors]).toEqual([[], []]);
  return removeNodes.length > 0;
}

// One cluster in four has a pod that wants no neighbours.
const plain = fc
  .record({ nodes: fc.array(fc.array(fc.constantFrom("100m", "500m", "1"), { maxLength: 3 }), { minLength: 2, maxLength: 5 }), isLonely: fc.constantFrom(false, false, false, true) })
  .map(({ nodes, isLonely }) => {
    const lonely = { labels: { app: "a" }, affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term("a")] } } };
    return cluster(nodes.flatMap((pods, n) => [...node(`n-${n}`, { pool: "default" }), ...pods.map((cpu, p) => on(`p-${n}-${p}`, cpu, `n-${n}`, isLonely && p === 0 ? lonely : {}))]), { nodePools: [pool("default")] });
  });

test("what is sure is so", () => {
  let times = 0;
  fc.assert(
    fc.property(plain, fc.array(fc.nat(4), { minLength: 1, maxLength: 2 }), (from, picks) => {
      if (expectSure(from, NOW_MS, picks)) times++;
    }),
    { numRuns: RUNS },
  );
  expect(times).toBeGreaterThan(RUNS / 5);
});

test("what is sure is so, in clusters with a bit of everything", () => {
  fc.assert(fc.property(agedClusters({ maxPods: 8, maxNodes: 5 }), fc.array(fc.nat(4), { minLength: 1, maxLength: 2 }), (from, picks) => void expectSure(from, Date.UTC(2026, 8, 1, 13), picks)), { numRuns: RUNS });
});

test("nothing is sure where pods wait, mind their neighbours, or ask for more than fits for certain", () => {
  const two = [...node("a", { pool: "default" }), ...node("b", { pool: "default" }), on("p", "500m", "a")];
  expect(sure(two, ["a"])).toBe(true);
  expect(sure([...two, pod("waits")], ["a"])).toBe(false);
  expect(sure([...two, on("q", "100m", "b", { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term("a")] } } })], ["a"])).toBe(false);
  expect(sure([...two, on("q", "100m", "a", { nodeSelector: { disk: "fast" } })], ["a"])).toBe(false);
  expect(sure([...two, on("q", "999", "a")], ["a"])).toBe(false);
  expect(sure(two, ["a", "b"])).toBe(false);
  expect(sure(two, ["a"], { nodePools: [] })).toBe(false);
  expect(() => sure(two, ["c"])).toThrow("no node c");
});
