import { evictionCost, isTerminal, isUnderConsolidateAfter, nameOf, NODE_POOL_LABEL } from "@groupless/api";
import type { ExistingNodePlacement } from "@groupless/bin-packer";
import type { NodeRecord } from "../../cluster/node-record.ts";
import type { Turn } from "../../methods/turn.ts";
import type { DeletionModel } from "./deletion-model.ts";
import { amountOf, PodShapes } from "./pod-shapes.ts";

/**
 * A method's turn as a search for deletions sees it. Labels, taints and amounts count; what pods think of each other does not: the packer has the
 * last word.
 *
 * @param expected where pods that wait are going to be: that room is taken, and those nodes stay
 */
export function deletionModelOf(turn: Turn, expected: readonly ExistingNodePlacement[]): DeletionModel {
  const { view, budgets, candidates } = turn;
  const candidateOf = new Map(candidates.map((candidate) => [candidate.name, candidate]));
  const awaited = new Map(expected.map(({ node, pods }) => [node, pods]));
  const groups = [...new Set(candidates.map(({ nodePool }) => nodePool.metadata.name))].sort();
  const records = view.nodes.filter((record) => view.nodeOf.get(record.name) === record && (candidateOf.has(record.name) || isDestination(record, turn)));
  const goes = ({ name }: NodeRecord): boolean => candidateOf.has(name) && !awaited.has(name);

  const shapes = new PodShapes(turn.labels.tables);
  const pods = records.filter(goes).flatMap(({ name }) => candidateOf.get(name)?.reschedulablePods ?? []);
  const shapeOf = Int32Array.from(pods, (pod) => shapes.of(pod));
  const nodeOf = new Map(records.map(({ name }, node) => [name, node]));
  const resources = shapes.resources.length;
  const free = new Float64Array(records.length * resources);
  for (const [node, record] of records.entries()) {
    const waiting = (awaited.get(record.name) ?? []).flatMap((name) => view.podOf.get(name) ?? []);
    const taken = [...record.pods.filter((pod) => !isTerminal(pod)), ...waiting].map((pod) => shapes.amountsOf(pod));
    for (const [k, resource] of shapes.resources.entries()) {
      free[node * resources + k] = taken.reduce((left, amounts) => left - (amounts.get(resource) ?? 0), amountOf(record.node?.status?.allocatable?.[resource]));
    }
  }
  const destinations = records.map((record) => isDestination(record, turn));
  return {
    nodes: records.map(({ name }) => name),
    prices: Float64Array.from(records, (record) => (goes(record) ? (candidateOf.get(record.name)?.price ?? 0) : 0)),
    groupOf: Int32Array.from(records, (record) => (goes(record) ? groups.indexOf(record.labels[NODE_POOL_LABEL] ?? "") : -1)),
    allowance: groups.map((name) => budgets[name] ?? 0),
    resources,
    free,
    pods: pods.map(nameOf),
    home: Int32Array.from(pods, (pod) => nodeOf.get(pod.spec.nodeName ?? "") ?? 0),
    moveCosts: Float64Array.from(pods, (pod) => Math.max(0, evictionCost(pod)) || 0),
    shapeOf,
    amounts: Float64Array.from(shapes.list.flatMap(({ amounts }) => shapes.resources.map((resource) => amounts.get(resource) ?? 0))),
    takes: shapes.takenBy(records, destinations),
  };
}

// Pods of other nodes may not wait for a node that is coming up, nor disturb one in its quiet time.
function isDestination({ node, nodeClaim, initialized, deleting, labels }: NodeRecord, { view, prepared }: Turn): boolean {
  if (node === undefined || !initialized || deleting) return false;
  const pool = view.nodePools.get(labels[NODE_POOL_LABEL] ?? "");
  return nodeClaim === undefined || pool === undefined || !isUnderConsolidateAfter(pool.spec.disruption.consolidateAfter, nodeClaim, prepared.nowMs);
}
