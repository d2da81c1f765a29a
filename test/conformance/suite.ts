import type { InstanceType } from "@groupless/catalog";

/** One line of a vector file: a question, and every answer the real Karpenter gave to it. */
export interface Line {
  readonly id: string;
  readonly covers: readonly string[];
  // The inputs of 25 suites have as many shapes; each suite narrows its own.
  readonly input: any;
  readonly accepted: readonly unknown[];
  readonly note?: string;
}

export interface Context {
  /** The catalog file of that name, nearest to the vector's file first. */
  catalog(name: string): readonly InstanceType[];
}

/** Answers a line in the suite's canonical form. */
export type Answer = (line: Line, context: Context) => unknown;

export interface Suite {
  /** By `input.fn`; lines without `fn` are answered by `decide`. An answer may be a promise. */
  readonly functions: Readonly<Record<string, (args: any, line: Line, context: Context) => unknown>>;
  readonly decide?: Answer;
  /** Brings both sides to the form in which they are compared: drops what the format says is left out. */
  readonly canonical?: (output: any) => unknown;
  /** Largest difference at which two numbers of that path's last key count as equal; others must be equal. */
  readonly tolerance?: Readonly<Record<string, number>>;
}
