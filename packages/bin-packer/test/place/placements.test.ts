import { cluster, bound, node, nodePool, pod } from "@groupless/testing";
import { expect, test } from "vitest";
import { type ExistingNodePlacement, prepare, whatIf } from "../../src/index.ts";

const picky = pod("picky", { cpu: "500m" }, { spec: { nodeSelector: { disk: "fast" } } });
const objects = [...node("a").objects, ...node("b").objects, ...node("c", { labels: { disk: "fast" } }).objects, bound(pod("p", { cpu: "500m" }), "a"), bound(picky, "a")];
const prepared = prepare(cluster({ nodePools: [nodePool("default")], objects }), { nowMs: 0 });

function placed(placements: readonly ExistingNodePlacement[] = []): readonly string[] {
  const { existingNodes } = whatIf(prepared, { removeNodes: ["a"] }, { placements });
  return existingNodes.flatMap(({ node: name, pods }) => pods.map((each) => `${each} on ${name}`)).toSorted();
}

test("pods go where they are wished, as far as that is allowed; the rest is placed as always", () => {
  expect(placed()).toEqual(["default/p on b", "default/picky on c"]);
  expect(placed([{ node: "c", pods: ["default/p"] }])).toEqual(["default/p on c", "default/picky on c"]);
  expect(placed([{ node: "b", pods: ["default/picky"] }])).toEqual(["default/p on b", "default/picky on c"]);
});

test("wishes for what is not there are passed over", () => {
  expect(placed([{ node: "a", pods: ["default/p"] }, { node: "gone", pods: ["default/picky"] }, { node: "c", pods: ["default/nobody"] }])).toEqual(placed());
});
