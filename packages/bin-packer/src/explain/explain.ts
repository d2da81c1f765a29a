import type { NodeSelectorRequirementWithMinValues, Taint } from "@groupless/api";
import type { Demand, LabelConflict, NearestMiss, SchedulingReason } from "../reason.ts";
import { explainTopology } from "./explain-topology.ts";

/**
 * A reason in one or two plain sentences.
 *
 * @example
 * explain({ code: "node-limit", canResolve: true, nodePool: "default" }) // => "NodePool default has as many nodes as its limit allows."
 */
export function explain(reason: SchedulingReason): string {
  switch (reason.code) {
    case "untolerated-taint":
      return `NodePool ${reason.nodePool} taints its nodes with ${and(reason.taints.map(taintText))}, which the pod does not tolerate.`;
    case "undefined-label":
      return `The pod asks for ${requirementsText(reason.wanted)}, but NodePool ${reason.nodePool} does not define the label ${reason.key}.${reason.similar === undefined ? "" : ` Was ${reason.similar} meant?`}`;
    case "incompatible-requirements":
      return `The pod asks for ${requirementsText(reason.conflict.wanted)}; NodePool ${reason.nodePool} has ${requirementsText(reason.conflict.offered)}.`;
    case "contradictory-requirements":
      return reason.wanted.length === 0
        ? "A required node affinity term of the pod asks for nothing, and so matches no node."
        : `The pod asks for ${and(reason.wanted.map((one) => requirementsText([one])))}${reason.wanted.length === 1 ? "" : " at once"}, which no node has.`;
    case "incompatible-volume":
      return reason.conflict.offered.length === 0
        ? `A volume of the pod can be reached only where ${requirementsText(reason.conflict.wanted)}, a label that nodes of NodePool ${reason.nodePool} do not have.`
        : `A volume of the pod can be reached only where ${requirementsText(reason.conflict.wanted)}; with NodePool ${reason.nodePool} and the pod's own constraints it is ${requirementsText(reason.conflict.offered)}.`;
    case "topology-spread":
    case "pod-affinity":
    case "pod-anti-affinity":
      return explainTopology(reason);
    case "topology-incompatible":
      return `The pod's topology rules want nodes of NodePool ${reason.nodePool} in ${reason.chosen.length === 0 ? `different domains of ${reason.topologyKey} at once` : and(reason.chosen)}, and that does not go together${reason.chosen.length === 0 ? "" : " with its other constraints"}.`;
    case "topology-undefined-label":
      return `The pod's topology rules want ${and(reason.chosen)}, but NodePool ${reason.nodePool} does not define the label ${reason.topologyKey}.`;
    case "no-instance-type":
      return explainTypes(reason);
    case "min-values":
      return `NodePool ${reason.nodePool} wants more variety than is left for the pod: ${and(reason.unmet.map(({ key, minValues, reached }) => `${minValues} values of ${key}, of which there are ${reached}`))}.`;
    case "min-values-truncated":
      return `The ${reason.kept ?? 0} cheapest instance types of NodePool ${reason.nodePool} do not have the variety it wants: ${and(reason.unmet.map(({ key, minValues, reached }) => `${minValues} values of ${key}, of which there are ${reached}`))}.`;
    case "limits":
      return `The limits of NodePool ${reason.nodePool} leave ${amounts(reason.remaining)}, less than any instance type has.${reason.smallest === undefined ? "" : ` The smallest, ${reason.smallest.instanceType}, has ${reason.smallest.capacity} ${reason.smallest.resource}.`}`;
    case "node-limit":
      return `NodePool ${reason.nodePool} has as many nodes as its limit allows.`;
    case "reserved-capacity":
      return `Reserved capacity of NodePool ${reason.nodePool} would suit the pod, but all of it is spoken for now; it is tried again rather than launched elsewhere.`;
    case "uninitialized-node":
      return `The pod would go to ${reason.node}, which is still coming up: too little to rely on for taking another node away.`;
    case "dra":
      return "The pod uses dynamic resource claims, which are not simulated.";
    case "no-compatible-nodepool":
      return "No NodePool has an instance type that meets the pool's own requirements and can be had.";
    case "no-nodepools":
      return "There is no NodePool that is ready and makes nodes for pods.";
    case "not-karpenter":
      return "The pod asks not to run on nodes of any NodePool.";
    case "restricted-label":
    case "invalid-requirement":
    case "match-fields":
    case "volume":
      return `The pod is not considered: ${reason.problem}.`;
  }
}

