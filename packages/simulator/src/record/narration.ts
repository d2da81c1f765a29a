import type { Entry, LogField, LogValue } from "./recorder.ts";

/** A line for people, and what kind of line it is, so that it can be coloured. */
export interface NarrationLine {
  readonly style: "heading" | "command" | "log" | "cluster" | "cloud" | "table-header" | "table-row" | "blank";
  readonly text: string;
}

// What a pod lacks is told by its event, in more words.
const isAside = (message: string): boolean => message === "command succeeded" || message.startsWith("Could not schedule pod");

/** The record as a story to read: time since the start, who, what. Minor steps and the autoscaler's asides are left out. */
export function narration(entries: readonly Entry[], startMs: number): readonly NarrationLine[] {
  const lines: NarrationLine[] = [];
  const stamp = (atMs: number): string => elapsed(atMs - startMs).padStart(12);
  for (const entry of entries) {
    if ((entry.kind === "cluster" && entry.minor === true) || (entry.kind === "log" && isAside(entry.message))) continue;
    switch (entry.kind) {
      case "heading":
        lines.push({ style: "blank", text: "" }, { style: "heading", text: `── ${entry.text} ──` });
        break;
      case "command":
        lines.push({ style: "blank", text: "" }, { style: "command", text: `${stamp(entry.atMs)}  $ ${entry.text}` });
        break;
      case "log":
        lines.push({ style: "log", text: `${stamp(entry.atMs)}  karpenter   ${entry.message}${fieldsText(entry.fields)}` });
        break;
      case "cluster":
        lines.push({ style: "cluster", text: `${stamp(entry.atMs)}  kubernetes  ${entry.object}: ${entry.message}` });
        break;
      case "cloud":
        lines.push({ style: "cloud", text: `${stamp(entry.atMs)}  ec2         ${entry.call}: ${entry.message}` });
        break;
      case "table":
        lines.push({ style: "blank", text: "" }, { style: "command", text: `${stamp(entry.atMs)}  $ ${entry.command}` }, ...tableLines(entry.header, entry.rows), { style: "blank", text: "" });
        break;
    }
  }
  return lines;
}

/** Columns as kubectl sets them: padded to the widest cell, three spaces apart. */
export function tableLines(header: readonly string[], rows: readonly (readonly string[])[]): readonly NarrationLine[] {
  if (rows.length === 0) return [{ style: "table-row", text: "No resources found" }];
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length)));
  const line = (cells: readonly string[]): string => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("   ").trimEnd();
  return [{ style: "table-header", text: line(header) }, ...rows.map((row): NarrationLine => ({ style: "table-row", text: line(row) }))];
}

/** `1d2h3m4.5s` since the start. */
function elapsed(ms: number): string {
  const seconds = ms / 1000;
  const [days, hours, minutes] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
  const rest = (seconds % 60).toFixed(1).padStart(4, "0");
  return `${days > 0 ? `${days}d` : ""}${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}:${rest}`;
}

function fieldsText(fields: readonly LogField[]): string {
  if (fields.length === 0) return "";
  return `  ${fields.map(([name, value]) => `${name}=${valueText(value)}`).join("  ")}`;
}

function valueText(value: LogValue): string {
  if (typeof value === "string") return /\s/.test(value) ? `"${value}"` : value;
  if (Array.isArray(value)) return `[${(value as readonly LogValue[]).map(valueText).join(", ")}]`;
  if (typeof value === "object") return `{${Object.entries(value as Readonly<Record<string, LogValue>>).map(([name, part]) => `${name}: ${valueText(part)}`).join(", ")}}`;
  return String(value);
}
