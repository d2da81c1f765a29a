import type { Candidate } from "../candidates/candidate.ts";

/** The candidates, in their order, that their pools' budgets let go together. */
export function budgeted(candidates: readonly Candidate[], budgets: Readonly<Record<string, number>>): readonly Candidate[] {
  const left = new Map(Object.entries(budgets));
  return candidates.filter(({ nodePool }) => {
    const { name } = nodePool.metadata;
    const allowed = left.get(name) ?? 0;
    left.set(name, allowed - 1);
    return allowed > 0;
  });
}
