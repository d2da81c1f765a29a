import type { NarrationLine } from "@groupless/simulator";
import pico from "picocolors";

/** A narration in colours, or without. */
export function narrationText(lines: readonly NarrationLine[], colors: boolean): string {
  const color = pico.createColors(colors);
  const paint: Readonly<Record<NarrationLine["style"], (text: string) => string>> = {
    heading: color.bold,
    command: color.cyan,
    log: (text) => text,
    cluster: color.dim,
    cloud: color.yellow,
    "table-header": color.bold,
    "table-row": (text) => text,
    blank: (text) => text,
  };
  return lines.map(({ style, text }) => `${paint[style](text)}\n`).join("");
}
