import type { Terminal } from "./terminal.ts";

/** A bar on standard error while something takes long; nothing where that is no terminal. */
export interface Progress {
  /** How much of the current part is done, 0 to 1. */
  at(name: string, share: number): void;
  /** The current part is done. */
  done(): void;
  /** Take the bar away. */
  end(): void;
}

const WIDTH = 30;

/** A bar over so many parts. */
export function progress({ err, interactive }: Pick<Terminal, "err" | "interactive">, parts: number): Progress {
  let before = 0;
  return {
    at: (name, share) => {
      if (!interactive) return;
      const all = (before + share) / Math.max(1, parts);
      const filled = Math.round(all * WIDTH);
      err(`\r${"█".repeat(filled)}${"░".repeat(WIDTH - filled)} ${String(Math.round(all * 100)).padStart(3)} %  ${name}\u001b[K`);
    },
    done: () => {
      before += 1;
    },
    end: () => {
      if (interactive) err("\r\u001b[K");
    },
  };
}
