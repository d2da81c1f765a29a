import { compareQuantities, parseQuantity } from "@groupless/quantity";
import type { ResourceList } from "@groupless/api";
import { type Cluster, type Packing, prepare, solve, stateNodes, whatIf } from "@groupless/bin-packer";
import { isInModel, type NaiveOptions, naiveFirstFit, type NaivePlan } from "../model/first-fit.ts";
import { same } from "./same.ts";

/** A plan is what the scheduling loop comes to if it is read plainly: pod by pod, without index or memory; also with nodes taken away. */
export function modelWrongs(cluster: Cluster, nowMs: number): readonly string[] {
  if (!isInModel(cluster)) return [];
  const prepared = prepare(cluster, { nowMs });
  const plan = solve(prepared);
  const ignored = plan.ignoredPods.map(({ pod }) => pod);
  const naive = (options: NaiveOptions = {}): NaivePlan => naiveFirstFit(cluster, nowMs, ignored, options);
  const names = stateNodes(prepared).flatMap(({ name, managed }) => (managed ? [name] : []));
  const taken = names.filter((_, index) => index % 2 === 0);
  return [
    ...wrongs("waiting pods", plan, naive()),
    ...wrongs("without a node and with guards,", whatIf(prepared, { removeNodes: taken.slice(0, 1) }, { purpose: "disruption" }), naive({ disruption: true, removed: taken.slice(0, 1) })),
    ...wrongs("without several nodes,", whatIf(prepared, { removeNodes: taken }, { purpose: "disruption", guardDestinations: false }), naive({ disruption: true, guarded: false, removed: taken })),
  ];
}

function wrongs(what: string, { newNodeClaims, existingNodes, podErrors }: Packing, naive: NaivePlan): readonly string[] {
  const claims = newNodeClaims.map(({ nodePool, pods, instanceTypes, cheapestPrice, requests, plannedRequirements }) => ({ nodePool, pods, instanceTypes, cheapestPrice, requests, plannedRequirements }));
  const where = (list: readonly { readonly nodePool: string; readonly pods: readonly string[] }[]) => list.map(({ nodePool, pods }) => [nodePool, pods]);
  return [
    ...same(`${what} pods go to other nodes that exist than the model's`, existingNodes, naive.existingNodes),
    ...same(`${what} other pods are refused than by the model`, podErrors.map(({ pod }) => pod), naive.refused),
    ...same(`${what} new nodes take other pods than the model's`, where(claims), where(naive.newNodeClaims)),
    ...claims.flatMap(({ requests, ...claim }, index) => {
      const { requests: theirs = {}, ...other } = naive.newNodeClaims[index] ?? {};
      return [...same(`${what} a new node is another than the model's`, claim, other), ...same(`${what} a new node asks for more or less than the model's`, sameAmounts(requests, theirs), true)];
    }),
  ];
}

function sameAmounts(a: ResourceList, b: ResourceList): boolean {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((resource) => compareQuantities(parseQuantity(a[resource] ?? "0"), parseQuantity(b[resource] ?? "0")) === 0);
}
