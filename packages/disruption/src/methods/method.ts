import type { Blocker } from "../blockers/blocker.ts";
import type { Candidate } from "../candidates/candidate.ts";
import type { DisruptionClass } from "../candidates/exclusion.ts";
import type { Proposal } from "./proposal.ts";
import type { Turn } from "./turn.ts";

/**
 * One way to disrupt nodes: which nodes it takes, and what it would do with them.
 *
 * Methods are plain values: put your own in the list, or take Karpenter's and change a field.
 */
export interface Method {
  readonly name: string;
  /** What budgets are asked with, and what the command and its events say: `Empty`, `Drifted`, `Underutilized`, or a word of your own. */
  readonly reason: string;
  readonly disruptionClass: DisruptionClass;
  /** Whether moves are scored against their pools' totals. */
  readonly usesTotals?: boolean;
  /** What keeps the method from a candidate: nothing means that it takes it. The first is what the node's owner is told. */
  readonly filter: (candidate: Candidate, turn: Pick<Turn, "prepared" | "view">) => readonly Blocker[];
  /** What to do, best first. The pass drops what would do nothing, and what does not validate. */
  readonly commands: (turn: Turn) => readonly Proposal[];
  /** Whether its commands hold while pods could go where they say (`existingNodes`); else while they would go somewhere without being told, as Karpenter's. */
  readonly saysWherePodsGo?: boolean;
  /** Whether finding nothing means that there is nothing to find until the cluster changes; absent: it may be asked again at any time. */
  readonly settles?: (turn: Turn) => boolean;
  /** What keeps `commands` from one of its candidates, beyond its pool's budget; only `whyNot` asks. */
  readonly blockers?: (candidate: Candidate, turn: Turn) => readonly Blocker[];
}
