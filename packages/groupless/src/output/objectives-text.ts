import type { Packing } from "@groupless/bin-packer";
import Table from "cli-table3";
import type { ConstraintCost } from "../diff/constraint-costs.ts";

/** Both plans side by side, and what the constraints cost. */
export function objectivesText(firstFit: Packing, cheapest: Packing, costs: readonly ConstraintCost[], colors: boolean): string {
  const style = { head: colors ? ["bold"] : [], border: [] };
  const { lowerBoundUsdPerHour: bound = 0, flexibility } = cheapest;
  const plans = new Table({ head: ["Plan", "Nodes", "USD/h", "Times the bound"], style });
  for (const [name, plan] of [["first-fit", firstFit], ["cheapest", cheapest]] as const) plans.push([name, plan.newNodeClaims.length, plan.priceUsdPerHour.toFixed(4), bound > 0 ? (plan.priceUsdPerHour / bound).toFixed(3) : ""]);
  plans.push([`bound (${cheapest.bound ?? "volume"})`, "", bound.toFixed(4), ""]);
  const lines = [plans.toString()];
  if (flexibility !== undefined) {
    const wishes = Object.entries(flexibility.minInstanceTypes).map(([capacityType, types]) => `${types} for ${capacityType}`);
    lines.push(`Keeping instance types to choose from (${wishes.join(", ")}) costs ${flexibility.costUsdPerHour.toFixed(4)} USD/h; ${flexibility.claimsBelow} node(s) have fewer within ${flexibility.priceFactor} times their price.`);
  }
  if (costs.length > 0) {
    const table = new Table({ head: ["Without", "USD/h", "Costs"], style });
    for (const { constraint, priceUsdPerHour, costUsdPerHour } of costs) table.push([constraint, priceUsdPerHour.toFixed(4), costUsdPerHour.toFixed(4)]);
    lines.push(table.toString());
  }
  return `${lines.join("\n")}\n`;
}
