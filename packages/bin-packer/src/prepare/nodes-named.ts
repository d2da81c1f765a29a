import { InputError } from "@groupless/api";
import type { NodeBook } from "./node-book.ts";
import type { NodeEntry } from "./node-entry.ts";

/**
 * The nodes of these names. Names need not be unique: a claim may be called like another's node.
 *
 * @throws InputError `unknown-node`
 */
export function nodesNamed({ states, entryOf }: Pick<NodeBook, "states" | "entryOf">, names: readonly string[]): ReadonlySet<NodeEntry> {
  const found = new Set<NodeEntry>();
  for (const name of names) {
    let low = 0;
    let high = states.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((states[middle]?.name as string) < name) low = middle + 1;
      else high = middle;
    }
    if (states[low]?.name !== name) throw new InputError("unknown-node", `there is no node ${name}`, { path: "removeNodes", expected: "names of nodes, or of NodeClaims that have not registered" });
    for (; states[low]?.name === name; low++) found.add(entryOf.get(states[low]?.providerId as string) as NodeEntry);
  }
  return found;
}
