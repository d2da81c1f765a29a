import { StoryError } from "../story/story-error.ts";

/** A CSV text as rows by column name, each with the line it stands on. */
export interface CsvRow {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

/**
 * Rows of a CSV text with a header (RFC 4180: quotes, doubled quotes and line breaks within them).
 *
 * @throws StoryError `invalid-csv` for a row of another width than the header
 */
export function csvTable(text: string, file?: string): readonly CsvRow[] {
  const lines = cellsByLine(text);
  const [header, ...rows] = lines;
  if (header === undefined) throw new StoryError("invalid-csv", "nothing in it", { ...(file === undefined ? {} : { file, line: 1 }), expected: "a header line and rows" });
  return rows.map(({ line, cells }) => {
    if (cells.length !== header.cells.length) throw new StoryError("invalid-csv", `${cells.length} cells`, { ...(file === undefined ? {} : { file, line }), expected: `${header.cells.length}, as many as the header has` });
    return { line, cells: Object.fromEntries(header.cells.map((name, column) => [name.trim(), cells[column] ?? ""])) };
  });
}

interface Cells {
  readonly line: number;
  readonly cells: readonly string[];
}

function cellsByLine(text: string): readonly Cells[] {
  const found: Cells[] = [];
  let line = 1;
  let startLine = 1;
  let cells: string[] = [];
  let cell = "";
  let quoted = false;
  const endRow = (): void => {
    cells.push(cell);
    // A line with nothing on it is no row.
    if (cells.length > 1 || cell !== "") found.push({ line: startLine, cells });
    cells = [];
    cell = "";
    startLine = line + 1;
  };
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index] as string;
    if (quoted) {
      if (char !== '"') cell += char;
      else if (text[index + 1] === '"') {
        cell += '"';
        index += 1;
      } else quoted = false;
    } else if (char === '"' && cell === "") quoted = true;
    else if (char === ",") {
      cells.push(cell);
      cell = "";
    } else if (char === "\n") endRow();
    else if (char !== "\r") cell += char;
    if (char === "\n") line += 1;
  }
  if (cell !== "" || cells.length > 0) endRow();
  return found;
}
