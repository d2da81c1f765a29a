import { DO_NOT_DISRUPT_ANNOTATION, NODE_POOL_LABEL } from "@groupless/api";
import type { Cluster, Prepared, Profile } from "@groupless/bin-packer";
import { type Candidate } from "../candidates/candidate.ts";
import { candidateOrBlockers, classUnder, type ExclusionOptions } from "../candidates/exclusion.ts";
import type { ClusterView } from "../cluster/cluster-view.ts";
import type { NodeRecord } from "../cluster/node-record.ts";
import { blockerEvent } from "../events/blocker-event.ts";
import type { DisruptionEvent } from "../events/disruption-event.ts";
import { nobody } from "../events/nobody.ts";
import type { Blocker } from "../blockers/blocker.ts";
import { isAskedOnce } from "../methods/asked-once.ts";
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
    const pools = new Map<string, PoolTerms>();
    for (const node of view.nodes) {
      const name = node.labels[NODE_POOL_LABEL] ?? "";
      let pool = pools.get(name);
      if (pool === undefined) pools.set(name, (pool = { nodePool: view.nodePools.get(name), instanceTypes: view.instanceTypes(name), budgets: view.podDisruptionBudgets }));
      const { one, told } = lookedAt(node, pool, view, { queued, nowMs, disruptionClass });
      if ("candidate" in one) all.push(one.candidate);
      for (const event of told) events.push(event);
    }
    ofView.set(key, (found = { all, events }));
  }
  return found;
}

/** What of the cluster, but for the node and its pods, a look at a node hangs on. */
interface PoolTerms {
  readonly nodePool: ReturnType<ClusterView["nodePools"]["get"]>;
  readonly instanceTypes: ReturnType<ClusterView["instanceTypes"]>;
  readonly budgets: ClusterView["podDisruptionBudgets"];
}

interface Look {
  readonly one: ReturnType<typeof candidateOrBlockers>;
  readonly told: readonly DisruptionEvent[];
}

const looks = new WeakMap<NodeRecord, PoolTerms & { readonly byClass: Map<string, Look> }>();

// Most nodes are as they were at the last look. Only annotations of pods make the time matter, and the queue is another one each time.
function lookedAt(node: NodeRecord, terms: PoolTerms, view: ClusterView, options: Pick<ExclusionOptions, "queued" | "nowMs" | "disruptionClass">): Look {
  let before = looks.get(node);
  if (before === undefined || before.nodePool !== terms.nodePool || before.instanceTypes !== terms.instanceTypes || before.budgets !== terms.budgets) looks.set(node, (before = { byClass: new Map(), ...terms }));
  const isQueued = options.queued.has(node.providerID);
  const same = isQueued ? undefined : before.byClass.get(options.disruptionClass);
  if (same !== undefined) return same;
  const told: DisruptionEvent[] = [];
  const report = (event: DisruptionEvent): void => void told.push(event);
  const one = candidateOrBlockers(node, view, { report, ...options });
  if ("blockers" in one) tell(node, one.blockers[0], report);
  const look = { one, told };
  if (!isQueued && node.pods.every(({ metadata }) => metadata.annotations?.[DO_NOT_DISRUPT_ANNOTATION] === undefined)) before.byClass.set(options.disruptionClass, look);
  return look;
}

/** A method's candidates, telling the owners of the others why. */
export function candidateList(method: Method, prepared: Prepared, view: ClusterView, { queued, report }: { readonly queued: ReadonlySet<string>; readonly report: (event: DisruptionEvent) => void }): CandidateList {
  const { all, events } = considered(method, prepared, view, queued);
  const isHeard = report !== nobody;
  if (isHeard) events.forEach(report);
  const taken = all.filter((candidate) => {
    const { isTaken, told } = judged(method, candidate, prepared, view);
    if (isHeard) told.forEach(report);
    return isTaken;
  });
  return { all, taken };
}

interface Judgement {
  readonly isTaken: boolean;
  readonly told: readonly DisruptionEvent[];
}

const judgements = new WeakMap<Method["filter"], WeakMap<Candidate, { readonly bufferPods: Cluster["bufferPods"]; readonly profile: Profile; readonly judgement: Judgement }>>();

// Whether a method takes a candidate, and what its owner is told where it does not; asked once for those whose answer hangs on the candidate alone.
function judged(method: Method, candidate: Candidate, prepared: Prepared, view: ClusterView): Judgement {
  const { profile } = prepared;
  const { bufferPods } = prepared.cluster;
  const isOnce = isAskedOnce(method.filter);
  let answers = isOnce ? judgements.get(method.filter) : undefined;
  if (isOnce && answers === undefined) judgements.set(method.filter, (answers = new WeakMap()));
  const before = answers?.get(candidate);
  if (before !== undefined && before.bufferPods === bufferPods && before.profile === profile) return before.judgement;
  const [blocker] = method.filter(candidate, { prepared, view });
  const told: DisruptionEvent[] = [];
  if (blocker !== undefined) tell(candidate.record, blocker, (event) => void told.push(event));
  const judgement = { isTaken: blocker === undefined, told };
  answers?.set(candidate, { bufferPods, profile, judgement });
  return judgement;
}

function tell({ node, nodeClaim }: NodeRecord, blocker: Blocker | undefined, report: (event: DisruptionEvent) => void): void {
  const told = blocker === undefined ? undefined : blockerEvent(blocker);
  if (told === undefined || nodeClaim === undefined) return;
  if (node !== undefined) report({ object: `Node/${node.metadata.name}`, type: "Normal", ...told });
  report({ object: `NodeClaim/${nodeClaim.metadata.name}`, type: "Normal", ...told });
}
