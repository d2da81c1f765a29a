import { type Condition, type Node, type NodeClaim, type NodePool, type Pod, timeMs, timeText } from "@groupless/api";
import { type Action, type Observed, observe, type Outcome } from "../src/index.ts";

/** The time of these tests: nothing happens before it but what they say. */
export const NOW_MS: number = timeMs("2026-08-19T12:00:00Z");
export const PROVIDER_ID = "aws:///us-west-2a/i-1";

export const at = (secondsAgo: number): string => timeText(NOW_MS - secondsAgo * 1000);

export const condition = (type: string, status: Condition["status"] = "True", secondsAgo = 3600, reason = type): Condition => ({ type, status, reason, message: "", lastTransitionTime: at(secondsAgo) });

const nodeClassRef = { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "default" };

export function nodePool(spec: Partial<NodePool["spec"]> = {}, metadata: Partial<NodePool["metadata"]> = {}): NodePool {
  return {
    apiVersion: "karpenter.sh/v1",
    kind: "NodePool",
    metadata: { name: "general", uid: "pool", creationTimestamp: at(86_400), ...metadata },
    spec: { template: { spec: { nodeClassRef, requirements: [] } }, disruption: { consolidateAfter: "0s" }, ...spec },
  };
}

export function nodeClaim(spec: Partial<NodeClaim["spec"]> = {}, metadata: Partial<NodeClaim["metadata"]> = {}, status: NodeClaim["status"] = {}): NodeClaim {
  return {
    apiVersion: "karpenter.sh/v1",
    kind: "NodeClaim",
    metadata: {
      name: "nc",
      uid: "claim",
      creationTimestamp: at(3600),
      labels: { "karpenter.sh/nodepool": "general", "karpenter.k8s.aws/ec2nodeclass": "default", "node.kubernetes.io/instance-type": "m5.large", "topology.kubernetes.io/zone": "us-west-2a", "karpenter.sh/capacity-type": "on-demand" },
      ownerReferences: [{ apiVersion: "karpenter.sh/v1", kind: "NodePool", name: "general", uid: "pool" }],
      finalizers: ["karpenter.sh/termination"],
      ...metadata,
    },
    spec: { nodeClassRef, requirements: [], ...spec },
    status,
  };
}

/** A claim whose node has been at work for an hour. */
export function running(spec: Partial<NodeClaim["spec"]> = {}, metadata: Partial<NodeClaim["metadata"]> = {}, more: NodeClaim["status"] = {}): NodeClaim {
  const conditions = [condition("Launched"), condition("Registered"), condition("Initialized"), ...(more.conditions ?? [])];
  return nodeClaim(spec, metadata, { providerID: PROVIDER_ID, nodeName: "n", ...more, conditions });
}

export function node(changes: { readonly metadata?: Partial<Node["metadata"]>; readonly spec?: Node["spec"]; readonly ready?: Condition["status"]; readonly status?: Node["status"] } = {}): Node {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name: "n",
      uid: "node",
      creationTimestamp: at(3600),
      labels: { "karpenter.sh/nodepool": "general", "karpenter.k8s.aws/ec2nodeclass": "default", "karpenter.sh/registered": "true", "karpenter.sh/initialized": "true" },
      finalizers: ["karpenter.sh/termination"],
      ...changes.metadata,
    },
    spec: { providerID: PROVIDER_ID, ...changes.spec },
    status: { conditions: [condition("Ready", changes.ready ?? "True")], ...changes.status },
  };
}

export function pod(name: string, changes: { readonly metadata?: Partial<Pod["metadata"]>; readonly spec?: Partial<Pod["spec"]>; readonly status?: Pod["status"]; readonly owner?: string } = {}): Pod {
  const owner = changes.owner ?? "ReplicaSet";
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", uid: `uid-${name}`, ownerReferences: [{ apiVersion: owner === "Node" ? "v1" : "apps/v1", kind: owner, name: "o", uid: "o" }], ...changes.metadata },
    spec: { containers: [], nodeName: "n", terminationGracePeriodSeconds: 30, ...changes.spec },
    status: { phase: "Running", startTime: at(3600), ...changes.status },
  };
}

export const world = (...objects: Parameters<typeof observe>[0]): Observed => observe(objects);

/** What an outcome does, in short: `update Node/n`, `delete NodeClaim/nc`, `launch`, …; reports left out. */
export function doings({ actions }: Pick<Outcome, "actions">): readonly string[] {
  return actions.filter(({ type }) => type !== "report" && type !== "requeue").map((action) => {
    if (action.type === "update" || action.type === "create") return `${action.type} ${action.object.kind}/${action.object.metadata.name}`;
    if (action.type === "delete") return `delete ${action.kind}/${action.name}`;
    return action.type === "evict" ? `evict ${action.pod}` : action.type;
  });
}

/** The events an outcome reports. */
export function messages({ actions }: Pick<Outcome, "actions">): readonly string[] {
  return actions.flatMap((action) => (action.type === "report" ? [`${action.reason}: ${action.message}`] : []));
}

/** The last version of an object that an outcome writes. */
export function writtenObject<K extends "Node" | "NodeClaim" | "NodePool">({ actions }: Pick<Outcome, "actions">, kind: K): Extract<Extract<Action, { type: "update" }>["object"], { kind: K }> | undefined {
  return actions.flatMap((action) => (action.type === "update" && action.object.kind === kind ? [action.object] : [])).at(-1) as never;
}

/** A condition's status and reason, `True/Launched`. */
export function conditionText(object: { readonly status?: { readonly conditions?: readonly Condition[] } } | undefined, type: string): string | undefined {
  const found = object?.status?.conditions?.find((other) => other.type === type);
  return found === undefined ? undefined : `${found.status}/${found.reason ?? ""}`;
}
