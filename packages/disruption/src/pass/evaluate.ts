import type { Prepared } from "@groupless/bin-packer";
import { InputError } from "@groupless/api";
import type { Command } from "../command.ts";
import { clusterView } from "../cluster/cluster-view.ts";
import type { DisruptionEvent } from "../events/disruption-event.ts";
import { karpenterMethods } from "../methods/karpenter-methods.ts";
import type { Method } from "../methods/method.ts";
import { NoNodePoolsError } from "../simulation/simulate.ts";
import type { Proposal } from "../methods/proposal.ts";
import type { Turn } from "../methods/turn.ts";
import { briefReportOf, type PassOptions, type MethodReport, reportOf, turnOf } from "./method-report.ts";
import { nobody } from "../events/nobody.ts";
import { commandOf } from "./command-of.ts";
import { validated } from "./validation.ts";

/** What a pass over the methods came to. */
export interface Evaluation {
  /** In turn, up to the first that acts or fails. */
  readonly methods: readonly MethodReport[];
}

/** What a pass has to know beside the cluster, and the methods that have their turn in it. */
export interface EvaluateOptions extends PassOptions {
  /** In the order they take turns. Default: `karpenterMethods`. */
  readonly methods?: readonly Method[];
}

/**
 * Lets each method in turn look at the cluster until one has something to do, and reports all that they saw.
 *
 * @example
 * ```ts
 * import { cluster, node } from "@groupless/testing";
 * import { prepare } from "@groupless/bin-packer";
 * import { emptiness, evaluate } from "@groupless/disruption";
 * const prepared = prepare(cluster({ objects: node("a", { nodePool: "default" }).objects }), { nowMs: Date.parse("2026-09-01T13:00:00Z") });
 * evaluate(prepared, { methods: [emptiness] }).methods[0]?.candidates.map(({ node: name, empty }) => [name, empty]); // => [["a", true]]
 * ```
 */
export function evaluate(prepared: Prepared, options: EvaluateOptions = {}): Evaluation {
  return { methods: runPass(prepared, options).methods };
}

/**
 * What to disrupt now: the commands of the first method that has any. All of them may be carried out at once.
 *
 * @example
 * ```ts
 * import { cluster, node } from "@groupless/testing";
 * import { prepare } from "@groupless/bin-packer";
 * import { disrupt } from "@groupless/disruption";
 * const prepared = prepare(cluster({ objects: node("a", { nodePool: "default" }).objects }), { nowMs: Date.parse("2026-09-01T13:00:00Z") });
 * disrupt(prepared).map(({ method, decision, sourceNodes }) => [method, decision, ...sourceNodes]); // => [["Emptiness", "delete", "a"]]
 * ```
 */
export function disrupt(prepared: Prepared, options: EvaluateOptions = {}): readonly Command[] {
  return evaluate(prepared, options).methods.at(-1)?.commands ?? [];
}

/** A pass, and the cluster as it is at its end: waiting for validation takes time. */
export function runPass(prepared: Prepared, options: EvaluateOptions): Evaluation & { readonly prepared: Prepared } {
  const methods: MethodReport[] = [];
  let now = prepared;
  for (const method of options.methods ?? karpenterMethods) {
    const turn = takeTurn(method, now, options);
    methods.push(turn.report);
    now = turn.prepared;
    if (turn.report.commands.length > 0 || turn.report.error !== undefined) break;
  }
  return { methods, prepared: now };
}

function takeTurn(method: Method, prepared: Prepared, options: PassOptions): { readonly report: MethodReport; readonly prepared: Prepared } {
  const events = new Map<string, DisruptionEvent>();
  const report = options.brief === true ? nobody : (event: DisruptionEvent): void => void events.set(`${event.object}\n${event.reason}\n${event.message}\n${event.type}`, event);
  const commands: Command[] = [];
  let now = prepared;
  let error: string | undefined;
  let turn: Turn | undefined;
  let proposals: readonly Proposal[] = [];
  try {
    ({ turn, proposals, error } = proposed(method, prepared, options, report));
    for (const proposal of proposals) {
      if (proposal.validation === undefined || options.afterWait === undefined) {
        commands.push(commandOf(method, proposal));
        continue;
      }
      now = options.afterWait(now);
      const outcome = validated(proposal, method, now, options, report);
      if ("failure" in outcome) proposal.rejection?.(outcome.failure).forEach(report);
      else commands.push(commandOf(method, outcome.proposal));
    }
  } catch (caught) {
    error = refusal(caught);
  }
  const settled = error === undefined && turn !== undefined && turn.candidates.length > 0 && proposals.length === 0 && method.settles?.(turn) === true;
  const found = { commands, settled, ...(error === undefined ? {} : { error }) };
  return { report: options.brief === true ? briefReportOf(method, found) : reportOf(method, turn, { ...found, events: [...events.values()] }), prepared: now };
}

/** Why a method could not go on; what is no refusal is thrown on. */
function refusal(caught: unknown): string {
  if (caught instanceof NoNodePoolsError || caught instanceof InputError) return caught.message;
  throw caught;
}

/** A refused method has its turn to show nevertheless. */
interface Proposed {
  readonly turn: Turn;
  readonly proposals: readonly Proposal[];
  readonly error: string | undefined;
}

const looks = new WeakMap<Prepared, Map<Method, Proposed & { readonly asked: string; readonly costTracker: PassOptions["costTracker"] }>>();

// What a method wants of one and the same cluster is asked twice where its commands are validated after a wait: before it and after it.
function proposed(method: Method, prepared: Prepared, options: PassOptions, report: (event: DisruptionEvent) => void): Proposed {
  const { queued, pendingDisruption, settled, firstNodePools, costTracker } = options;
  const asked = report === nobody ? JSON.stringify([queued, pendingDisruption, settled?.includes(method.name), firstNodePools]) : "";
  const before = report === nobody ? looks.get(prepared)?.get(method) : undefined;
  if (before !== undefined && before.asked === asked && before.costTracker === costTracker) return before;
  const turn = turnOf(method, prepared, clusterView(prepared), options, report);
  const idle = turn.candidates.length === 0 || settled?.includes(method.name) === true;
  const found = { turn, ...(idle ? { proposals: [], error: undefined } : asking(method, turn)) };
  if (report === nobody) {
    let ofCluster = looks.get(prepared);
    if (ofCluster === undefined) looks.set(prepared, (ofCluster = new Map()));
    ofCluster.set(method, { ...found, asked, costTracker });
  }
  return found;
}

function asking(method: Method, turn: Turn): Omit<Proposed, "turn"> {
  try {
    return { proposals: method.commands(turn), error: undefined };
  } catch (caught) {
    return { proposals: [], error: refusal(caught) };
  }
}
