import { InputError, NODE_POOL_LABEL } from "@groupless/api";
import { prepare, type Prepared } from "@groupless/bin-packer";
import type { Blocker } from "../blockers/blocker.ts";
import { lift } from "../blockers/lift.ts";
import { budgetChangesMs } from "../budgets/budget.ts";
import { concerns } from "../budgets/allowed-disruptions.ts";
import { poolBudgets } from "../budgets/pool-budgets.ts";
import { candidateOf } from "../candidates/candidate.ts";
import { candidateOrBlockers, classUnder } from "../candidates/exclusion.ts";
import { clusterView } from "../cluster/cluster-view.ts";
import { conditionIsTrue } from "../cluster/node-record.ts";
import { karpenterMethods } from "../methods/karpenter-methods.ts";
import type { Method } from "../methods/method.ts";
import { NoNodePoolsError } from "../simulation/simulate.ts";
import { type PassOptions, turnOf } from "./method-report.ts";

/** Which methods are asked, and what they have to know beside the cluster. */
export interface WhyNotOptions extends PassOptions {
  /** Methods to ask after, in their order. Default: `karpenterMethods`. */
  readonly methods?: readonly Method[];
}

// A blocker taken away may bring another to light; that many times is plenty.
const ROUNDS = 8;

/**
 * Everything that keeps a node where it is, for the method that would take it: emptiness if it is empty, drift if it has drifted, consolidation
 * otherwise. Empty: nothing does, and the node goes when its turn comes.
 *
 * Blockers that hide others are looked behind: what is listed is what has to be lifted, all together, for the node to be disrupted.
 *
 * @example
 * ```ts
 * import { cluster, node } from "@groupless/testing";
 * import { prepare } from "@groupless/bin-packer";
 * import { explain, whyNot } from "@groupless/disruption";
 * const objects = node("a", { nodePool: "default" }).objects;
 * const prepared = prepare(cluster({ objects, nominated: ["aws:///us-west-2/i-a"] }), { nowMs: Date.parse("2026-09-01T13:00:00Z") });
 * whyNot(prepared, "a").map(explain); // => ["Pods that wait are expected on the node."]
 * ```
 */
export function whyNot(prepared: Prepared, nodeName: string, options: WhyNotOptions = {}): readonly Blocker[] {
  const methods = options.methods ?? karpenterMethods;
  let best: readonly Blocker[] | undefined;
  for (const method of methodsFor(prepared, nodeName, methods)) {
    const blockers = lifted(prepared, nodeName, method, options);
    if (best === undefined || blockers.length < best.length) best = blockers;
  }
  return best ?? [...generalBlockers(prepared, nodeName, options)];
}

// Those that are about nodes like this one. Multi-node consolidation is left to single-node: what the one cannot take alone has more than its own reasons.
function methodsFor(prepared: Prepared, nodeName: string, methods: readonly Method[]): readonly Method[] {
  const view = clusterView(prepared);
  const record = view.nodeOf.get(nodeName);
  const pool = record === undefined ? undefined : view.nodePools.get(record.labels[NODE_POOL_LABEL] ?? "");
  if (record === undefined || pool === undefined) return [];
  const isStatic = pool.spec.replicas !== undefined;
  const drifted = conditionIsTrue(record.nodeClaim, "Drifted");
  const fits = (name: string): boolean => {
    if (name === "StaticDrift") return isStatic;
    if (isStatic || name === "MultiNodeConsolidation") return false;
    return name === "Drift" ? drifted : true;
  };
  const suited = methods.filter(({ name }) => fits(name));
  return suited.filter((method) => !isOther(method, prepared, nodeName));
}

// Emptiness asked about a full node, consolidation about an empty one.
function isOther(method: Method, prepared: Prepared, nodeName: string): boolean {
  const codes = ownBlockers(method, prepared, nodeName).map(({ code }) => code);
  return codes.includes("not-empty") || codes.includes("empty") || codes.includes("static-node-pool") || codes.includes("dynamic-node-pool");
}

function ownBlockers(method: Method, prepared: Prepared, nodeName: string): readonly Blocker[] {
  const view = clusterView(prepared);
  const record = view.nodeOf.get(nodeName);
  const pool = record?.labels[NODE_POOL_LABEL] ?? "";
  const nodePool = view.nodePools.get(pool);
  const instanceTypes = view.instanceTypes(pool);
  if (record?.nodeClaim === undefined || record.node === undefined || nodePool === undefined || instanceTypes === undefined) return [];
  return method.filter(candidateOf(record, nodePool, instanceTypes), { prepared, view });
}

