import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { plans } from "../../../../examples/cheapest/main.ts";

const page = readFileSync(fileURLToPath(new URL("../../../../docs/cheapest.md", import.meta.url)), "utf8");

test("the worked example of docs/cheapest.md has the prices, nodes and bound that the page tells", () => {
  const { firstFit, cheapest } = plans();
  const types = (of: typeof cheapest) => of.newNodeClaims.map((claim) => claim.instanceTypes[0]).sort();
  expect(types(firstFit)).toEqual(["big"]);
  expect(firstFit.priceUsdPerHour).toBeCloseTo(1.1);
  expect(types(cheapest)).toEqual(["roomy", "roomy", "small", "small"]);
  expect(cheapest.priceUsdPerHour).toBeCloseTo(0.8);
  expect(cheapest.lowerBoundUsdPerHour).toBeCloseTo(0.76);
  for (const told of ["1.10 USD/h", "0.80 USD/h", "0.76 USD/h"]) expect(page).toContain(told);
});

test("the price tags of the worked example make no node worth more than it costs, and the pods worth the bound", () => {
  const [vcpu, gib] = [0.1 / 3, 0.01 / 3];
  const nodes = [[4, 8, 0.16], [4, 32, 0.24], [16, 128, 1.1]] as const;
  for (const [cpus, memory, price] of nodes) expect(cpus * vcpu + memory * gib).toBeLessThanOrEqual(price + 1e-12);
  expect(10 * (vcpu + 2 * gib) + 6 * (vcpu + 8 * gib)).toBeCloseTo(0.76, 10);
});
