import { NODE_POOL_LABEL } from "@groupless/api";
import { int64Value, parseQuantity } from "@groupless/quantity";
import type { Candidate } from "../candidates/candidate.ts";
import type { ClusterView } from "../cluster/cluster-view.ts";
import { conditionIsTrue } from "../cluster/node-record.ts";
import { totalPrice } from "../replacement/savings.ts";
import { staticClaim } from "../replacement/static-claim.ts";
import { askedOnce } from "./asked-once.ts";
import type { Method } from "./method.ts";
import type { Turn } from "./turn.ts";

/** Replaces drifted nodes of static pools one for one, as many at once as budgets and the pool's node limit leave room for. */
export const staticDrift: Method = {
  name: "StaticDrift",
  reason: "Drifted",
  disruptionClass: "eventual",
  filter: /* @__PURE__ */ askedOnce(({ nodePool, nodeClaim }) => {
    if (nodePool.spec.replicas === undefined) return [{ code: "dynamic-node-pool", nodePool: nodePool.metadata.name, canResolve: false }];
    return conditionIsTrue(nodeClaim, "Drifted") ? [] : [{ code: "not-drifted", canResolve: false }];
  }),
  commands: (turn) => {
    const pools = new Map<string, Candidate[]>();
    for (const candidate of turn.candidates) {
      const { name } = candidate.nodePool.metadata;
      pools.set(name, [...(pools.get(name) ?? []), candidate]);
    }
    return [...pools]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([name, members]) => members.slice(0, room(name, members, turn)))
      .map((candidate) => ({ candidates: [candidate], replacements: [staticClaim(candidate.nodePool, turn.labels)], existingNodes: [], estimatedSavings: totalPrice([candidate]) }));
  },
  blockers: ({ nodePool }, { view, pendingDisruption }) => {
    const { name } = nodePool.metadata;
    const { running, all } = countClaims(name, view, pendingDisruption);
    const replicas = nodePool.spec.replicas ?? 0;
    const limit = nodeLimit(nodePool);
    return [
      ...(running > replicas ? [{ code: "replicas-not-settled" as const, canResolve: true, nodePool: name, running, replicas }] : []),
      ...(limit - all <= 0 ? [{ code: "node-limit" as const, canResolve: true, nodePool: name, limit, nodes: all }] : []),
    ];
  },
};

function room(name: string, members: readonly Candidate[], { budgets, view, pendingDisruption }: Turn): number {
  const nodePool = (members[0] as Candidate).nodePool;
  const { running, all } = countClaims(name, view, pendingDisruption);
  // Scaling down comes first.
  if (running > (nodePool.spec.replicas ?? 0)) return 0;
  return Math.max(0, Math.min(budgets[name] ?? 0, members.length, nodeLimit(nodePool) - all));
}

function nodeLimit({ spec }: Candidate["nodePool"]): number {
  const limit = spec.limits?.["nodes"];
  return limit === undefined ? Infinity : Number(int64Value(parseQuantity(limit), 0));
}

// `running` leaves out those on their way out; `all` is what the limit counts.
function countClaims(nodePool: string, { nodeClaims, nodes }: ClusterView, pendingDisruption: ReadonlySet<string>): { readonly running: number; readonly all: number } {
  const deleting = new Set(nodes.filter((node) => node.deleting && node.nodeClaim !== undefined).map(({ nodeClaim }) => nodeClaim?.metadata.name));
  const members = nodeClaims.filter(({ metadata }) => metadata.labels?.[NODE_POOL_LABEL] === nodePool);
  const running = members.filter(({ metadata }) => !deleting.has(metadata.name) || pendingDisruption.has(metadata.name)).length;
  return { running, all: members.length };
}