function generalBlockers(prepared: Prepared, nodeName: string, options: PassOptions, method?: Method): readonly Blocker[] {
  const view = clusterView(prepared);
  const record = view.nodeOf.get(nodeName);
  if (record === undefined) return [{ code: "node-not-found", canResolve: false, node: nodeName }];
  const found = candidateOrBlockers(record, view, { nowMs: prepared.nowMs, disruptionClass: classUnder(prepared.profile, method?.disruptionClass ?? "graceful"), queued: new Set(options.queued), all: true });
  return "blockers" in found ? found.blockers : [];
}

function lifted(prepared: Prepared, nodeName: string, method: Method, options: WhyNotOptions): readonly Blocker[] {
  const found = new Map<string, Blocker>();
  let now = prepared;
  for (let round = 0; round < ROUNDS; round++) {
    const blockers = blockersNow(now, nodeName, method, options);
    const fresh = blockers.filter((blocker) => !found.has(keyOf(blocker)));
    for (const blocker of fresh) found.set(keyOf(blocker), { method: method.name, ...blocker });
    let cluster = now.cluster;
    let at = now;
    for (const blocker of fresh) {
      const next = lift(at, nodeName, blocker);
      if (next === undefined) continue;
      cluster = next;
      at = { ...at, cluster };
    }
    if (cluster === now.cluster) break;
    now = prepare(cluster, { nowMs: now.nowMs, profile: now.profile });
  }
  return [...found.values()];
}

function blockersNow(prepared: Prepared, nodeName: string, method: Method, options: WhyNotOptions): readonly Blocker[] {
  const general = generalBlockers(prepared, nodeName, options, method);
  const own = ownBlockers(method, prepared, nodeName);
  const budget = budgetBlockers(prepared, nodeName, method);
  const shallow = [...general, ...own, ...budget];
  if (shallow.length > 0) return shallow;
  const turn = turnOf(method, prepared, clusterView(prepared), options, () => undefined);
  const candidate = turn.candidates.find(({ name }) => name === nodeName);
  if (candidate === undefined) return [];
  try {
    return method.blockers?.(candidate, turn) ?? [];
  } catch (error) {
    if (error instanceof NoNodePoolsError) return [{ code: "no-node-pools", canResolve: true }];
    throw error;
  }
}

function budgetBlockers(prepared: Prepared, nodeName: string, { reason }: Method): readonly Blocker[] {
  const view = clusterView(prepared);
  const nodePool = view.nodeOf.get(nodeName)?.labels[NODE_POOL_LABEL] ?? "";
  const budget = poolBudgets(view, { reason, nowMs: prepared.nowMs }).get(nodePool);
  if (budget === undefined || budget.left > 0) return [];
  const { allowed, nodes, disrupting, error } = budget;
  const clearsAtMs = error === undefined && allowed === 0 ? opensMs(view.nodePools.get(nodePool)?.spec.disruption.budgets ?? [], reason, prepared.nowMs) : undefined;
  return [{ code: "node-pool-budget", canResolve: error === undefined, nodePool, reason, allowed, disrupting, nodes, ...(error === undefined ? {} : { problem: error.message }), ...(clearsAtMs === undefined ? {} : { clearsAtMs }) }];
}

// When the last of the zero budgets closes its window; undefined if one of them never does.
function opensMs(budgets: readonly Parameters<typeof budgetChangesMs>[0][], reason: string, nowMs: number): number | undefined {
  let opens = nowMs;
  for (const budget of budgets) {
    if (!concerns(budget, reason) || !/^0+%?$/.test(budget.nodes)) continue;
    try {
      const closes = budgetChangesMs(budget, nowMs);
      if (closes === undefined) return undefined;
      opens = Math.max(opens, closes);
    } catch (error) {
      if (error instanceof InputError) return undefined;
      throw error;
    }
  }
  return opens === nowMs ? undefined : opens;
}

function keyOf({ clearsAtMs: _time, ...blocker }: Blocker): string {
  if (blocker.code === "pod-do-not-disrupt" || blocker.code === "pod-disruption-budget" || blocker.code === "multiple-pod-disruption-budgets") return `${blocker.code} ${blocker.pod}`;
  if (blocker.code === "missing-label") return `${blocker.code} ${blocker.label}`;
  return blocker.code;
}
