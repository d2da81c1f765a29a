import type { Command } from "../command.ts";
import type { Method } from "../methods/method.ts";
import type { Proposal } from "../methods/proposal.ts";

/** A proposal as a command, in canonical order. */
export function commandOf(method: Method, { candidates, replacements, existingNodes, estimatedSavings }: Proposal): Command {
  const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  const podsOf = ({ pods, nodePool }: { readonly pods: readonly string[]; readonly nodePool: string }): string => pods.join(" ") + nodePool;
  return {
    decision: replacements.length > 0 ? "replace" : "delete",
    method: method.name,
    reason: method.reason,
    sourceNodes: candidates.map(({ name }) => name).sort(),
    estimatedSavings,
    replacements: [...replacements].sort((a, b) => order(podsOf(a), podsOf(b))),
    existingNodes: [...existingNodes].filter(({ pods }) => pods.length > 0).sort((a, b) => order(a.node, b.node)),
  };
}
