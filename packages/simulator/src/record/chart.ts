import type { Replay } from "../replay.ts";
import type { Sample } from "./series.ts";

/** One panel of a chart: what it shows of a sample. */
interface Panel {
  readonly title: string;
  readonly value: (sample: Sample) => number;
  readonly format: (value: number) => string;
}

const PANELS: readonly Panel[] = [
  { title: "price, USD an hour", value: ({ priceUsdPerHour }) => priceUsdPerHour, format: (value) => value.toFixed(value < 10 ? 2 : 0) },
  { title: "nodes", value: ({ nodes }) => nodes, format: (value) => value.toFixed(0) },
  { title: "cpu asked for, share of allocatable", value: ({ cpuUtilisation }) => cpuUtilisation, format: (value) => `${(value * 100).toFixed(0)} %` },
  { title: "pods pending", value: ({ pendingPods }) => pendingPods, format: (value) => value.toFixed(0) },
];
// Colours that stay apart for the colour-blind (Okabe and Ito).
const COLORS: readonly string[] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];
const WIDTH = 900;
const PANEL_HEIGHT = 150;
const LEFT = 64;
const RIGHT = 16;
const TOP = 56;
const GAP = 44;

/** Replays of one trace over each other as SVG: price, nodes, utilisation and pending pods over time. */
export function chart(replays: readonly Replay[]): string {
  const endMs = Math.max(1, ...replays.map(({ durationMs }) => durationMs));
  const height = TOP + PANELS.length * (PANEL_HEIGHT + GAP);
  const legend = replays.map(({ policy, summary }, index) => {
    const x = LEFT + index * Math.floor((WIDTH - LEFT - RIGHT) / Math.max(1, replays.length));
    return `<rect x="${x}" y="26" width="12" height="12" fill="${colorOf(index)}"/><text x="${x + 18}" y="36">${escaped(policy)}: ${summary.costUsd.toFixed(2)} USD</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    `<text x="${LEFT}" y="16" font-weight="bold">${escaped(replays[0]?.trace ?? "")}</text>`,
    ...legend,
    ...PANELS.flatMap((panel, index) => panelLines(panel, replays, TOP + index * (PANEL_HEIGHT + GAP) + 16, endMs)),
    "</svg>",
    "",
  ].join("\n");
}

function panelLines({ title, value, format }: Panel, replays: readonly Replay[], top: number, endMs: number): readonly string[] {
  const most = Math.max(...replays.flatMap(({ samples }) => samples.map(value)), 0) || 1;
  const x = (atMs: number): number => LEFT + (atMs / endMs) * (WIDTH - LEFT - RIGHT);
  const y = (amount: number): number => top + PANEL_HEIGHT * (1 - amount / most);
  const ticks = [0, 0.5, 1].flatMap((share) => {
    const at = y(share * most).toFixed(1);
    return [`<line x1="${LEFT}" y1="${at}" x2="${WIDTH - RIGHT}" y2="${at}" stroke="#dddddd"/>`, `<text x="${LEFT - 6}" y="${Number(at) + 4}" text-anchor="end" fill="#555555">${escaped(format(share * most))}</text>`];
  });
  const hours = [0, 0.25, 0.5, 0.75, 1].map((share) => `<text x="${x(share * endMs).toFixed(1)}" y="${top + PANEL_HEIGHT + 16}" text-anchor="middle" fill="#555555">${hourText(share * endMs)}</text>`);
  const paths = replays.map(({ samples }, index) => `<path d="${path(samples, (sample) => x(sample.atMs), (sample) => y(value(sample)))}" fill="none" stroke="${colorOf(index)}" stroke-width="1.5"/>`);
  return [`<text x="${LEFT}" y="${top - 6}" fill="#222222">${escaped(title)}</text>`, ...ticks, ...hours, ...paths];
}

// Steps: an amount holds until the next sample. Points on a level stretch are left out.
function path(samples: readonly Sample[], x: (sample: Sample) => number, y: (sample: Sample) => number): string {
  let text = "";
  let last: string | undefined;
  samples.forEach((sample, index) => {
    const [atX, atY] = [x(sample).toFixed(1), y(sample).toFixed(1)];
    if (last === undefined) text = `M${atX} ${atY}`;
    else if (atY !== last) text += `H${atX}V${atY}`;
    else if (index === samples.length - 1) text += `H${atX}`;
    last = atY;
  });
  return text;
}

const colorOf = (index: number): string => COLORS[index % COLORS.length] ?? "#000000";
const hourText = (ms: number): string => (ms >= 2 * 86_400_000 ? `${(ms / 86_400_000).toFixed(1)} d` : `${(ms / 3_600_000).toFixed(1)} h`);
const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
