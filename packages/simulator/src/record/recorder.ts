/** One thing that happened, in the order it happened. */
export type Entry =
  /** A title of the story. */
  | { readonly kind: "heading"; readonly atMs: number; readonly text: string }
  /** What somebody did, as a command line. */
  | { readonly kind: "command"; readonly atMs: number; readonly text: string }
  /** A log line of the autoscaler; fields in the order they are written. */
  | { readonly kind: "log"; readonly atMs: number; readonly level: LogLevel; readonly logger: string; readonly message: string; readonly fields: readonly LogField[] }
  /** Something Kubernetes did; `reason` is kebab-case and stable, `object` is `Kind/name`. What is `minor` happens everywhere, or again: a narration leaves it out. */
  | { readonly kind: "cluster"; readonly atMs: number; readonly reason: string; readonly object: string; readonly message: string; readonly minor?: true }
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
  cluster(reason: string, object: string, message: string, minor?: boolean): void;
  /** A Kubernetes event: the same about the same object within two minutes counts once, as Karpenter's own recorder has it. */
  event(object: string, type: "Normal" | "Warning", reason: string, message: string): void;
  cloud(call: string, message: string): void;
  table(command: string, header: readonly string[], rows: readonly (readonly string[])[]): void;
  /** Forget everything so far. */
  clear(): void;
  readonly entries: readonly Entry[];
  /** Nothing comes of what Kubernetes does and of its events: they need not be found out. */
  readonly isQuiet: boolean;
}

const SAME_EVENT_MS = 120_000;
// Why a node is not consolidated is told once in a quarter of an hour (Karpenter disruption/events).
const UNCONSOLIDATABLE_MS = 900_000;

/** An empty record. Long runs may leave out the steps of single pods: `quiet` drops what Kubernetes does. */
export function recorder(clock: { nowMs(): number }, { quiet = false }: { readonly quiet?: boolean } = {}): Recorder {
  const entries: Entry[] = [];
  const add = (entry: Entry): void => void entries.push(entry);
  const toldMs = new Map<string, number>();
  const isRepeated = (key: string, withinMs: number): boolean => {
    const before = toldMs.get(key);
    if (before !== undefined && clock.nowMs() - before < withinMs) return true;
    toldMs.set(key, clock.nowMs());
    return false;
  };
  return {
    entries,
    isQuiet: quiet,
    clear: () => {
      entries.length = 0;
    },
    heading: (text) => add({ kind: "heading", atMs: clock.nowMs(), text }),
    command: (text) => add({ kind: "command", atMs: clock.nowMs(), text }),
    log: (level, logger, message, fields) => add({ kind: "log", atMs: clock.nowMs(), level, logger, message, fields }),
    cluster: (reason, object, message, minor = false) => {
      if (quiet) return;
      const again = reason === "eviction-refused" && isRepeated(`${object} ${reason}`, SAME_EVENT_MS);
      add({ kind: "cluster", atMs: clock.nowMs(), reason, object, message, ...(minor || again ? { minor: true } : {}) });
    },
    event: (object, type, reason, message) => {
      if (quiet || isRepeated(`${object} ${reason} ${message}`, reason === "Unconsolidatable" ? UNCONSOLIDATABLE_MS : SAME_EVENT_MS)) return;
      // What keeps a drain waiting is told by the refused evictions.
      const minor = type === "Normal" || reason === "FailedDraining";
      add({ kind: "cluster", atMs: clock.nowMs(), reason: "event", object, message: `${reason}: ${message}`, ...(minor ? { minor } : {}) });
    },
    cloud: (call, message) => add({ kind: "cloud", atMs: clock.nowMs(), call, message }),
    table: (command, header, rows) => add({ kind: "table", atMs: clock.nowMs(), command, header, rows }),
  };
}
