import type { NewNodeClaim, Packing } from "@groupless/bin-packer";
import fc from "fast-check";
import { expect, test } from "vitest";
import { diff } from "../../src/diff/diff.ts";

const runs = Number(process.env["LAWS_RUNS"] ?? 200);
const claim = (nodePool: string, instanceType: string, pods: readonly string[], cheapestPrice: number): NewNodeClaim => ({ nodePool, pods, requests: {}, requirements: [], instanceTypes: [instanceType], cheapestPrice, labels: {}, annotations: {}, taints: [], startupTaints: [] });
const packing = (newNodeClaims: readonly NewNodeClaim[], existing: Readonly<Record<string, readonly string[]>> = {}, failing: readonly string[] = []): Packing => ({
  newNodeClaims,
  existingNodes: Object.entries(existing).map(([node, pods]) => ({ node, pods })),
  podErrors: failing.map((pod) => ({ pod, classes: [], reasons: [], message: "" })),
  ignoredPods: [],
  priceUsdPerHour: newNodeClaims.reduce((sum, { cheapestPrice }) => sum + cheapestPrice, 0),
});

/** Pods p0…p7, each new of one of two types, on one of two nodes, or without a place. */
const packings: fc.Arbitrary<Packing> = fc.array(fc.constantFrom("new-a", "new-b", "node-1", "node-2", "nowhere"), { minLength: 8, maxLength: 8 }).map((places) => {
  const at = (place: string): readonly string[] => places.flatMap((each, index) => (each === place ? [`p${index}`] : []));
  const claims = ["new-a", "new-b"].flatMap((type, index) => (at(type).length === 0 ? [] : [claim("pool", type, at(type), index + 1)]));
  const existing = Object.fromEntries(["node-1", "node-2"].filter((node) => at(node).length > 0).map((node) => [node, at(node)]));
  return packing(claims, existing, at("nowhere"));
});

test("a packing does not differ from itself", () => {
  fc.assert(
    fc.property(packings, (one) => {
      expect(diff(one, one)).toEqual({ priceUsdPerHour: 0, newNodeClaims: 0, placed: [], moved: [], podErrors: [], nodes: [] });
    }),
    { numRuns: runs },
  );
});

test("the way back is the way there, reversed", () => {
  fc.assert(
    fc.property(packings, packings, (a, b) => {
      const [there, back] = [diff(a, b), diff(b, a)];
      expect(back.priceUsdPerHour).toBeCloseTo(-there.priceUsdPerHour, 9);
      expect(back.moved).toEqual(there.moved.map(({ pod, from, to }) => ({ pod, from: to, to: from })));
      expect(back.placed).toEqual(there.podErrors.map(({ pod }) => pod));
      expect(back.nodes).toEqual(there.nodes.map((count) => ({ ...count, before: count.after, after: count.before })));
    }),
    { numRuns: runs },
  );
});

test("a pod that changes from a new node to one that is there has moved, and the price falls", () => {
  const change = diff(packing([claim("default", "m5.large", ["a", "b"], 0.096)]), packing([], { "ip-1": ["a"] }, ["b"]));
  expect(change.priceUsdPerHour).toBeCloseTo(-0.096, 9);
  expect(change.moved).toEqual([{ pod: "a", from: { nodePool: "default", instanceType: "m5.large" }, to: { node: "ip-1" } }]);
  expect(change.podErrors.map(({ pod }) => pod)).toEqual(["b"]);
  expect(change.nodes).toEqual([{ nodePool: "default", instanceType: "m5.large", before: 1, after: 0 }]);
});
