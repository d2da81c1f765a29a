import { expect, test } from "vitest";
import { prepare } from "../src/index.ts";

test("a profile that is not built yet is refused, not answered by other rules", () => {
  const cluster = { nodePools: [], objects: [], instanceTypes: {} };
  expect(() => prepare(cluster, { nowMs: 0, profile: "exact" })).toThrow('profile: profile "exact" is not built yet; expected karpenter-1.14');
});
