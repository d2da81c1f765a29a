import { expect, test } from "vitest";
import type { Cluster } from "@groupless/bin-packer";
import { lift } from "../../src/blockers/lift.ts";
import { disrupt } from "../../src/pass/evaluate.ts";
import { whyNot } from "../../src/pass/why-not.ts";
import { clusterOf, instanceType, node, pod } from "../cluster-fixture.ts";
import { brief, prepared } from "../turn-fixture.ts";

function lifted(cluster: Cluster, name: string): { readonly codes: readonly string[]; readonly commands: readonly string[] } {
  const blockers = whyNot(prepared(cluster), name);
  const without = blockers.reduce((now, blocker) => lift(prepared(now), name, blocker) ?? now, cluster);
  return { codes: blockers.map(({ code }) => code), commands: disrupt(prepared(without)).map(brief) };
}

test("a node whose pods only a node of its own type would hold goes once there is room elsewhere", () => {
  const pods = ["p", "q", "r"].map((name) => pod(name, "a", { cpu: "3200m" }));
  expect(lifted(clusterOf([node("a", { size: "2xlarge" }), ...pods]), "a")).toEqual({ codes: ["not-cheaper"], commands: ["delete a"] });
});

test("a node in whose place another type would cost more goes once it is dearer still", () => {
  const instanceTypes = { "*": [instanceType("small", { capacityTypes: ["spot"] }), instanceType("medium", { capacityTypes: ["on-demand"] })] };
  const cluster = clusterOf([node("a", { size: "small", capacityType: "spot" }), pod("p", "a", { cpu: "500m" })], { instanceTypes });
  expect(lifted(cluster, "a")).toEqual({ codes: ["not-cheaper"], commands: ["replace a > medium"] });
});

test("what the node lacks to be lifted is added anew each time, not twice under one name", () => {
  const start = clusterOf([node("a", { size: "2xlarge" }), pod("p", "a", { cpu: "9" })]);
  const [blocker] = whyNot(prepared(start), "a");
  if (blocker === undefined) throw new Error("nothing in the way");
  const twice = lift(prepared(lift(prepared(start), "a", blocker) ?? start), "a", blocker);
  expect(twice?.objects.filter(({ kind }) => kind === "Node").map(({ metadata }) => metadata.name)).toEqual(["a", "spare-a", "spare-a-2"]);
});
