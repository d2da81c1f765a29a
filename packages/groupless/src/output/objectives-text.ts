import type { Packing } from "@groupless/bin-packer";
import type { ConstraintCost } from "../diff/constraint-costs.ts";
import { tableText } from "./table-text.ts";

/** Both plans side by side, and what the constraints cost. */
export function objectivesText(firstFit: Packing, cheapest: Packing, costs: readonly ConstraintCost[], colors: boolean): string {
  const { lowerBoundUsdPerHour: bound = 0, flexibility } = cheapest;
  const row = (name: string, plan: Packing): (string | number)[] => [name, plan.newNodeClaims.length, plan.priceUsdPerHour.toFixed(4), bound > 0 ? (plan.priceUsdPerHour / bound).toFixed(3) : ""];
  const lines = [tableText(["Plan", "Nodes", "USD/h", "Times the bound"], [row("first-fit", firstFit), row("cheapest", cheapest), [`bound (${cheapest.bound ?? "volume"})`, "", bound.toFixed(4), ""]], colors)];
  if (flexibility !== undefined) {
    const wishes = Object.entries(flexibility.minInstanceTypes).map(([capacityType, types]) => `${types} for ${capacityType}`);
    lines.push(`Keeping instance types to choose from (${wishes.join(", ")}) costs ${flexibility.costUsdPerHour.toFixed(4)} USD/h; ${flexibility.claimsBelow} node(s) have fewer within ${flexibility.priceFactor} times their price.`);
  }
  if (costs.length > 0) lines.push(tableText(["Without", "USD/h", "Costs"], costs.map(({ constraint, priceUsdPerHour, costUsdPerHour }) => [constraint, priceUsdPerHour.toFixed(4), costUsdPerHour.toFixed(4)]), colors));
  return `${lines.join("\n")}\n`;
}
