import { InputError } from "@groupless/api";
import type { NodeEntry } from "./node-entry.ts";

const nodesByName: WeakMap<readonly NodeEntry[], ReadonlyMap<string, readonly NodeEntry[]>> = /* @__PURE__ */ new WeakMap();

/**
 * The nodes of these names. Names need not be unique: a claim may be called like another's node.
 *
 * @throws InputError `unknown-node`
 */
export function nodesNamed(nodes: readonly NodeEntry[], names: readonly string[]): ReadonlySet<NodeEntry> {
  if (names.length === 0) return new Set();
  const byName = namesOf(nodes);
  return new Set(
    names.flatMap((name) => {
      const found = byName.get(name);
      if (found === undefined) throw new InputError("unknown-node", `there is no node ${name}`, { path: "removeNodes", expected: "names of nodes, or of NodeClaims that have not registered" });
      return found;
    }),
  );
}

function namesOf(nodes: readonly NodeEntry[]): ReadonlyMap<string, readonly NodeEntry[]> {
  const known = nodesByName.get(nodes);
  if (known !== undefined) return known;
  const byName = new Map<string, readonly NodeEntry[]>();
  for (const node of nodes) byName.set(node.state.name, [...(byName.get(node.state.name) ?? []), node]);
  nodesByName.set(nodes, byName);
  return byName;
}
