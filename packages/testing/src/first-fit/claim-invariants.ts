import type { NewNodeClaim } from "@groupless/bin-packer";
import { fits, podsRequests, subtractResources } from "@groupless/quantity";
import type { FinalNode, FinalState } from "../final-state/final-state.ts";
import { typesOf } from "../final-state/final-state.ts";
import { type NodeOption, optionsOf } from "../final-state/node-option.ts";
import type { Invariant } from "../invariants/invariant.ts";
import { isChoosy } from "./room.ts";

const newNodes = ({ nodes, packing }: FinalState): readonly (readonly [FinalNode, NewNodeClaim])[] => nodes.filter(({ kind }) => kind === "new").flatMap((node, index) => (packing.newNodeClaims[index] === undefined ? [] : [[node, packing.newNodeClaims[index]] as const]));
const holds = ({ cluster }: FinalState, ...kinds: readonly string[]): boolean => cluster.objects.some(({ kind }) => kinds.includes(kind));
const cheapest = (options: readonly NodeOption[]): number => Math.min(...options.map(({ priceUsdPerHour }) => priceUsdPerHour));

/** A new node's price is that of the cheapest machine it may become, its types come in that order, and the plan costs what its nodes cost. */
export const pricesAsTheCatalogSays: Invariant = {
  name: "pricesAsTheCatalogSays",
  check: (state) => {
    // Overlays change what the catalog says.
    const claims = holds(state, "NodeOverlay") ? [] : newNodes(state).filter(([node]) => node.options.length > 0);
    const total = state.packing.newNodeClaims.reduce((sum, { cheapestPrice }) => sum + cheapestPrice, 0);
    return [
      ...claims.flatMap(([node, claim]) => {
        const prices = claim.instanceTypes.map((type) => cheapest(node.options.filter(({ instanceType }) => instanceType === type)));
        const ordered = prices.every((price, index) => index === 0 || price > (prices[index - 1] as number) || (price === prices[index - 1] && (claim.instanceTypes[index - 1] as string) < (claim.instanceTypes[index] as string)));
        return [
          ...(claim.cheapestPrice === cheapest(node.options) ? [] : [{ node: node.name, message: `says ${claim.cheapestPrice} USD an hour, its cheapest machine costs ${cheapest(node.options)}` }]),
          ...(ordered ? [] : [{ node: node.name, message: "its types are not in the order of their prices" }]),
        ];
      }),
      ...(Math.abs(total - state.packing.priceUsdPerHour) < 1e-9 ? [] : [{ message: `says ${state.packing.priceUsdPerHour} USD an hour, its nodes cost ${total}` }]),
    ];
  },
};

/** A new node names every type that its requirements allow and that holds what it asks for, where its pool neither limits nor counts them. */
export const namesEveryType: Invariant = {
  name: "namesEveryType",
  check: (state) =>
    newNodes(state).flatMap(([node, claim]) => {
      const pool = state.cluster.nodePools.find(({ metadata }) => metadata.name === claim.nodePool);
      const types = typesOf(state.cluster, claim.nodePool);
      // Daemons may suit some types and not others, and pods may narrow a label in ways that the requirements no longer show.
      const doubtful = holds(state, "DaemonSet", "NodeOverlay") || state.cluster.options?.maxInstanceTypes !== undefined || (claim.plannedRequirements ?? []).some(({ operator }) => operator !== "In");
      if (pool === undefined || pool.spec.limits !== undefined || isChoosy(pool) || types.size > 600 || doubtful) return [];
      const requirements = (claim.plannedRequirements ?? []).filter(({ key }) => key !== "karpenter.sh/registered" && key !== "karpenter.sh/initialized");
      const left = [...types.keys()].filter((type) => !claim.instanceTypes.includes(type));
      const missing = optionsOf({ ...claim, requirements, instanceTypes: left }, types).find(({ allocatable }) => fits(claim.requests, allocatable));
      return missing === undefined || claim.plannedRequirements === undefined ? [] : [{ node: node.name, message: `might be ${missing.instanceType ?? ""} as well` }];
    }),
};

/** A new node asks for what its pods ask for, and no less; what it asks for beyond is daemons'. */
export const asksForItsPods: Invariant = {
  name: "asksForItsPods",
  check: (state) =>
    newNodes(state).flatMap(([node, claim]) => {
      const pods = podsRequests(node.placed);
      const { pods: _, ...beyond } = subtractResources(claim.requests, pods);
      const wanting = !fits(pods, claim.requests);
      const idle = Object.entries(beyond).filter(([, amount]) => amount !== "0");
      // Stand-ins of capacity buffers are no objects; daemons are there on top.
      const hasMore = holds(state, "DaemonSet", "CapacityBuffer");
      return wanting || (idle.length > 0 && !hasMore) ? [{ node: node.name, message: `asks for ${JSON.stringify(claim.requests)}, its pods for ${JSON.stringify(pods)}` }] : [];
    }),
};

/** What a plan of `solve` says of its new nodes. They read more of it than other schedulers write. */
export const claimInvariants: readonly Invariant[] = Object.freeze([asksForItsPods, namesEveryType, pricesAsTheCatalogSays]);
