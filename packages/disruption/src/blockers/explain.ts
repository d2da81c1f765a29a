import { fixed } from "../events/fixed.ts";
import type { Blocker } from "./blocker.ts";

/**
 * A blocker in English: one sentence, with the objects and figures it is about, and when it lifts by itself where that is known.
 *
 * @example
 * ```ts
 * import { explain } from "@groupless/disruption";
 * explain({ code: "spot-flexibility", canResolve: true, needed: 15, got: 4 }); // => "A spot node is replaced only if 15 cheaper instance types would do; 4 would."
 * ```
 */
export function explain(blocker: Blocker): string {
  const sentence = sentenceOf(blocker);
  return blocker.clearsAtMs === undefined ? sentence : `${sentence} That ends at ${new Date(blocker.clearsAtMs).toISOString().replace(".000Z", "Z")}.`;
}

function sentenceOf(blocker: Blocker): string {
  switch (blocker.code) {
    case "node-not-found":
      return `There is no node ${blocker.node}.`;
    case "being-disrupted":
      return "A disruption command is already taking the node.";
    case "not-managed":
      return "The node has no NodeClaim: Karpenter did not make it.";
    case "no-node":
      return "The NodeClaim has no node yet.";
    case "not-initialized":
      return "The node is not initialized yet.";
    case "deleting":
      return "The node is on its way out already.";
    case "nominated":
      return "Pods that wait are expected on the node.";
    case "node-do-not-disrupt":
      return "The node's annotation karpenter.sh/do-not-disrupt forbids it.";
    case "missing-label":
      return `The node lacks the label ${blocker.label}.`;
    case "instance-type-not-found":
      return `The catalog has no instance type ${quoted(blocker.instanceType)}, so the node has no price.`;
    case "buffer-pods":
      return `The node holds ${count(blocker.count, "pod")} of capacity buffers.`;
    case "not-empty":
      return `The node is not empty: ${listed(blocker.pods)} would have to move.`;
    case "empty":
      return "The node is empty: emptiness takes it, consolidation does not.";
    case "not-consolidatable":
      return `The NodeClaim is not marked Consolidatable: pods came or went less than ${blocker.consolidateAfter} ago.`;
    case "not-drifted":
      return "The NodeClaim is not marked Drifted.";
    case "pod-do-not-disrupt":
      return `Pod ${blocker.pod} forbids it by its annotation karpenter.sh/do-not-disrupt.`;
    case "pod-disruption-budget":
      return `PodDisruptionBudget ${blocker.podDisruptionBudgets.join(", ")} lets no pod go now, and covers pod ${blocker.pod}.`;
    case "multiple-pod-disruption-budgets":
      return `Pod ${blocker.pod} is under several PodDisruptionBudgets (${blocker.podDisruptionBudgets.join(", ")}): the eviction API refuses such pods.`;
    default:
      return poolOrPlanSentence(blocker);
  }
}

type PoolOrPlan = Exclude<Blocker, { readonly code: "pod-do-not-disrupt" | "pod-disruption-budget" | "multiple-pod-disruption-budgets" }>;

function poolOrPlanSentence(blocker: PoolOrPlan): string {
  switch (blocker.code) {
    case "node-pool-not-found":
      return `NodePool ${blocker.nodePool} does not exist, is not managed, or has no instance types.`;
    case "static-node-pool":
      return `NodePool ${blocker.nodePool} is static: it keeps its number of nodes.`;
    case "dynamic-node-pool":
      return `NodePool ${blocker.nodePool} is not static.`;
    case "consolidation-disabled":
      return `NodePool ${blocker.nodePool} has consolidateAfter: Never.`;
    case "consolidation-policy":
      return `NodePool ${blocker.nodePool} has consolidationPolicy: ${blocker.policy}, and the node is not empty.`;
    case "node-pool-budget":
      return blocker.problem === undefined
        ? `The budgets of NodePool ${blocker.nodePool} let ${blocker.allowed} of its ${count(blocker.nodes, "node")} go at once for reason ${blocker.reason}, and ${blocker.disrupting} ${blocker.disrupting === 1 ? "is" : "are"} not ready or on the way out.`
        : `A budget of NodePool ${blocker.nodePool} cannot be read (${blocker.problem}), which closes the pool.`;
    case "replicas-not-settled":
      return `NodePool ${blocker.nodePool} has ${count(blocker.running, "node")} for ${count(blocker.replicas, "replica")}: scaling down comes first.`;
    case "node-limit":
      return `NodePool ${blocker.nodePool} has ${count(blocker.nodes, "node")} and a limit of ${blocker.limit}: there is no room for a replacement.`;
    case "balanced-score":
      return `The move scores ${fixed(blocker.score, 2)} in NodePool ${blocker.nodePool}, below ${fixed(blocker.threshold, 2)}: it saves ${percent(blocker.savingsFraction)} of the pool's cost for ${percent(blocker.disruptionFraction)} of its disruption.`;
    case "no-node-pools":
      return "No NodePool is ready to make nodes, so nothing can be planned.";
    case "pods-would-not-schedule":
      return `${capitalized(listed(blocker.podErrors.map(({ pod }) => pod)))} would have no place: ${blocker.podErrors[0]?.message ?? "no reason is known"}.`;
    case "many-replacements":
      return `Its pods would need ${blocker.count} new nodes, and one is the most: ${blocker.podsOf.map((pods) => `[${pods.join(", ")}]`).join(" ")}.`;
    case "not-cheaper":
      return blocker.cheapestUsdPerHour === undefined
        ? "Its pods would need a new node, and none can be launched."
        : `A replacement would cost $${blocker.cheapestUsdPerHour} an hour at worst (${blocker.instanceType ?? "unknown type"}), and the node costs $${blocker.priceUsdPerHour}.`;
    case "savings-too-small":
      return `Removing the node would save $${fixed(blocker.savingsUsdPerHour, 4)} an hour; at least $${blocker.leastUsdPerHour} is wanted.`;
    case "well-utilized":
      return `The node is ${percent(blocker.utilization)} full; only nodes below ${percent(blocker.threshold)} are looked at.`;
    case "min-values":
      return `The cheaper instance types have too few values of ${blocker.labels.join(", ")} for the pool's minValues.`;
    case "spot-to-spot-disabled":
      return "A spot node is replaced by a spot node only with the feature gate SpotToSpotConsolidation.";
    case "spot-flexibility":
      return `A spot node is replaced only if ${blocker.needed} cheaper instance types would do; ${blocker.got} would.`;
    case "custom":
      return blocker.message;
    default:
      return blocker.code;
  }
}

const MOST_NAMES = 3;

function listed(pods: readonly string[]): string {
  const named = pods.slice(0, MOST_NAMES).join(", ");
  const more = pods.length > MOST_NAMES ? ` and ${pods.length - MOST_NAMES} more` : "";
  return pods.length === 1 ? `pod ${named}` : `pods ${named}${more}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function percent(fraction: number): string {
  return `${fixed(fraction * 100, 1)}%`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function quoted(text: string): string {
  return text === "" ? "(unnamed)" : text;
}
