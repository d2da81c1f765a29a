import type { NewNodeClaim, Packing } from "@groupless/bin-packer";
import { asksForItsPods, cluster, fillsExistingNodesFirst, fillsOpenNodesFirst, type Invariant, namesEveryType, node, nodePool, pod, pricesAsTheCatalogSays, refusesOnlyWhatHasNoPlace, takesPoolsByWeight, violations } from "@groupless/testing";
import { expect, test } from "vitest";

const [a, b] = [pod("a", { cpu: "500m" }), pod("b", { cpu: "400m" })];
const claim = (names: readonly string[], overrides: Partial<NewNodeClaim> = {}): NewNodeClaim => ({ nodePool: "default", pods: names.map((name) => `default/${name}`), requests: { cpu: "500m", pods: "1" }, requirements: [], instanceTypes: ["g.1", "m.1"], cheapestPrice: 0.042 * 0.4, labels: {}, annotations: {}, taints: [], startupTaints: [], ...overrides });
const packing = (overrides: Partial<Packing>): Packing => ({ newNodeClaims: [], existingNodes: [], podErrors: [], ignoredPods: [], priceUsdPerHour: (overrides.newNodeClaims ?? []).reduce((sum, { cheapestPrice }) => sum + cheapestPrice, 0), ...overrides });
const said = (invariant: Invariant, of: Parameters<typeof cluster>[0], answer: Packing): string[] => violations(cluster(of), answer, [invariant]).map(({ message }) => message);
const refused = { podErrors: [{ pod: "default/a", classes: [], reasons: [], message: "" }] };
const roomy = node("n1").objects;

test("a pod is refused only if neither a node nor a pool has room for it", () => {
  expect(said(refusesOnlyWhatHasNoPlace, { objects: [a, ...roomy] }, packing(refused))).toEqual(["is refused, and there is room for it", "is refused, and NodePool default could launch a node for it"]);
  const tainted = nodePool("default", { template: { taints: [{ key: "gpu", effect: "NoSchedule" }] } });
  expect(said(refusesOnlyWhatHasNoPlace, { objects: [a], nodePools: [tainted] }, packing(refused))).toEqual([]);
});

test("a pod goes to a node that exists, then to one that is open, before a new one is opened", () => {
  const two = packing({ newNodeClaims: [claim(["a"]), claim(["b"])] });
  expect(said(fillsExistingNodesFirst, { objects: [a, ...roomy] }, packing({ newNodeClaims: [claim(["a"])] }))).toEqual(["goes to a new node, and n1 has room for it"]);
  expect(said(fillsExistingNodesFirst, { objects: [a] }, packing({ newNodeClaims: [claim(["a"])] }))).toEqual([]);
  expect(said(fillsOpenNodesFirst, { objects: [a, { ...b, spec: { ...b.spec, nodeSelector: { "kubernetes.io/arch": "amd64" } } }] }, two)).toEqual(["opens a node, and new-1 has room for it"]);
  expect(said(fillsOpenNodesFirst, { objects: [a, b] }, packing({ newNodeClaims: [claim(["a", "b"])] }))).toEqual([]);
});

test("a new node is of the heaviest pool that would do", () => {
  const pools = [nodePool("default"), nodePool("heavy", { spec: { weight: 10 } })];
  expect(said(takesPoolsByWeight, { objects: [a], nodePools: pools }, packing({ newNodeClaims: [claim(["a"])] }))).toEqual(["NodePool heavy comes first, and could launch a node for it"]);
  expect(said(takesPoolsByWeight, { objects: [a], nodePools: pools }, packing({ newNodeClaims: [claim(["a"], { nodePool: "heavy" })] }))).toEqual([]);
});

test("a new node names every type, its price and what its pods ask for", () => {
  const planned = [{ key: "kubernetes.io/arch", operator: "In" as const, values: ["arm64"] }];
  const alone = claim(["a"], { instanceTypes: ["g.1"], plannedRequirements: planned, requirements: planned });
  expect(said(namesEveryType, { objects: [a] }, packing({ newNodeClaims: [alone] }))).toEqual(["might be g.2 as well"]);
  expect(said(namesEveryType, { objects: [a] }, packing({ newNodeClaims: [{ ...alone, instanceTypes: ["g.1", "g.2", "g.4", "g.8", "g.16", "g.32"] }] }))).toEqual([]);
  expect(said(pricesAsTheCatalogSays, { objects: [a] }, packing({ newNodeClaims: [claim(["a"])] }))).toEqual([]);
  expect(said(pricesAsTheCatalogSays, { objects: [a] }, packing({ newNodeClaims: [claim(["a"], { instanceTypes: ["m.1", "g.1"] })] }))).toEqual(["its types are not in the order of their prices"]);
  expect(said(pricesAsTheCatalogSays, { objects: [a] }, packing({ newNodeClaims: [claim(["a"], { cheapestPrice: 1 })], priceUsdPerHour: 2 }))).toHaveLength(2);
  expect(said(asksForItsPods, { objects: [a] }, packing({ newNodeClaims: [claim(["a"])] }))).toEqual([]);
  expect(said(asksForItsPods, { objects: [a] }, packing({ newNodeClaims: [claim(["a"], { requests: { cpu: "400m", pods: "1" } })] }))).toHaveLength(1);
});
