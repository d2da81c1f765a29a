import type { NodeSelectorRequirement, PodSpec } from "@groupless/api";
import { prepare, solve } from "@groupless/bin-packer";
import { cluster, contradictionReadsAsAbsent, type Deviation, existsBesideNotIn, node, notInDefinesTheKey, placementInvariants, pod, relaxedTermCountsAnew, violations } from "@groupless/testing";
import { expect, test } from "vitest";

const required = (...terms: readonly (readonly NodeSelectorRequirement[])[]): Partial<PodSpec> => ({ affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms.map((matchExpressions) => ({ matchExpressions })) } } } });
const team = (operator: "In" | "NotIn" | "Exists" | "DoesNotExist", ...values: readonly string[]): NodeSelectorRequirement => ({ key: "team", operator, ...(values.length === 0 ? {} : { values }) });

/** The invariants broken by the plan, without and with the deviation let pass. */
function broken(objects: Parameters<typeof cluster>[0], deviation: Deviation): readonly [readonly string[], readonly string[]] {
  const c = cluster(objects);
  const packing = solve(prepare(c, { nowMs: Date.UTC(2026, 8, 1, 13) }));
  const names = (except: readonly Deviation[]): readonly string[] => [...new Set(violations(c, packing, placementInvariants, { except }).map(({ invariant }) => invariant))];
  return [names([]), names([deviation])];
}

test("contradiction-reads-as-absent: a pod that wants two teams goes where there is none", () => {
  expect(broken({ objects: [pod("a", {}, { spec: { ...required([team("In", "red")]), nodeSelector: { team: "blue" } } })] }, contradictionReadsAsAbsent)).toEqual([["holdsNodeAffinity"], []]);
});

test("exists-beside-not-in: a pod that wants some team but red goes where there is none", () => {
  expect(broken({ objects: [...node("n0").objects, pod("a", {}, { spec: required([team("Exists"), team("NotIn", "red")]) })] }, existsBesideNotIn)).toEqual([["holdsNodeAffinity"], []]);
});

test("not-in-defines-the-key: after a pod that keeps clear of red, blue may come to a node without a team", () => {
  const objects = [...node("n0").objects, pod("first", { cpu: "2" }, { spec: required([team("NotIn", "red")]) }), pod("second", { cpu: "1" }, { spec: { nodeSelector: { team: "blue" } } })];
  expect(broken({ objects }, notInDefinesTheKey)).toEqual([["holdsNodeAffinity"], []]);
});

test("relaxed-term-counts-anew: pods of two terms crowd a node that one of the terms would have kept them from", () => {
  const spec: Partial<PodSpec> = {
    ...required([team("Exists"), { key: "kubernetes.io/arch", operator: "In", values: ["amd64"] }], [team("Exists")]),
    topologySpreadConstraints: [{ maxSkew: 1, topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "DoNotSchedule", labelSelector: { matchLabels: { app: "web" } } }],
  };
  const web = ["a", "b", "c", "d"].map((name) => pod(name, { cpu: "100m" }, { metadata: { labels: { app: "web" } }, spec }));
  const full = { pods: "1", cpu: "4", memory: "16Gi" };
  const objects = [...node("n0", { labels: { team: "red" } }).objects, ...node("n1", { labels: { team: "red" }, allocatable: full }).objects, ...node("n2", { labels: { team: "red" }, allocatable: { ...full, pods: "0" } }).objects, ...web];
  expect(broken({ objects }, relaxedTermCountsAnew)).toEqual([["holdsSpread"], []]);
});

test("a violation of another kind is not explained away", () => {
  const c = cluster({ objects: [...node("n0").objects, pod("a", {}, { spec: { nodeSelector: { team: "blue" } } })] });
  const packing = { newNodeClaims: [], existingNodes: [{ node: "n0", pods: ["default/a"] }], podErrors: [], ignoredPods: [], priceUsdPerHour: 0 };
  const except = [contradictionReadsAsAbsent, existsBesideNotIn, notInDefinesTheKey, relaxedTermCountsAnew];
  expect(violations(c, packing, placementInvariants, { except }).map(({ invariant }) => invariant)).toEqual(["holdsNodeAffinity"]);
});
