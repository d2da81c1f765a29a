import type { Prepared } from "@groupless/bin-packer";
import { type Candidate } from "../candidates/candidate.ts";
import { candidateOrBlockers } from "../candidates/exclusion.ts";
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

/** A method's candidates, telling the owners of the others why. */
export function candidateList(method: Method, prepared: Prepared, view: ClusterView, options: { readonly queued: ReadonlySet<string>; readonly report: (event: DisruptionEvent) => void }): CandidateList {
  const { report } = options;
  const all: Candidate[] = [];
  for (const node of view.nodes) {
    const found = candidateOrBlockers(node, view, { ...options, nowMs: prepared.nowMs, disruptionClass: method.disruptionClass });
    if ("candidate" in found) all.push(found.candidate);
    else tell(node, found.blockers[0], report);
  }
  const taken = all.filter((candidate) => {
    const blockers = method.filter(candidate, { prepared, view });
    if (blockers.length > 0) tell(candidate.record, blockers[0], report);
    return blockers.length === 0;
  });
  return { all, taken };
}

function tell({ node, nodeClaim }: NodeRecord, blocker: Blocker | undefined, report: (event: DisruptionEvent) => void): void {
  const told = blocker === undefined ? undefined : blockerEvent(blocker);
  if (told === undefined || nodeClaim === undefined) return;
  if (node !== undefined) report({ object: `Node/${node.metadata.name}`, type: "Normal", ...told });
  report({ object: `NodeClaim/${nodeClaim.metadata.name}`, type: "Normal", ...told });
}
