import { type Prepared, type Profile, wellKnownLabelsOf } from "@groupless/bin-packer";
import { CORE_LABELS, withLabels } from "@groupless/requirements";
import { poolBudgets } from "../budgets/pool-budgets.ts";
import { type Candidate, isEmpty } from "../candidates/candidate.ts";
import type { ClusterView } from "../cluster/cluster-view.ts";
import type { Command } from "../command.ts";
import type { DisruptionEvent } from "../events/disruption-event.ts";
import type { Method } from "../methods/method.ts";
import type { Turn } from "../methods/turn.ts";
import type { KnownLabels } from "../replacement/offering-fit.ts";
import { priceList } from "../replacement/launch-prices.ts";
import type { CostTracker } from "../scoring/cost-tracker.ts";
import { poolTotals } from "../scoring/pool-totals.ts";
import type { PoolTotals } from "../scoring/score.ts";
import { simulate } from "../simulation/simulate.ts";
import { candidateList } from "./candidate-list.ts";

/** What a pass has to know beside the cluster. */
export interface PassOptions {
  /** Provider ids of nodes that commands under way take. */
  readonly queued?: readonly string[];
  /** Names of static pools' claims that commands under way take. */
  readonly pendingDisruption?: readonly string[];
  /** What pools cost; default: today's prices of their claims. */
  readonly costTracker?: CostTracker;
  /** Pools whose turn comes first where pools take turns. */
  readonly firstNodePools?: readonly string[];
  /** Methods, by name, that need not look: nothing has changed since they found nothing. Their candidates are listed nevertheless. */
  readonly settled?: readonly string[];
  /** Only what is to be done matters: reports hold no candidates, totals, budgets or events. Commands are the same. */
  readonly brief?: boolean;
  /** The cluster after the wait that goes before a command which must still hold then (Karpenter waits 15 s). Default: commands are not validated. */
  readonly afterWait?: (prepared: Prepared) => Prepared;
}

/** What one method saw and wants. Lists are sorted by node, numbers are not rounded. */
export interface MethodReport {
  readonly method: string;
  readonly reason: string;
  readonly candidates: readonly CandidateReport[];
  /** By pool; only of methods that score, and only if there are candidates. */
  readonly totals?: Readonly<Record<string, PoolTotals>>;
  /** By pool: how many nodes may go for the method's reason; 2147483647 stands for no bound. Only if there are candidates. */
  readonly budgets?: Readonly<Record<string, number>>;
  readonly commands: readonly Command[];
  /** Why the method could not finish. */
  readonly error?: string;
  /** The method looked at every candidate, none was held back by a budget, and there is nothing to do until something changes. */
  readonly settled: boolean;
  /** Distinct, by object, reason and message. */
  readonly events: readonly DisruptionEvent[];
}

/** A candidate as data: where it is, what it costs, what disrupting it costs. */
export interface CandidateReport {
  readonly node: string;
  readonly nodePool: string;
  /** USD an hour. */
  readonly price: number;
  readonly disruptionCost: number;
  readonly savingsRatio: number;
  readonly empty: boolean;
}

/** A method's turn: candidates, totals and budgets as they are now. */
export function turnOf(method: Method, prepared: Prepared, view: ClusterView, options: PassOptions, report: (event: DisruptionEvent) => void): Turn {
  const { all, taken } = candidateList(method, prepared, view, { queued: new Set(options.queued), report });
  const labels = knownLabels(prepared);
  const prices = priceList(labels);
  let totals: Turn["totals"] | undefined;
  return {
    prepared,
    view,
    candidates: taken,
    budgets: taken.length === 0 ? {} : budgetsLeft(method, prepared, view, report),
    // Only scores need them, and reports.
    get totals(): Turn["totals"] {
      return (totals ??= method.usesTotals === true && taken.length > 0 ? poolTotals(all, view, options.costTracker) : {});
    },
    prices,
    labels,
    pendingDisruption: new Set(options.pendingDisruption),
    firstNodePools: options.firstNodePools ?? [],
    simulate: (candidates, simulateOptions = {}) => simulate(prepared, view, candidates, { ...simulateOptions, prices, report }),
    report,
  };
}

/** The label tables of a cluster. */
export function knownLabels({ cluster }: Prepared): KnownLabels {
  const tables = withLabels(CORE_LABELS, { wellKnown: wellKnownLabelsOf(cluster) });
  return { tables, wellKnown: new Set(tables.wellKnown) };
}

/** By pool, how many nodes may go for the method's reason; a pool of which none may at all is told. */
export function budgetsLeft({ reason }: Method, { nowMs }: Prepared, view: ClusterView, report: (event: DisruptionEvent) => void): Readonly<Record<string, number>> {
  const left: [string, number][] = [];
  for (const [name, budget] of poolBudgets(view, { reason, nowMs })) {
    if (budget.nodes !== 0 && budget.allowed === 0) {
      report({ object: `NodePool/${name}`, type: "Normal", reason: "DisruptionBlocked", message: `No allowed disruptions for disruption reason ${reason} due to blocking budget` });
    }
    left.push([name, budget.left]);
  }
  return Object.fromEntries(left);
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const inOrder = (commands: readonly Command[]): readonly Command[] => (commands.length < 2 ? commands : [...commands].sort((a, b) => order(a.sourceNodes.join(" "), b.sourceNodes.join(" "))));

/** What a turn decided, without what it saw. */
export function briefReportOf({ name: method, reason }: Method, { commands, ...found }: Pick<MethodReport, "commands" | "error" | "settled">): MethodReport {
  return { method, reason, candidates: [], ...found, commands: inOrder(commands), events: [] };
}

/** The turn as data. */
export function reportOf(method: Method, turn: Turn | undefined, found: Pick<MethodReport, "commands" | "events" | "error" | "settled">): MethodReport {
  const reported = (candidate: Candidate, profile: Profile): CandidateReport => {
    const { name, nodePool, price, disruptionCost, savingsRatio } = candidate;
    return { node: name, nodePool: nodePool.metadata.name, price, disruptionCost, savingsRatio, empty: isEmpty(candidate, profile) };
  };
  const candidates = turn?.candidates.map((candidate) => reported(candidate, turn.prepared.profile)) ?? [];
  const some = turn !== undefined && candidates.length > 0;
  return {
    method: method.name,
    reason: method.reason,
    candidates,
    ...(some && method.usesTotals === true ? { totals: turn.totals } : {}),
    ...(some ? { budgets: turn.budgets } : {}),
    ...found,
    commands: inOrder(found.commands),
    events: [...found.events].sort((a, b) => order(a.object, b.object) || order(a.reason, b.reason) || order(a.message, b.message)),
  };
}
