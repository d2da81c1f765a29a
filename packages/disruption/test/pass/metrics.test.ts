import { expect, test } from "vitest";
import { drift } from "../../src/methods/drift.ts";
import { evaluate } from "../../src/pass/evaluate.ts";
import { passMetrics } from "../../src/pass/metrics.ts";
import { clusterOf, drifted, node, pod } from "../cluster-fixture.ts";
import { prepared } from "../turn-fixture.ts";

const of = (cluster: ReturnType<typeof clusterOf>, options = {}): readonly string[] =>
  passMetrics(evaluate(prepared(cluster), options).methods).map(({ name, labels, value }) => `${name.replace("karpenter_voluntary_disruption_", "")}{${Object.values(labels).join(",")}} ${value}`);

test("D-140 every command counts as a decision, by kind, reason and consolidation type", () => {
  expect(of(clusterOf([node("a"), node("b")]))).toContain("decisions_total{delete,empty,empty} 1");
  expect(of(clusterOf([node("a", { size: "xlarge" }), pod("p", "a")]))).toContain("decisions_total{replace,underutilized,single} 1");
  const two = ["a", "b"].flatMap((name) => [...node(name, { size: "xlarge" }), pod(`p-${name}`, name, { cpu: "2" })]);
  expect(of(clusterOf(two))).toContain("decisions_total{replace,underutilized,multi} 1");
  expect(of(clusterOf([node("a", { conditions: drifted() })]), { methods: [drift] })).toContain("decisions_total{delete,drifted,} 1");
});

test("D-141 the nodes each method could take are gauged, none included", () => {
  expect(of(clusterOf([node("a", { size: "small" }), pod("p", "a", { cpu: "900m" }), node("b", { size: "small" }), pod("q", "b", { cpu: "900m" })]))).toEqual([
    "eligible_nodes{empty} 0",
    "eligible_nodes{drifted} 0",
    "eligible_nodes{drifted} 0",
    "eligible_nodes{underutilized} 2",
    "eligible_nodes{underutilized} 2",
  ]);
});
