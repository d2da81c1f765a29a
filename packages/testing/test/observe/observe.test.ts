import { bound, holdsBudgets, holdsCapacity, holdsTaints, node, nodePool, observe, planViolations, pod, violations } from "@groupless/testing";
import { expect, test } from "vitest";

const nowMs = Date.UTC(2026, 8, 2, 12);

test("what was bound between two looks is a placement, what waited all along a refusal", () => {
  const taken = node("n1", { taints: [{ key: "dedicated", value: "red", effect: "NoSchedule" }] }).objects;
  const [old, fresh, waiting] = [pod("old"), pod("fresh"), pod("waiting")];
  const { cluster, packing } = observe([...taken, bound(old, "n1"), fresh, waiting], [...taken, bound(old, "n1"), bound(fresh, "n1"), waiting]);
  expect(packing.existingNodes).toEqual([{ node: "n1", pods: ["default/fresh"] }]);
  expect(packing.podErrors.map(({ pod: name }) => name)).toEqual(["default/waiting"]);
  expect(violations(cluster, packing, [holdsTaints, holdsCapacity])).toMatchObject([{ invariant: "holdsTaints", pod: "default/fresh" }]);
});

test("a node that was not there before counts with what came to it", () => {
  const big = pod("big", { cpu: "3900m" });
  const more = pod("more", { cpu: "200m" });
  const { cluster, packing } = observe([big], [...node("new").objects, bound(big, "new"), bound(more, "new")]);
  expect(violations(cluster, packing, [holdsCapacity])).toMatchObject([{ node: "new" }]);
});

test("nodes that are gone are a command", () => {
  const pools = [nodePool("default", { spec: { disruption: { consolidateAfter: "0s", budgets: [{ nodes: "1" }] } } })];
  const three = ["a", "b", "c"].map((name) => node(name, { nodePool: "default" }).objects);
  const { before, commands } = observe([...pools, ...three.flat()], [...pools, ...(three[0] ?? [])]);
  expect(commands.map(({ sourceNodes }) => sourceNodes)).toEqual([["b", "c"]]);
  expect(planViolations({ before, commands, nowMs }, [holdsBudgets])).toHaveLength(1);
  expect(observe(three.flat(), three.flat()).commands).toEqual([]);
});
