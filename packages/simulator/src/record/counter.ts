import type { ApiServer } from "../api-server/api-server.ts";

/** What happened how often. */
export interface Counts {
  readonly nodesLaunched: number;
  readonly nodesRemoved: number;
  readonly launchFailures: number;
  readonly interruptions: number;
  readonly commands: Readonly<Record<string, number>>;
}

/** Counts as things happen; nothing is kept of them. */
export interface Counter {
  launchFailed(): void;
  interrupted(): void;
  command(reason: string): void;
  counts(): Counts;
}

/** A counter over an API server; what no object shows is told to it. */
export function counter(server: Pick<ApiServer, "watch">): Counter {
  let [launched, removed, failures, interruptions] = [0, 0, 0, 0];
  const commands = new Map<string, number>();
  server.watch(({ type, object, old }) => {
    if (object.kind !== "NodeClaim") return;
    const before = old?.kind === "NodeClaim" ? (old.status?.providerID ?? "") : "";
    if (type === "MODIFIED" && before === "" && (object.status?.providerID ?? "") !== "") launched += 1;
    if (type === "DELETED" && (object.status?.providerID ?? "") !== "") removed += 1;
  });
  return {
    launchFailed: () => {
      failures += 1;
    },
    interrupted: () => {
      interruptions += 1;
    },
    command: (reason) => void commands.set(reason, (commands.get(reason) ?? 0) + 1),
    counts: () => ({ nodesLaunched: launched, nodesRemoved: removed, launchFailures: failures, interruptions, commands: Object.fromEntries([...commands].sort(([a], [b]) => (a < b ? -1 : 1))) }),
  };
}