function explainTypes({ nodePool, unmet, requests, considered, nearest, conflicts }: Extract<SchedulingReason, { readonly code: "no-instance-type" }>): string {
  if (considered === 0) return `NodePool ${nodePool} has no instance types.`;
  const what = {
    requirements: "meets the requirements",
    resources: `has room for ${amounts(Object.fromEntries(Object.entries(requests).filter(([resource]) => resource !== "pods")))}`,
    offering: "can be had under them",
  };
  const parts = unmet.map((one) => (one === "combination" ? "meets the requirements and has the room at once" : what[one]));
  const core = conflicts[0];
  const because = core === undefined ? "" : core.length === 1 ? ` No type offers ${demandText(core[0] as Demand)}.` : ` Together these rule out every type: ${and(core.map(demandText))}.`;
  const slip = /[kMG]$/.test(requests["cpu"] ?? "") ? ` ${requests["cpu"] as string} cpu is a great deal: was a lower-case m meant?` : "";
  return `No instance type of NodePool ${nodePool} ${or(parts)}.${because}${nearest === undefined ? "" : ` ${nearestText(nearest)}`}${slip}`;
}

function nearestText({ instanceType, labels, resources, offering }: NearestMiss): string {
  const lacks = [
    ...labels.map(({ wanted, offered }: LabelConflict) => `it has ${offered.length === 0 ? "no such label" : requirementsText(offered)} instead of ${requirementsText(wanted)}`),
    ...resources.map(({ resource, needed, allocatable }) => `it has ${allocatable} ${resource} where ${needed} are needed`),
    ...(offering === "available" ? [] : [offering === "unavailable" ? "it is not available at the moment" : "it is not offered there"]),
  ];
  return `Nearest is ${instanceType}: ${and(lacks)}.`;
}

function demandText(demand: Demand): string {
  switch (demand.kind) {
    case "requirement":
      return demand.requirement.operator === "DoesNotExist" ? `nodes without the label ${demand.requirement.key}` : requirementsText([demand.requirement]);
    case "resource":
      return `${demand.requested} ${demand.resource}`;
    case "toleration":
      return `no toleration of ${taintText(demand.taint)}`;
    case "host-port":
      return `host port ${demand.port}`;
  }
}

function requirementsText(requirements: readonly NodeSelectorRequirementWithMinValues[]): string {
  return and(
    requirements.map(({ key, operator, values = [] }) => {
      const list = values.length > 5 ? `${values.slice(0, 5).join(", ")} and ${values.length - 5} others` : values.join(", ");
      switch (operator) {
        case "In":
          return values.length === 1 ? `${key}=${list}` : `${key} in (${list})`;
        case "NotIn":
          return values.length === 1 ? `${key} other than ${list}` : `${key} not in (${list})`;
        case "Exists":
          return `any ${key}`;
        case "DoesNotExist":
          return `no ${key}`;
        case "Gte":
          return `${key} of at least ${list}`;
        case "Lte":
          return `${key} of at most ${list}`;
        case "Gt":
          return `${key} above ${list}`;
        case "Lt":
          return `${key} below ${list}`;
      }
    }),
  );
}

function taintText({ key, value, effect }: Taint): string {
  return `${key}${value === undefined || value === "" ? "" : `=${value}`}:${effect}`;
}

function amounts(list: Readonly<Record<string, string>>): string {
  return and(Object.entries(list).map(([resource, amount]) => `${amount} ${resource}`));
}

function and(parts: readonly string[]): string {
  return parts.length < 2 ? (parts[0] ?? "nothing") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1) as string}`;
}

function or(parts: readonly string[]): string {
  return parts.length < 2 ? (parts[0] ?? "does") : `${parts.slice(0, -1).join(", ")} or ${parts.at(-1) as string}`;
}
