import type { Command } from "../command.ts";
import { consolidate } from "../methods/consolidation.ts";
import type { Method } from "../methods/method.ts";
import type { Proposal } from "../methods/proposal.ts";

/** When a stable method gives its plan up. */
export interface StableOptions {
  /** How much more a new plan must save, in USD an hour, for the old one to be given up. Default 0. */
  readonly marginUsdPerHour?: number;
}

/**
 * A method that stays with what it planned before, as long as that still holds and nothing saves notably more: pods that come and go do not
 * make it waver between plans of like worth. For methods that replace a group of nodes by at most one.
 */
export function stable(method: Method, previous: readonly Command[], { marginUsdPerHour = 0 }: StableOptions = {}): Method {
  return {
    ...method,
    commands: (turn) => {
      const fresh = method.commands(turn);
      const known = previous.find((command) => command.method === method.name);
      const sources = turn.candidates.filter(({ name }) => known?.sourceNodes.includes(name));
      if (known === undefined || sources.length !== known.sourceNodes.length || sources.some(({ nodePool }) => (turn.budgets[nodePool.metadata.name] ?? 0) < sources.filter((other) => other.nodePool === nodePool).length)) return fresh;
      const outcome = consolidate(sources, { ...turn, report: () => undefined }, method.saysWherePodsGo === true ? known.existingNodes : undefined);
      if ("blockers" in outcome || best(fresh) > outcome.proposal.estimatedSavings + marginUsdPerHour) return fresh;
      return [outcome.proposal];
    },
  };
}

function best(proposals: readonly Proposal[]): number {
  return Math.max(-Infinity, ...proposals.map(({ estimatedSavings }) => estimatedSavings));
}
