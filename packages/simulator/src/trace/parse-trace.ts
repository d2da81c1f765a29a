import type { ResourceList } from "@groupless/api";
import { StoryError } from "../story/story-error.ts";
import { type CsvRow, csvTable } from "./csv-table.ts";
import type { Trace, TracePod } from "./trace.ts";

export interface TraceOptions {
  readonly file?: string;
  /** Leave out pods that arrive before, in milliseconds after the trace's own start. Default 0. */
  readonly fromMs?: number;
  /** And those that arrive so much later than `fromMs`. Default: none. */
  readonly forMs?: number;
  /** Arrivals come so many times as fast; pods still run as long as they did. Default 1. */
  readonly speedUp?: number;
}

/** How to read a row: by the columns of the openb trace (Alibaba cluster-trace-gpu-v2023), or by plain ones. */
interface Reader {
  readonly columns: readonly string[];
  readonly pod: (row: Row) => Omit<TracePod, "arrivesMs" | "runsForMs"> & { readonly startS: number; readonly endS: number };
}

interface Row {
  text(column: string): string;
  /** A number, 0 or more. */
  amount(column: string): number;
}

const READERS: readonly Reader[] = [
  {
    columns: ["name", "cpu_milli", "memory_mib", "num_gpu", "creation_time", "deletion_time"],
    pod: (row) => {
      const gpus = row.amount("num_gpu");
      return { name: row.text("name"), requests: requests(row.amount("cpu_milli"), row.amount("memory_mib"), gpus), startS: row.amount("creation_time"), endS: row.amount("deletion_time") };
    },
  },
  {
    columns: ["name", "cpu", "memory", "arrives_s", "runs_for_s"],
    pod: (row) => ({ name: row.text("name"), requests: { cpu: row.text("cpu"), memory: row.text("memory") }, startS: row.amount("arrives_s"), endS: row.amount("arrives_s") + row.amount("runs_for_s") }),
  },
];

/**
 * A trace from CSV, with the columns of openb (`name,cpu_milli,memory_mib,num_gpu,creation_time,deletion_time`) or with
 * `name,cpu,memory,arrives_s,runs_for_s`; other columns are passed over.
 *
 * @throws StoryError with file, line and column name
 */
export function parseTrace(text: string, options: TraceOptions = {}): Trace {
  const { file, fromMs = 0, forMs = Number.POSITIVE_INFINITY, speedUp = 1 } = options;
  const rows = csvTable(text, file);
  const reader = READERS.find(({ columns }) => rows[0] !== undefined && columns.every((column) => column in (rows[0] as CsvRow).cells));
  if (reader === undefined) throw new StoryError("unknown-trace", "columns of no known trace", { ...(file === undefined ? {} : { file, line: 1 }), expected: READERS.map(({ columns }) => columns.join(",")).join("; or ") });
  const pods = rows.flatMap((row): TracePod[] => {
    const { startS, endS, ...pod } = reader.pod(reading(row, file));
    const arrivesMs = startS * 1000 - fromMs;
    return arrivesMs < 0 || arrivesMs >= forMs ? [] : [Object.assign({}, pod, { name: podName(pod.name), arrivesMs: Math.round(arrivesMs / speedUp), runsForMs: Math.max(1000, (endS - startS) * 1000) })];
  });
  return { name: file ?? "trace", pods: pods.sort((a, b) => a.arrivesMs - b.arrivesMs || (a.name < b.name ? -1 : 1)) };
}

function reading({ line, cells }: CsvRow, file: string | undefined): Row {
  return {
    text: (column) => cells[column] ?? "",
    amount: (column) => {
      const text = (cells[column] ?? "").trim();
      const value = Number(text);
      if (text === "" || !Number.isFinite(value) || value < 0) throw new StoryError("invalid-csv", `${column} is "${text}"`, { ...(file === undefined ? {} : { file, line }), path: column, expected: "a number, 0 or more" });
      return value;
    },
  };
}

function requests(cpuMillis: number, memoryMiB: number, gpus: number): ResourceList {
  // A share of a GPU is a GPU: nothing here divides them.
  return { cpu: `${Math.ceil(cpuMillis)}m`, memory: `${Math.ceil(memoryMiB)}Mi`, ...(gpus > 0 ? { "nvidia.com/gpu": `${Math.ceil(gpus)}` } : {}) };
}

const podName = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9.-]/g, "-") || "pod";
