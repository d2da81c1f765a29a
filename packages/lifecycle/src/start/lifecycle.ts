import { type NodeClaim, nameOf, TERMINATION_FINALIZER } from "@groupless/api";
import type { Action } from "../action.ts";
import { withKnownConditions } from "../object/condition.ts";
import { isDeleting, withFinalizer } from "../object/metadata.ts";
import type { Observed } from "../observed.ts";
import { idle, isManaged, type Outcome, type PassOptions, sooner } from "../outcome.ts";
import type { LifecycleReason } from "../reason.ts";
import { finalize } from "../terminate/finalization.ts";
import { initialize } from "./initialization.ts";
import { launch, type Stage } from "./launch.ts";
import { checkLiveness } from "./liveness.ts";
import { register } from "./registration.ts";
import { guarded } from "../object/guarded.ts";

/**
 * One pass over a claim's life: launch, registration, initialization and liveness while it lives, finalization once it is being deleted
 * (Karpenter's controller nodeclaim.lifecycle).
 */
export function lifecycle(observed: Observed, name: string, options: PassOptions): Outcome {
  return guarded(`NodeClaim/${name}`, () => lifeOf(observed, name, options), idle);
}

function lifeOf(observed: Observed, name: string, options: PassOptions): Outcome {
  const found = observed.nodeClaims.find(({ metadata }) => metadata.name === name);
  if (found === undefined) return { ...idle, reasons: [{ code: "object-missing", canResolve: true, object: `NodeClaim/${name}` }] };
  if (!isManaged(found, options)) return { ...idle, reasons: [{ code: "not-managed", canResolve: false, object: `NodeClaim/${name}` }] };
  return isDeleting(found) ? finalize(observed, found, options) : start(observed, found, options);
}

function start(observed: Observed, found: NodeClaim, options: PassOptions): Outcome {
  const known = withKnownConditions(withFinalizer(found, TERMINATION_FINALIZER), options.nowMs);
  const actions: Action[] = [];
  const reasons: LifecycleReason[] = [];
  let nodeClaim = known;
  let requeueAfterMs: number | undefined;
  const stages: readonly ((claim: NodeClaim) => Stage)[] = [
    (claim) => launch(claim, options),
    (claim) => register(claim, withWrites(observed, actions), options),
    (claim) => initialize(claim, withWrites(observed, actions), options),
  ];
  let isWaiting = false;
  for (const stage of stages) {
    const result = stage(nodeClaim);
    nodeClaim = result.nodeClaim;
    actions.push(...result.actions);
    reasons.push(...result.reasons);
    requeueAfterMs = sooner(requeueAfterMs, result.requeueAfterMs);
    isWaiting = result.isWaiting === true;
    if (isWaiting) break;
  }
  const alive = checkLiveness(nodeClaim, observed, options);
  // While a launch is under way its time limit runs, but nothing is given up before the provider has answered.
  if (!isWaiting) actions.push(...alive.actions);
  requeueAfterMs = sooner(requeueAfterMs, alive.requeueAfterMs);
  // The finalizer has to be on the claim before anything is launched, or an instance could be lost: its write comes first.
  const write: readonly Action[] = nodeClaim === found ? [] : [{ type: "update", object: nodeClaim }];
  return { actions: [...write, ...actions], reasons, ...(requeueAfterMs === undefined ? {} : { requeueAfterMs }) };
}

// A node that registers and initializes in one pass is written twice, the second time on top of the first.
function withWrites(observed: Observed, actions: readonly Action[]): Observed {
  let nodes = observed.nodes;
  for (const action of actions) {
    if (action.type !== "update" || action.object.kind !== "Node") continue;
    const { object } = action;
    nodes = nodes.map((node) => (nameOf(node) === nameOf(object) ? object : node));
  }
  return nodes === observed.nodes ? observed : { ...observed, nodes };
}
