import { InputError } from "@groupless/api";
import type { NodeEntry } from "./node-entry.ts";

const indexesByName: WeakMap<readonly NodeEntry[], ReadonlyMap<string, readonly number[]>> = /* @__PURE__ */ new WeakMap();

/**
 * Indexes of the nodes of these names. Names need not be unique: a claim may be called like another's node.
 *
 * @throws InputError `unknown-node`
 */
export function nodesNamed(nodes: readonly NodeEntry[], names: readonly string[]): ReadonlySet<number> {
  if (names.length === 0) return new Set();
  const indexes = indexesOf(nodes);
  return new Set(
    names.flatMap((name) => {
      const found = indexes.get(name);
      if (found === undefined) throw new InputError("unknown-node", `there is no node ${name}`, { path: "removeNodes", expected: "names of nodes, or of NodeClaims that have not registered" });
      return found;
    }),
  );
}

function indexesOf(nodes: readonly NodeEntry[]): ReadonlyMap<string, readonly number[]> {
  const known = indexesByName.get(nodes);
  if (known !== undefined) return known;
  const indexes = new Map<string, number[]>();
  for (const { state, index } of nodes) indexes.set(state.name, [...(indexes.get(state.name) ?? []), index]);
  indexesByName.set(nodes, indexes);
  return indexes;
}
