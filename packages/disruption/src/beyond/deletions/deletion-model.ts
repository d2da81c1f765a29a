/** What a search for deletions knows of a cluster: prices, room, and which pods may go where. Nodes, pods and shapes are known by their indexes. */
export interface DeletionModel {
  /** Names of the nodes that may go or may take pods, sorted. */
  readonly nodes: readonly string[];
  /** USD an hour; 0 for nodes that stay. */
  readonly prices: Float64Array;
  /** The group a node is counted in when it goes; -1: it stays. */
  readonly groupOf: Int32Array;
  /** How many nodes of each group may go. */
  readonly allowance: readonly number[];
  /** How many resources there are. */
  readonly resources: number;
  /** By node and resource: what is free while all its pods are on it. */
  readonly free: Float64Array;
  /** Names of the pods of nodes that may go. */
  readonly pods: readonly string[];
  /** By pod: its node. */
  readonly home: Int32Array;
  /** By pod: what moving it counts for, in pods. */
  readonly moveCosts: Float64Array;
  /** By pod: pods of one shape ask for the same. */
  readonly shapeOf: Int32Array;
  /** By shape and resource. */
  readonly amounts: Float64Array;
  /** By shape: nodes that take such pods while there is room. Shared by shapes that differ in amounts only; a search may learn that one does not. */
  readonly takes: readonly Uint8Array[];
}

/** By resource: how much an amount of it weighs beside the others, for the scarcer it is among the nodes, the better it has to be used. */
export function weightsOf({ nodes, groupOf, resources, free, home, shapeOf, amounts }: DeletionModel): Float64Array {
  const demand = new Float64Array(resources);
  const room = new Float64Array(resources);
  for (let node = 0; node < nodes.length; node++) for (let k = 0; k < resources; k++) room[k] = (room[k] as number) + Math.max(0, free[node * resources + k] as number);
  for (const [pod, shape] of shapeOf.entries()) {
    if ((groupOf[home[pod] as number] as number) < 0) continue;
    for (let k = 0; k < resources; k++) demand[k] = (demand[k] as number) + (amounts[shape * resources + k] as number);
  }
  return demand.map((amount, k) => (amount === 0 ? 0 : (amount / (amount + (room[k] as number))) ** SHARPNESS / amount));
}

// At 4, a resource of which half as much is used weighs a sixteenth.
const SHARPNESS = 4;
