/** A line of a chart. */
export interface Line {
  readonly name: string;
  readonly dashed: boolean;
  readonly points: readonly (readonly [x: number, y: number])[];
}

// Colours that stay apart for the colour-blind (Okabe and Ito).
const COLORS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7"];
const [WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM] = [760, 420, 70, 40, 190, 50];

/** A chart with logarithmic axes, as SVG; the same figures give the same picture. */
export function growthPicture(title: string, yTitle: string, xTitle: string, lines: readonly Line[]): string {
  const xs = lines.flatMap(({ points }) => points.map(([x]) => x));
  const ys = lines.flatMap(({ points }) => points.map(([, y]) => y));
  const [fromX, toX] = [decade(Math.min(...xs), Math.floor), decade(Math.max(...xs), Math.ceil)];
  const [fromY, toY] = [decade(Math.min(...ys), Math.floor), decade(Math.max(...ys), Math.ceil)];
  const px = (x: number): number => round(LEFT + (Math.log10(x / fromX) / Math.log10(toX / fromX)) * (WIDTH - LEFT - RIGHT));
  const py = (y: number): number => round(HEIGHT - BOTTOM - (Math.log10(y / fromY) / Math.log10(toY / fromY)) * (HEIGHT - TOP - BOTTOM));
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<text x="${LEFT}" y="22" font-size="15">${title}</text>`,
    ...decades(fromX, toX).map((x) => `<path d="M${px(x)} ${TOP}V${HEIGHT - BOTTOM}" stroke="#ddd"/><text x="${px(x)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${x.toLocaleString("en-US")}</text>`),
    ...decades(fromY, toY).map((y) => `<path d="M${LEFT} ${py(y)}H${WIDTH - RIGHT}" stroke="#ddd"/><text x="${LEFT - 8}" y="${py(y) + 4}" text-anchor="end">${y.toLocaleString("en-US")}</text>`),
    `<text x="${round((LEFT + WIDTH - RIGHT) / 2)}" y="${HEIGHT - 12}" text-anchor="middle">${xTitle}</text>`,
    `<text transform="translate(16 ${round((TOP + HEIGHT - BOTTOM) / 2)}) rotate(-90)" text-anchor="middle">${yTitle}</text>`,
    ...lines.flatMap(({ name, dashed, points }, index) => {
      const color = COLORS[index % COLORS.length] as string;
      const [endX, endY] = points.at(-1) as readonly [number, number];
      return [
        `<path d="${points.map(([x, y], at) => `${at === 0 ? "M" : "L"}${px(x)} ${py(y)}`).join("")}" fill="none" stroke="${color}" stroke-width="2"${dashed ? ' stroke-dasharray="6 4"' : ""}/>`,
        ...points.map(([x, y]) => `<circle cx="${px(x)}" cy="${py(y)}" r="3" fill="${color}"/>`),
        `<text x="${px(endX) + 8}" y="${py(endY) + 4}" fill="${color}">${name}</text>`,
      ];
    }),
    "</svg>",
  ];
  return `${parts.join("\n")}\n`;
}

function decade(value: number, to: (exponent: number) => number): number {
  return 10 ** to(Math.log10(value));
}

function decades(from: number, to: number): number[] {
  return Array.from({ length: Math.round(Math.log10(to / from)) + 1 }, (_, index) => from * 10 ** index);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
