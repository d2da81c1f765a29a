import { nameOf } from "@groupless/api";
import { daemonSetPod, fits, isZero, parseQuantity, podsRequests } from "@groupless/quantity";
import { type FinalNode, type FinalState, ofKind } from "../final-state/final-state.ts";
import { type NodeOption, optionMatches } from "../final-state/node-option.ts";
import { tolerates } from "../final-state/selectors.ts";
import type { Invariant } from "./invariant.ts";

/**
 * No node that got pods holds more than its allocatable of what these pods ask for.
 *
 * On a new claim daemon pods count too, and every one of its types must do, in one of its offerings at least: offerings may change a type's amounts, and the launch picks one that fits.
 */
export const holdsCapacity: Invariant = {
  name: "holdsCapacity",
  check: (state) =>
    state.nodes.flatMap((node) => {
      if (node.placed.length === 0) return [];
      if (node.options.length === 0) return [{ node: node.name, message: "no offering of the claim's instance types meets its requirements" }];
      const tooSmall = byType(node.options).find((options) => !options.some((option) => holds(state, node, option)))?.[0];
      return tooSmall === undefined ? [] : [{ node: node.name, message: `${node.placed.map(nameOf).join(", ")} and what runs there do not fit ${tooSmall.instanceType ?? node.name}` }];
    }),
};

/** The options of each type, those of one size once. */
function byType(options: readonly NodeOption[]): readonly (readonly NodeOption[])[] {
  const types = new Map<string | undefined, Map<string, NodeOption>>();
  for (const option of options) {
    const sizes = types.get(option.instanceType) ?? new Map<string, NodeOption>();
    types.set(option.instanceType, sizes.set(JSON.stringify(option.allocatable), option));
  }
  return [...types.values()].map((sizes) => [...sizes.values()]);
}

function holds(state: FinalState, node: FinalNode, option: NodeOption): boolean {
  const daemons = node.kind === "new" ? ofKind(state.cluster, "DaemonSet").map(daemonSetPod).filter((daemon) => runsOn(daemon, node, option)) : [];
  const all = podsRequests([...node.bound, ...node.placed, ...daemons]);
  // Kubernetes' NodeResourcesFit looks only at what the new pods ask for: a node may be short of something else already.
  const asked = new Set(Object.entries(podsRequests(node.placed)).flatMap(([resource, amount]) => (isZero(parseQuantity(amount)) ? [] : [resource])));
  return fits(Object.fromEntries(Object.entries(all).filter(([resource]) => asked.has(resource))), Object.fromEntries(Object.entries(option.allocatable).filter(([resource]) => asked.has(resource))));
}

/** Whether the daemon set controller would put its pod on the machine. */
function runsOn(daemon: ReturnType<typeof daemonSetPod>, node: FinalNode, option: NodeOption): boolean {
  const terms = daemon.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  const selector = Object.entries(daemon.spec.nodeSelector ?? {}).map(([key, value]) => ({ key, operator: "In" as const, values: [value] }));
  const hard = node.taints.filter(({ effect }) => effect !== "PreferNoSchedule");
  return hard.every((taint) => tolerates(daemon.spec.tolerations, taint)) && optionMatches({ matchExpressions: selector }, option) && (terms === undefined || terms.some((term) => optionMatches(term, option)));
}
