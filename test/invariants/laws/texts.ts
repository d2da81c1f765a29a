import { type Cluster, explain as explainReason, prepare, type SchedulingReason, solve, stateNodes } from "@groupless/bin-packer";
import { type Blocker, explain as explainBlocker, lift, whyNot } from "@groupless/disruption";
import { unless } from "./same.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What the sentences of each kind of refusal name, word for word. */
const OF_PODS: Partial<Record<SchedulingReason["code"], readonly string[]>> = {
  "untolerated-taint": ["nodePool", "taints"],
  "undefined-label": ["nodePool", "key", "similar"],
  "incompatible-requirements": ["nodePool"],
  "incompatible-volume": ["nodePool"],
  "no-instance-type": ["nodePool"],
  limits: ["nodePool", "smallest"],
  "node-limit": ["nodePool"],
  "topology-spread": ["nodePool", "topologyKey", "counts", "maxSkew", "selector", "podDomains"],
  "pod-affinity": ["nodePool", "topologyKey", "selector", "podDomains"],
  "pod-anti-affinity": ["nodePool", "topologyKey", "selector", "counts"],
  "topology-undefined-label": ["nodePool", "topologyKey"],
  "min-values": ["nodePool", "unmet"],
  volume: ["problem"],
};

const OF_NODES: Partial<Record<Blocker["code"], readonly string[]>> = {
  "balanced-score": ["nodePool", "threshold"],
  "buffer-pods": ["count"],
  "consolidation-disabled": ["nodePool"],
  "consolidation-policy": ["nodePool", "policy"],
  "instance-type-not-found": ["instanceType"],
  "many-replacements": ["count", "podsOf"],
  "missing-label": ["label"],
  "node-limit": ["nodePool", "limit", "nodes"],
  "node-pool-budget": ["nodePool", "allowed", "nodes", "reason", "disrupting"],
  "not-cheaper": ["cheapestUsdPerHour", "instanceType", "priceUsdPerHour"],
  "not-consolidatable": ["consolidateAfter"],
  "pod-disruption-budget": ["pod", "podDisruptionBudgets"],
  "multiple-pod-disruption-budgets": ["pod", "podDisruptionBudgets"],
  "pod-do-not-disrupt": ["pod"],
  "replicas-not-settled": ["nodePool", "running", "replicas"],
  "spot-flexibility": ["needed", "got"],
};

/** Sentences name what they are about, whoever waits and whatever stays; what is said to hold a node does hold it until the time it is said to. */
export function textWrongs(cluster: Cluster, nowMs: number): readonly string[] {
  const prepared = prepare(cluster, { nowMs });
  const { podErrors, ignoredPods } = solve(prepared);
  const nodes = stateNodes(prepared).flatMap(({ name, managed }) => (managed ? [name] : []));
  return [
    ...[...podErrors, ...ignoredPods].flatMap(({ reasons, message }) => [...reasons.flatMap((reason) => naming(reason.code, explainReason(reason), reason as unknown as Fields, OF_PODS[reason.code])), ...unless(reasons.every((reason) => message.includes(explainReason(reason))), `a message leaves out a reason: ${message}`)]),
    ...nodes.flatMap((node) => whyNot(prepared, node).flatMap((blocker) => [...naming(blocker.code, explainBlocker(blocker), blocker as unknown as Fields, OF_NODES[blocker.code]), ...timeWrongs(cluster, node, blocker), ...liftWrongs(cluster, nowMs, node, blocker)])),
  ];
}

function naming(code: string, text: string, fields: Fields, named: readonly string[] = []): readonly string[] {
  return [...named.flatMap((field) => wordsOf(fields[field]).filter((word) => !text.includes(word)).map((word) => `${code} does not name its ${field} ${word}: ${text}`)), ...unless(/^[A-Z].*[.?]$/s.test(text) && !/undefined|\[object|NaN|Stryker/.test(text), `${code} reads ${text}`)];
}

function wordsOf(value: unknown): readonly string[] {
  if (value === undefined || value === null || typeof value === "boolean") return [];
  return typeof value === "object" ? Object.values(value).flatMap(wordsOf) : [String(value as string | number)];
}

const heldBy = (cluster: Cluster, nowMs: number, node: string, { code, method }: Blocker): boolean => whyNot(prepare(cluster, { nowMs }), node).some((blocker) => blocker.code === code && (method === undefined || blocker.method === method));

/** Conditions are someone else's to renew; what the clock alone decides is over when it is said to be, and not a moment before. */
function timeWrongs(cluster: Cluster, node: string, blocker: Blocker): readonly string[] {
  const { clearsAtMs, code } = blocker;
  if (clearsAtMs === undefined || code !== "pod-do-not-disrupt") return [];
  const pod = blocker.pod;
  const still = (nowMs: number): boolean => whyNot(prepare(cluster, { nowMs }), node).some((other) => other.code === code && other.pod === pod);
  return [...unless(still(clearsAtMs - 1), `${node} is no longer held by ${code} a moment before that ends`), ...unless(!still(clearsAtMs), `${node} is still held by ${code} when that was to end`), ...unless(explainBlocker(blocker).includes(new Date(clearsAtMs).toISOString().slice(0, 19)), `${code} does not say when it ends`)];
}

/** What is lifted is gone. */
function liftWrongs(cluster: Cluster, nowMs: number, node: string, blocker: Blocker): readonly string[] {
  if (!["nominated", "node-do-not-disrupt", "not-consolidatable", "not-drifted", "buffer-pods", "pod-do-not-disrupt", "consolidation-disabled", "consolidation-policy", "balanced-score", "spot-to-spot-disabled"].includes(blocker.code)) return [];
  if (blocker.code === "pod-do-not-disrupt" && whyNot(prepare(cluster, { nowMs }), node).filter(({ code }) => code === blocker.code).length > 1) return [];
  const lifted = lift(prepare(cluster, { nowMs }), node, blocker);
  return lifted === undefined ? [`${blocker.code} cannot be lifted`] : unless(!heldBy(lifted, nowMs, node, blocker), `${node} is held by ${blocker.code} though that is lifted`);
}
