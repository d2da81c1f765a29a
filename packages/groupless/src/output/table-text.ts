import type Table from "cli-table3";

/** A table with a line below its head and none between rows. */
export function tableText(table: Table.Table): string {
  const lines = table.toString().split("\n");
  const head = lines.findIndex(isRule);
  return lines.filter((line, index) => index <= head || !isRule(line)).join("\n");
}

const isRule = (line: string): boolean => line.startsWith("\u251c");
