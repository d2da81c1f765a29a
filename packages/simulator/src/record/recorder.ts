/** One thing that happened, in the order it happened. */
export type Entry =
  /** A title of the story. */
  | { readonly kind: "heading"; readonly atMs: number; readonly text: string }
  /** What somebody did, as a command line. */
  | { readonly kind: "command"; readonly atMs: number; readonly text: string }
  /** A log line of the autoscaler; fields in the order they are written. */
  | { readonly kind: "log"; readonly atMs: number; readonly level: LogLevel; readonly logger: string; readonly message: string; readonly fields: readonly LogField[] }
  /** Something Kubernetes did; `reason` is kebab-case and stable, `object` is `Kind/name`. */
  | { readonly kind: "cluster"; readonly atMs: number; readonly reason: string; readonly object: string; readonly message: string }
  /** A call to EC2, or what EC2 did by itself. */
  | { readonly kind: "cloud"; readonly atMs: number; readonly call: string; readonly message: string }
  /** What `kubectl get` would have shown. */
  | { readonly kind: "table"; readonly atMs: number; readonly command: string; readonly header: readonly string[]; readonly rows: readonly (readonly string[])[] };

export type LogLevel = "DEBUG" | "INFO" | "ERROR";
export type LogField = readonly [name: string, value: LogValue];
export type LogValue = string | number | boolean | readonly LogValue[] | { readonly [name: string]: LogValue };

/** Writes down what happens, with the time of the clock. */
export interface Recorder {
  heading(text: string): void;
  command(text: string): void;
  log(level: LogLevel, logger: string, message: string, fields: readonly LogField[]): void;
  cluster(reason: string, object: string, message: string): void;
  cloud(call: string, message: string): void;
  table(command: string, header: readonly string[], rows: readonly (readonly string[])[]): void;
  readonly entries: readonly Entry[];
}

/** An empty record. Long runs may leave out the steps of single pods: `quiet` drops what Kubernetes does. */
export function recorder(clock: { nowMs(): number }, { quiet = false }: { readonly quiet?: boolean } = {}): Recorder {
  const entries: Entry[] = [];
  const add = (entry: Entry): void => void entries.push(entry);
  return {
    entries,
    heading: (text) => add({ kind: "heading", atMs: clock.nowMs(), text }),
    command: (text) => add({ kind: "command", atMs: clock.nowMs(), text }),
    log: (level, logger, message, fields) => add({ kind: "log", atMs: clock.nowMs(), level, logger, message, fields }),
    cluster: (reason, object, message) => {
      if (!quiet) add({ kind: "cluster", atMs: clock.nowMs(), reason, object, message });
    },
    cloud: (call, message) => add({ kind: "cloud", atMs: clock.nowMs(), call, message }),
    table: (command, header, rows) => add({ kind: "table", atMs: clock.nowMs(), command, header, rows }),
  };
}
