import { type KubeObject, nameOf, type NodePool, type Pod } from "@groupless/api";
import type { Cluster, Packing } from "@groupless/bin-packer";
import type { Command } from "@groupless/disruption";

/** What happened between two looks at a cluster, in the words of a decision. */
export interface Observation {
  /** The cluster of the second look, with the pods that were bound in between still waiting. */
  readonly cluster: Cluster;
  /** The bindings: every node there is counts as existing, so no catalog is needed. */
  readonly packing: Packing;
  /** The cluster of the first look. */
  readonly before: Cluster;
  /** One command that takes the nodes that are gone; none if none is. */
  readonly commands: readonly Command[];
}

/**
 * Reads somebody else's decisions out of two lists of objects, e.g. the items of `kubectl get nodes,pods,nodeclaims,nodepools,pdb -A -o json` before and after.
 *
 * Check placements with `violations(cluster, packing, …)`, what was removed with `planViolations({ before, commands, nowMs }, [holdsBudgets, holdsPodDisruptionBudgets, holdsDoNotDisrupt])`.
 * Nodes are judged as they are at the second look: a taint that came after a pod counts against it, so look often or leave `holdsTaints` out.
 *
 * @example
 * ```ts
 * import { bound, holdsCapacity, node, observe, pod, violations } from "@groupless/testing";
 * const { objects } = node("n1", { allocatable: { cpu: "1" } });
 * const big = pod("big", { cpu: "2" });
 * const { cluster, packing } = observe([...objects, big], [...objects, bound(big, "n1")]);
 * violations(cluster, packing, [holdsCapacity]).map(({ node }) => node); // => ["n1"]
 * ```
 */
export function observe(before: readonly (KubeObject | NodePool)[], after: readonly (KubeObject | NodePool)[]): Observation {
  const boundBefore = new Map(before.filter(isPod).map((pod) => [keyOf(pod), pod.spec.nodeName ?? ""]));
  const placed = new Map<string, string[]>();
  const objects = after.filter(isNoPool).map((object): KubeObject => {
    const nodeName = isPod(object) ? (object.spec.nodeName ?? "") : "";
    if (!isPod(object) || nodeName === "" || boundBefore.get(keyOf(object)) === nodeName) return object;
    placed.set(nodeName, [...(placed.get(nodeName) ?? []), nameOf(object)]);
    return { ...object, spec: { ...object.spec, nodeName: "" }, status: { phase: "Pending" } };
  });
  const waiting = objects.filter((object): object is Pod => isPod(object) && (object.spec.nodeName ?? "") === "" && ![...placed.values()].flat().includes(nameOf(object)));
  const nodesAfter = new Set(after.filter(({ kind }) => kind === "Node").map(nameOf));
  const gone = before.filter((object) => object.kind === "Node" && !nodesAfter.has(nameOf(object))).map(nameOf).sort();
  return {
    cluster: { nodePools: after.filter(isPool), objects, instanceTypes: {} },
    packing: {
      newNodeClaims: [],
      existingNodes: [...placed].map(([node, pods]) => ({ node, pods: pods.sort() })).sort((a, b) => (a.node < b.node ? -1 : 1)),
      podErrors: waiting.map((pod) => ({ pod: nameOf(pod), classes: [], reasons: [], message: "still waits" })),
      ignoredPods: [],
      priceUsdPerHour: 0,
    },
    before: { nodePools: before.filter(isPool), objects: before.filter(isNoPool), instanceTypes: {} },
    commands: gone.length === 0 ? [] : [{ decision: "delete", method: "observed", reason: "Observed", sourceNodes: gone, estimatedSavings: 0, replacements: [], existingNodes: [] }],
  };
}

/** Pods of one name are the same pod only if their uid is: a StatefulSet's come back under their old names. */
const keyOf = ({ metadata, ...pod }: Pod): string => metadata.uid ?? nameOf({ metadata, ...pod });
const isPool = (object: KubeObject | NodePool): object is NodePool => object.kind === "NodePool";
const isNoPool = (object: KubeObject | NodePool): object is KubeObject => object.kind !== "NodePool";
const isPod = (object: KubeObject | NodePool): object is Pod => object.kind === "Pod";
