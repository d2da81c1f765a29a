import { CAPACITY_TYPE_LABEL, INSTANCE_TYPE_LABEL, NODE_POOL_LABEL, type NodeOverlay, ZONE_LABEL } from "@groupless/api";
import { applyOverlays, explainOverlayRefusal, overlayPrices } from "@groupless/catalog";
import { describe, expect, test } from "vitest";
import { instanceType, offering, oneOf } from "../fixtures.ts";

const labelled = (name: string, offerings: Parameters<typeof instanceType>[1]): ReturnType<typeof instanceType> => {
  const type = instanceType(name, offerings);
  return { ...type, requirements: [...type.requirements, oneOf(CAPACITY_TYPE_LABEL, "on-demand", "spot"), oneOf(ZONE_LABEL, "a")] };
};
const types = [labelled("m5.large", [offering("a", "on-demand", 2), offering("a", "spot", 1)]), labelled("c5.large", [offering("a", "on-demand", 4)])];
const pools = [{ name: "default", labels: { team: "web" }, instanceTypes: types }, { name: "batch", instanceTypes: types }];
const overlay = (name: string, spec: NodeOverlay["spec"]): NodeOverlay => ({ apiVersion: "karpenter.sh/v1alpha1", kind: "NodeOverlay", metadata: { name }, spec });
const prices = (list: readonly (typeof types)[number][] | undefined): number[][] => (list ?? []).map((type) => type.offerings.map((each) => each.price));

describe("node overlays", () => {
  test("P-166 change the price of the offerings they select, in the NodePools they select", () => {
    const { instanceTypes, refused } = applyOverlays(pools, [overlay("dear-spot", { requirements: [oneOf(CAPACITY_TYPE_LABEL, "spot"), oneOf(NODE_POOL_LABEL, "batch")], priceAdjustment: "+50%" })]);
    expect(refused).toEqual([]);
    expect(prices(instanceTypes["batch"])).toEqual([[2, 1.5], [4]]);
    expect(instanceTypes["batch"]?.[0]?.offerings[1]).toMatchObject({ priceOverlayApplied: true, priceSource: "supplied" });
    expect(instanceTypes["default"]).toBe(types);
    expect(instanceTypes["batch"]?.[1]).toBe(types[1]);
  });

  test("P-166 may select by the labels of a NodePool's nodes", () => {
    const { instanceTypes } = applyOverlays(pools, [overlay("web", { requirements: [oneOf("team", "web")], price: "7" })]);
    expect(prices(instanceTypes["batch"])).toEqual([[2, 1], [4]]);
    expect(prices(instanceTypes["default"])).toEqual([[7, 7], [7]]);
  });

  test("P-166 add capacity of resources that the type does not state itself", () => {
    const { instanceTypes } = applyOverlays(pools, [overlay("fuse", { requirements: [oneOf(INSTANCE_TYPE_LABEL, "m5.large")], capacity: { "example.com/fuse": "10" } })]);
    expect(instanceTypes["default"]?.[0]).toMatchObject({ capacity: { cpu: "2", "example.com/fuse": "10" }, capacityOverlayApplied: true });
    const { refused } = applyOverlays(pools, [overlay("more-cpu", { capacity: { cpu: "10" } })]);
    expect(refused).toMatchObject([{ code: "overlay-invalid", overlay: "more-cpu", restrictedResources: ["cpu"] }]);
    expect(explainOverlayRefusal(refused[0]!)).toBe("overlay more-cpu is invalid: cpu cannot be set");
  });

  test("P-165 P-166 of two weights the heavier one stands, per offering and per resource", () => {
    const { instanceTypes, refused } = applyOverlays(pools, [
      overlay("light", { weight: 1, price: "9", capacity: { "example.com/a": "1", "example.com/b": "1" } }),
      overlay("heavy", { weight: 5, requirements: [oneOf(CAPACITY_TYPE_LABEL, "spot")], price: "5", capacity: { "example.com/a": "2" } }),
    ]);
    expect(refused).toEqual([]);
    expect(prices(instanceTypes["default"])).toEqual([[9, 5], [9]]);
    expect(instanceTypes["default"]?.[0]?.capacity).toMatchObject({ "example.com/a": "2", "example.com/b": "1" });
  });

  test("P-166 of two of one weight on the same offering the later in the alphabet stands, and the other is refused everywhere", () => {
    const same = [overlay("alpha", { price: "3" }), overlay("beta", { requirements: [oneOf(INSTANCE_TYPE_LABEL, "m5.large"), oneOf(NODE_POOL_LABEL, "batch")], price: "8" })];
    for (const order of [same, same.toReversed()]) {
      const { instanceTypes, refused } = applyOverlays(pools, order);
      expect(refused).toMatchObject([{ code: "overlay-conflict", overlay: "alpha", nodePool: "batch", instanceType: "m5.large", field: "price" }]);
      expect([prices(instanceTypes["batch"]), prices(instanceTypes["default"])]).toEqual([[[8, 8], [4]], [[2, 1], [4]]]);
    }
  });

  test("P-166 of one weight on the same resource conflict too", () => {
    const { refused } = applyOverlays(pools, [overlay("a", { capacity: { "example.com/a": "1" } }), overlay("b", { capacity: { "example.com/a": "2" } })]);
    expect(refused.map(explainOverlayRefusal)).toEqual(["overlay a changes the example.com/a of m5.large in NodePool default, as another overlay of its weight does"]);
  });

  test("P-165 with an invalid requirement are refused, and the others apply", () => {
    const { instanceTypes, refused } = applyOverlays(pools, [overlay("bad", { requirements: [{ key: "kubernetes.io/arch", operator: "NotIn", values: [] }], price: "1" }), overlay("good", { price: "6" })]);
    expect(refused).toMatchObject([{ code: "overlay-invalid", overlay: "bad" }]);
    expect(prices(instanceTypes["default"])).toEqual([[6, 6], [6]]);
  });

  test("P-167 change nothing in the lists that came in, whatever one of them does", () => {
    const before = JSON.stringify(types);
    applyOverlays(pools, [overlay("x", { price: "3", capacity: { "example.com/a": "1" } })]);
    expect(JSON.stringify(types)).toBe(before);
    expect(applyOverlays(pools, []).instanceTypes["default"]).toBe(types);
  });

  test("A-057 alone give a price to types that have none otherwise, when the type is all they ask for", () => {
    const named = { requirements: [oneOf(INSTANCE_TYPE_LABEL, "x8.large", "x8.xlarge")], price: "1.5" };
    const failed = { ...overlay("failed", { ...named, price: "9" }), status: { conditions: [{ type: "ValidationSucceeded", status: "False" as const }] } } as NodeOverlay;
    expect(overlayPrices([overlay("named", named), failed, overlay("arch", { requirements: [oneOf("kubernetes.io/arch", "amd64")], price: "3" })])).toEqual({ "x8.large": 1.5, "x8.xlarge": 1.5 });
  });
});
