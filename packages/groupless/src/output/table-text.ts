import Table from "cli-table3";

/** A table with a line below its head and none between rows: a region has over a thousand types. */
export function tableText(head: readonly string[], rows: readonly (readonly (string | number)[])[], colors = false): string {
  const table = new Table({ head: [...head], style: { head: colors ? ["bold"] : [], border: [] } });
  for (const row of rows) table.push([...row]);
  const lines = table.toString().split("\n");
  const below = lines.findIndex(isRule);
  return lines.filter((line, index) => index <= below || !isRule(line)).join("\n");
}

const isRule = (line: string): boolean => line.startsWith("\u251c");
