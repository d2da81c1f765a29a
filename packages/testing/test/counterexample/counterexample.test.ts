import { validateCreate } from "@groupless/manifests";
import { prepare, solve } from "@groupless/bin-packer";
import { addPlacementMatchers, asYaml, assertHolds, BrokenInvariantsError, cluster, daemonSet, fromYaml, instanceType, node, type PlacementMatchers, pod, showing } from "@groupless/testing";
import { expect, test } from "vitest";

const c = cluster({ objects: [...node("n0", { allocatable: { cpu: "1" } }).objects, pod("web", { cpu: "2" }), daemonSet("agent")] });
const wrong = { newNodeClaims: [], existingNodes: [{ node: "n0", pods: ["default/web"] }], podErrors: [], ignoredPods: [], priceUsdPerHour: 0 };
const right = solve(prepare(c, { nowMs: 0 }));

/** What an error said. */
function said(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

test("assertHolds throws what is broken and the cluster as YAML", () => {
  expect(() => assertHolds(c, right)).not.toThrow();
  expect(() => assertHolds(c, wrong)).toThrow(BrokenInvariantsError);
  const message = said(() => assertHolds(c, wrong));
  expect(message).toContain("holdsCapacity: n0 default/web and what runs there do not fit n0");
  expect(message).toContain("kind: Pod\nmetadata:\n  name: web");
});

test("toHold says the same through a framework's expect", () => {
  addPlacementMatchers(expect);
  const held = (packing: typeof right): PlacementMatchers<void> => expect(packing) as unknown as PlacementMatchers<void>;
  held(right).toHold(c);
  expect(said(() => held(wrong).toHold(c))).toContain("holdsCapacity: n0");
  expect(said(() => (expect(right).not as unknown as PlacementMatchers<void>).toHold(c))).toContain("expected the packing to break one of explainsEveryPod");
});

test("showing adds the YAML to any error, once", () => {
  const message = said(() => showing(() => expect(1).toBe(2))(c));
  expect(message).toContain("expected 1 to be 2");
  expect(message.split("groupless plan")).toHaveLength(2);
  expect(said(() => showing(() => assertHolds(c, wrong))(c)).split("groupless plan")).toHaveLength(2);
  expect(showing((_, x: number) => x + 1)(c, 1)).toBe(2);
});

test("asYaml makes objects the API server takes: containers have images, NodePools pass their validation", () => {
  expect(asYaml(c).match(/image: registry\.k8s\.io\/pause/g)).toHaveLength(2);
  for (const pool of fromYaml(asYaml(c)).nodePools) expect(validateCreate(pool)).toMatchObject({ valid: true, errors: [] });
});

test("fromYaml reads catalogs and settings back", () => {
  const own = cluster({ instanceTypes: { "*": [instanceType("x.1", { cpu: 1 })] }, options: { minValuesPolicy: "BestEffort" }, markedForDeletion: ["aws:///i-1"] });
  expect(fromYaml(asYaml(own))).toMatchObject({ instanceTypes: own.instanceTypes, options: own.options, markedForDeletion: ["aws:///i-1"] });
  expect(fromYaml(asYaml(c)).instanceTypes).toEqual(c.instanceTypes);
});
