/** What a command may touch of the world outside. */
export interface Terminal {
  readonly readFile: (path: string) => string;
  readonly writeFile: (path: string, text: string) => void;
  /** Standard output; commands write once, when nothing can go wrong any more. */
  readonly out: (text: string) => void;
  /** Standard error: complaints, notes and progress. */
  readonly err: (text: string) => void;
  /** Is standard output a terminal that shows colours? */
  readonly colors: boolean;
  /** Is standard error a terminal, so that progress may be drawn? */
  readonly interactive: boolean;
  /** Epoch milliseconds: the time a command works with unless told otherwise. */
  readonly nowMs: () => number;
}

/** Exit codes: 0 done, 1 done and something is left over (a pod without a place), 2 bad input. */
export const EXIT: { readonly done: 0; readonly leftOver: 1; readonly badInput: 2 } = { done: 0, leftOver: 1, badInput: 2 };
export type ExitCode = 0 | 1 | 2;
