import { type Pod, nameOf } from "@groupless/api";
import type { FinalNode, FinalState } from "../final-state/final-state.ts";
import type { Invariant } from "../invariants/invariant.ts";
import { isPlain, isPlainCluster, isTriedBefore } from "./plain-pod.ts";
import { couldLaunchFor, hasRoomFor, hasUsablePool, poolsInOrder } from "./room.ts";

const existing = ({ nodes }: FinalState): readonly FinalNode[] => nodes.filter(({ kind }) => kind === "existing");
const created = ({ nodes }: FinalState): readonly FinalNode[] => nodes.filter(({ kind }) => kind === "new");

/** Pods to speak about: every one if the cluster has nothing that only some rule of Karpenter's could tell. */
function plainOnes(state: FinalState, pods: readonly Pod[]): readonly Pod[] {
  return isPlainCluster(state) && hasUsablePool(state) ? pods.filter((pod) => isPlain(pod, state)) : [];
}

// Requirements of the pods on a node join its labels in Karpenter's books: where any but plain ones are, its books are not the node.
const isPlainlyHeld = (state: FinalState, node: FinalNode): boolean => node.placed.every((pod) => isPlain(pod, state));

/** No pod is refused for which a node has room, or of which a pool could launch a machine. */
export const refusesOnlyWhatHasNoPlace: Invariant = {
  name: "refusesOnlyWhatHasNoPlace",
  check: (state) =>
    plainOnes(state, state.packing.podErrors.flatMap(({ pod }) => state.pods.get(pod) ?? [])).flatMap((pod) => {
      const node = state.nodes.find((candidate) => isPlainlyHeld(state, candidate) && hasRoomFor(state, candidate, pod));
      const pool = state.cluster.nodePools.find((candidate) => couldLaunchFor(state, candidate, pod));
      return [
        ...(node === undefined ? [] : [{ pod: nameOf(pod), node: node.name, message: "is refused, and there is room for it" }]),
        ...(pool === undefined ? [] : [{ pod: nameOf(pod), message: `is refused, and NodePool ${pool.metadata.name} could launch a node for it` }]),
      ];
    }),
};

/** No pod gets a new node while a node that exists has room for it. */
export const fillsExistingNodesFirst: Invariant = {
  name: "fillsExistingNodesFirst",
  check: (state) =>
    created(state).flatMap((claim) =>
      plainOnes(state, claim.placed).flatMap((pod) => {
        const node = existing(state).find((candidate) => isPlainlyHeld(state, candidate) && hasRoomFor(state, candidate, pod));
        return node === undefined ? [] : [{ pod: nameOf(pod), node: claim.name, message: `goes to a new node, and ${node.name} has room for it` }];
      }),
    ),
};

/** No new node is opened for a pod while one opened before has room for it, even at the end. */
export const fillsOpenNodesFirst: Invariant = {
  name: "fillsOpenNodesFirst",
  check: (state) =>
    created(state).flatMap((claim) => {
      const opener = openerOf(state, claim);
      if (opener === undefined) return [];
      const other = created(state).find((candidate) => {
        const first = openerOf(state, candidate);
        return candidate !== claim && first !== undefined && isTriedBefore(first, opener) && hasRoomFor(state, candidate, opener);
      });
      return other === undefined ? [] : [{ pod: nameOf(opener), node: claim.name, message: `opens a node, and ${other.name} has room for it` }];
    }),
};

/** A new node is of the first pool, by weight, that could launch a machine for the pod it is opened for. */
export const takesPoolsByWeight: Invariant = {
  name: "takesPoolsByWeight",
  check: (state) =>
    created(state).flatMap((claim) => {
      const opener = openerOf(state, claim);
      const pools = poolsInOrder(state);
      const before = pools.slice(0, pools.findIndex(({ metadata }) => metadata.name === claim.nodePool));
      const pool = opener === undefined ? undefined : before.find((candidate) => couldLaunchFor(state, candidate, opener));
      return pool === undefined ? [] : [{ pod: nameOf(opener as Pod), node: claim.name, message: `NodePool ${pool.metadata.name} comes first, and could launch a node for it` }];
    }),
};

/** The pod a new node was opened for, if all its pods are plain: what is not plain may have been tried more than once. */
function openerOf(state: FinalState, { placed }: FinalNode): Pod | undefined {
  if (placed.length === 0 || plainOnes(state, placed).length < placed.length) return undefined;
  return placed.reduce((first, pod) => (isTriedBefore(pod, first) ? pod : first));
}

/**
 * What holds of a first-fit scheduler, in the order Karpenter tries pods and places: nodes that exist, open ones, then pools by weight. They speak of
 * plain pods only, and only where there is no doubt: a placement may break first-fit and pass.
 */
export const firstFitInvariants: readonly Invariant[] = Object.freeze([refusesOnlyWhatHasNoPlace, fillsExistingNodesFirst, fillsOpenNodesFirst, takesPoolsByWeight]);
