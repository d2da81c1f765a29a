import { explain, type Packing } from "@groupless/bin-packer";
import pico from "picocolors";
import type { Destination, PackingDiff } from "../diff/diff.ts";

/** A difference of two plans for people. */
export function diffText(change: PackingDiff, { before, after }: { readonly before: Packing; readonly after: Packing }, colors: boolean): string {
  const color = pico.createColors(colors);
  const signed = (value: number, digits: number): string => `${value > 0 ? "+" : ""}${value.toFixed(digits)}`;
  const tint = change.priceUsdPerHour > 0 ? color.red : color.green;
  const lines = [
    `price  ${before.priceUsdPerHour.toFixed(4)} -> ${after.priceUsdPerHour.toFixed(4)} USD/h  ${tint(signed(change.priceUsdPerHour, 4))}`,
    `nodes  ${before.newNodeClaims.length} -> ${after.newNodeClaims.length}  ${signed(change.newNodeClaims, 0)}`,
    ...change.nodes.map(({ nodePool, instanceType, before: was, after: is }) => `  ${nodePool}/${instanceType}  ${was} -> ${is}`),
    ...change.moved.map(({ pod, from, to }) => `  ${pod}  ${place(from)} -> ${place(to)}`),
    ...change.placed.map((pod) => color.green(`  ${pod} has a place now`)),
    ...change.podErrors.flatMap(({ pod, reasons }) => [color.red(`  ${pod} has no place any more`), ...reasons.map((reason) => `    ${explain(reason)}`)]),
  ];
  return `${lines.join("\n")}\n`;
}

const place = (destination: Destination): string => ("node" in destination ? destination.node : `new ${destination.nodePool}/${destination.instanceType}`);
