import { type Cluster, explain, type Packing } from "@groupless/bin-packer";
import pico from "picocolors";
import { planJson } from "./plan-json.ts";
import { tableText } from "./table-text.ts";

/** The plan as a table of nodes, then the pods without a place and why. */
export function planText(packing: Packing, cluster: Cluster, colors: boolean): string {
  const color = pico.createColors(colors);
  const { newNodeClaims, existingNodes, podErrors, ignoredPods, priceUsdPerHour } = planJson(packing, cluster);
  const lines: string[] = [];
  if (newNodeClaims.length > 0) {
    const rows = newNodeClaims.map((claim) => {
      const requests = Object.entries(claim.requests).filter(([name]) => name !== "pods").map(([name, amount]) => `${name} ${amount}`);
      return [claim.nodePool, claim.instanceTypes[0] ?? "provider's choice", claim.instanceTypes.length, claim.cheapestCapacityType ?? "", claim.cheapestZone ?? "", claim.pods.length, requests.join("\n"), claim.cheapestPrice.toFixed(4), claim.priceSource];
    });
    lines.push(tableText(["NodePool", "Cheapest type", "Types", "Capacity", "Zone", "Pods", "Requests", "USD/h", "Price"], rows, colors));
  }
  const placed = existingNodes.reduce((sum, { pods }) => sum + pods.length, 0);
  if (placed > 0) lines.push(`${placed} pod(s) fit on ${existingNodes.length} node(s) that are there: ${existingNodes.map(({ node, pods }) => `${node} (${pods.length})`).join(", ")}`);
  lines.push(color.bold(`${newNodeClaims.length} node(s) to launch, ${priceUsdPerHour.toFixed(4)} USD/h${bound(packing)}`));
  for (const { pod, reasons } of [...podErrors, ...ignoredPods]) {
    lines.push(color.red(`${pod} has no place`), ...reasons.map((reason) => indented(explain(reason))));
  }
  return `${lines.join("\n")}\n`;
}

function bound({ lowerBoundUsdPerHour }: Packing): string {
  return lowerBoundUsdPerHour === undefined ? "" : `; nothing places these pods for less than ${lowerBoundUsdPerHour.toFixed(4)}`;
}

const indented = (text: string): string => text.split("\n").map((line) => `  ${line}`).join("\n");
