import { compareQuantities, parseQuantity, subtractResources } from "@groupless/quantity";
import type { ResourceList } from "@groupless/api";
import type { FinalNode } from "../final-state/final-state.ts";
import type { Invariant } from "./invariant.ts";

/** No NodePool that got new nodes exceeds its limits, whichever types are launched. The count of nodes is held to before a batch, not within it (as Karpenter does). */
export const holdsLimits: Invariant = {
  name: "holdsLimits",
  check: ({ cluster, nodes }) =>
    cluster.nodePools.flatMap((pool) => {
      const mine = nodes.filter((node) => node.nodePool === pool.metadata.name);
      if (!mine.some(({ kind }) => kind === "new")) return [];
      return Object.entries(pool.spec.limits ?? {})
        .filter(([resource]) => resource !== "nodes")
        .flatMap(([resource, limit]) => {
          let left: ResourceList = { [resource]: limit };
          for (const node of mine) left = subtractResources(left, { [resource]: largest(node, resource) });
          return compareQuantities(parseQuantity(left[resource] ?? "0"), parseQuantity("0")) < 0 ? [{ message: `NodePool ${pool.metadata.name} may exceed its ${resource} limit of ${limit}: ${left[resource]} left` }] : [];
        });
    }),
};

function largest({ options }: FinalNode, resource: string): string {
  const amounts = new Set(options.map(({ capacity }) => capacity[resource] ?? "0"));
  return [...amounts].reduce((a, b) => (compareQuantities(parseQuantity(a), parseQuantity(b)) >= 0 ? a : b), "0");
}
