import type { TitledTest } from "./titles.ts";

export type Status = "works" | "differs" | "not yet";

export interface Row {
  readonly id: string;
  readonly status: Status;
  /** Why, for rows that differ or are missing. */
  readonly note: string;
  readonly tests: readonly { readonly file: string; readonly title: string }[];
}

/** Rows of the three capability tables. */
export const tables = [
  { letter: "P", rows: 181, title: "Provisioning and scheduling" },
  { letter: "D", rows: 190, title: "Disruption and lifecycle" },
  { letter: "A", rows: 181, title: "AWS" },
] as const;

const TESTS_A_ROW = 3;

export function allRows(): string[] {
  return tables.flatMap(({ letter, rows }) => Array.from({ length: rows }, (_, index) => `${letter}-${String(index + 1).padStart(3, "0")}`));
}

/** Reads the page back: its hand-written part is the status and note of rows that do not simply work. */
export function parsePage(page: string): Map<string, Row> {
  const rows = new Map<string, Row>();
  for (const line of page.split("\n")) {
    const match = /^\| ([PDA]-\d{3}) \| (works|differs|not yet) \| (.*) \|$/.exec(line);
    if (match === null) continue;
    const [, id = "", status, evidence = ""] = match;
    const tests = [...evidence.matchAll(/\[((?:[^\]\\]|\\.)*)\]\(\.\.\/([^)]+)\)/g)].map(([, title = "", file = ""]) => ({ title: title.replaceAll("\\", ""), file }));
    const note = evidence.split(" — ")[0]?.startsWith("[") === true ? "" : (evidence.split(" — ")[0] ?? "");
    rows.set(id, { id, status: status as Status, note, tests });
  }
  return rows;
}

/** Links every row to the tests that name it; keeps what was written by hand about rows that differ or are missing. */
export function drawPage(previous: ReadonlyMap<string, Row>, tests: readonly TitledTest[]): string {
  const rows = allRows().map((id): Row => {
    const evidence = tests.filter((test) => !test.skipped && test.rows.includes(id)).slice(0, TESTS_A_ROW);
    const before = previous.get(id);
    if (before?.status === "differs" || (before?.status === "not yet" && before.note !== "")) return { ...before, tests: evidence };
    return { id, status: evidence.length > 0 ? "works" : "not yet", note: "", tests: evidence };
  });
  const count = (status: Status): number => rows.filter((row) => row.status === status).length;
  return [
    "# Parity with Karpenter 1.14",
    "",
    "One line for every capability of Karpenter 1.14: P-rows are provisioning and scheduling, D-rows disruption and lifecycle, A-rows AWS.",
    "*works* links to tests whose titles carry the row's id; *differs* and *not yet* say why. `pnpm parity` draws this page from the tests' titles, keeping the notes; a test fails when it is stale or a link is dead.",
    "",
    `${rows.length} rows: ${count("works")} work, ${count("differs")} differ, ${count("not yet")} not yet.`,
    ...tables.flatMap(({ letter, title }) => ["", `## ${title}`, "", "| row | status | evidence |", "| --- | --- | --- |", ...rows.filter(({ id }) => id.startsWith(letter)).map(drawRow)]),
    "",
  ].join("\n");
}

function drawRow({ id, status, note, tests }: Row): string {
  const links = tests.map(({ file, title }) => `[${title.replace(/[[\]|\\`*_<>]/g, "\\$&").replaceAll("\n", " ")}](../${file})`).join(", ");
  return `| ${id} | ${status} | ${[note, links].filter((part) => part !== "").join(" — ")} |`;
}
