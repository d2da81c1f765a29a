import type { ResourceList } from "@groupless/api";

/** What somebody once ran: pods that come, run for a while and go. */
export interface Trace {
  readonly name: string;
  /** In the order of their coming. */
  readonly pods: readonly TracePod[];
}

export interface TracePod {
  readonly name: string;
  /** After the start of the trace, in milliseconds. */
  readonly arrivesMs: number;
  /** How long its containers run. */
  readonly runsForMs: number;
  readonly requests: ResourceList;
  readonly labels?: Readonly<Record<string, string>>;
  readonly nodeSelector?: Readonly<Record<string, string>>;
}
