import type { Prepared } from "@groupless/bin-packer";
import { type Candidate } from "../candidates/candidate.ts";
import { candidateOrBlockers, classUnder } from "../candidates/exclusion.ts";
import type { ClusterView } from "../cluster/cluster-view.ts";
import type { NodeRecord } from "../cluster/node-record.ts";
import { blockerEvent } from "../events/blocker-event.ts";
import type { DisruptionEvent } from "../events/disruption-event.ts";
import type { Blocker } from "../blockers/blocker.ts";
import type { Method } from "../methods/method.ts";

export interface CandidateList {
  /** All nodes that nothing excludes. */
  readonly all: readonly Candidate[];
  /** Those of them that the method takes, by name. */
  readonly taken: readonly Candidate[];
}

/** What of a view's nodes can be candidates, and what their owners are told of the others: the same for all methods of a class. */
interface Considered {
  readonly all: readonly Candidate[];
  readonly events: readonly DisruptionEvent[];
}

const known = new WeakMap<ClusterView, Map<string, Considered>>();

function considered(method: Method, { nowMs, profile }: Prepared, view: ClusterView, queued: ReadonlySet<string>): Considered {
  let ofView = known.get(view);
  if (ofView === undefined) known.set(view, (ofView = new Map()));
  const disruptionClass = classUnder(profile, method.disruptionClass);
  const key = [disruptionClass, ...[...queued].sort()].join(" ");
  let found = ofView.get(key);
  if (found === undefined) {
    const [all, events]: [Candidate[], DisruptionEvent[]] = [[], []];
    const report = (event: DisruptionEvent): void => void events.push(event);
    for (const node of view.nodes) {
      const one = candidateOrBlockers(node, view, { queued, report, nowMs, disruptionClass });
      if ("candidate" in one) all.push(one.candidate);
      else tell(node, one.blockers[0], report);
    }
    ofView.set(key, (found = { all, events }));
  }
  return found;
}

/** A method's candidates, telling the owners of the others why. */
export function candidateList(method: Method, prepared: Prepared, view: ClusterView, { queued, report }: { readonly queued: ReadonlySet<string>; readonly report: (event: DisruptionEvent) => void }): CandidateList {
  const { all, events } = considered(method, prepared, view, queued);
  events.forEach(report);
  const taken = all.filter((candidate) => {
    const [blocker] = method.filter(candidate, { prepared, view });
    if (blocker !== undefined) tell(candidate.record, blocker, report);
    return blocker === undefined;
  });
  return { all, taken };
}

function tell({ node, nodeClaim }: NodeRecord, blocker: Blocker | undefined, report: (event: DisruptionEvent) => void): void {
  const told = blocker === undefined ? undefined : blockerEvent(blocker);
  if (told === undefined || nodeClaim === undefined) return;
  if (node !== undefined) report({ object: `Node/${node.metadata.name}`, type: "Normal", ...told });
  report({ object: `NodeClaim/${nodeClaim.metadata.name}`, type: "Normal", ...told });
}
