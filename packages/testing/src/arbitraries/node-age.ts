import type { Condition, KubeObject, Node, NodeClaim, Taint } from "@groupless/api";
import type { Cluster } from "@groupless/bin-packer";
import * as fc from "fast-check";

/** What has become of a node. */
export type NodeState = "well" | "not-ready" | "cordoned" | "deleting" | "marked" | "starting" | "unregistered" | "nominated" | "kept" | "young" | "dedicated";

/** A node's state and what its claim has come to. */
export interface NodeAge {
  readonly state: NodeState;
  /** Minutes ago; undefined: not drifted. */
  readonly driftedMinutes: number | undefined;
  readonly graceful: boolean;
  /** Whether its daemon pods have arrived. */
  readonly daemons: boolean;
}

export function nodeAges(most: number): fc.Arbitrary<readonly NodeAge[]> {
  const states: readonly NodeState[] = ["not-ready", "cordoned", "deleting", "marked", "starting", "unregistered", "nominated", "kept", "young", "dedicated"];
  const state = fc.oneof({ weight: 3, arbitrary: fc.constant<NodeState>("well") }, { weight: 2, arbitrary: fc.constantFrom(...states) });
  const drifted = fc.option(fc.constantFrom(30, 20, 10), { freq: 3, nil: undefined });
  return fc.array(fc.record({ state, driftedMinutes: drifted, graceful: fc.boolean(), daemons: fc.boolean() }), { maxLength: most });
}

const STARTUP: Taint = { key: "example.com/agent-not-ready", value: "true", effect: "NoSchedule" };
const DEDICATED: Taint = { key: "dedicated", value: "red", effect: "NoSchedule" };
const NOT_READY: Taint = { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" };
const CORDON: Taint = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" };
const LEFT = "2026-09-01T12:55:00Z";

const withTaints = (node: Node, ...taints: readonly Taint[]): Node => ({ ...node, spec: { ...node.spec, taints: [...(node.spec?.taints ?? []), ...taints] } });
const readyIs = (node: Node, status: "True" | "False"): Node => ({ ...node, status: { ...node.status, conditions: [{ type: "Ready", status }] } });
const leaves = <T extends KubeObject>(object: T): T => ({ ...object, metadata: { ...object.metadata, deletionTimestamp: LEFT } });

function withCondition(claim: NodeClaim, type: string, status: Condition["status"], at?: string): NodeClaim {
  const others = (claim.status?.conditions ?? []).filter((condition) => condition.type !== type);
  return { ...claim, status: { ...claim.status, conditions: [...others, { type, status, reason: type, message: "", lastTransitionTime: at ?? claim.metadata.creationTimestamp ?? LEFT }] } };
}

function agedNode(node: Node, state: NodeState, managed: boolean): Node {
  switch (state) {
    case "not-ready":
      return readyIs(withTaints(node, NOT_READY), "False");
    case "cordoned":
      return { ...withTaints(node, CORDON), spec: { ...withTaints(node, CORDON).spec, unschedulable: true } };
    case "deleting":
      return leaves(node);
    case "starting": {
      if (!managed) return node;
      const { "karpenter.sh/initialized": _, ...labels } = node.metadata.labels ?? {};
      return withTaints(readyIs({ ...node, metadata: { ...node.metadata, labels } }, "False"), NOT_READY, STARTUP);
    }
    case "kept":
      return { ...node, metadata: { ...node.metadata, annotations: { "karpenter.sh/do-not-disrupt": "true" } } };
    case "dedicated":
      return withTaints(node, DEDICATED);
    default:
      return node;
  }
}

function agedClaim(claim: NodeClaim, { state, driftedMinutes, graceful }: NodeAge): NodeClaim {
  let aged = claim;
  if (graceful) aged = { ...aged, spec: { ...aged.spec, terminationGracePeriod: "1h" } };
  if (driftedMinutes !== undefined) aged = withCondition(aged, "Drifted", "True", `2026-09-01T12:${60 - driftedMinutes}:00Z`);
  if (state === "deleting") aged = leaves(aged);
  if (state === "starting") aged = { ...withCondition(aged, "Initialized", "Unknown"), spec: { ...aged.spec, startupTaints: [STARTUP] } };
  if (state === "unregistered") aged = withCondition(withCondition(aged, "Registered", "Unknown"), "Initialized", "Unknown");
  if (state === "young" || state === "starting" || state === "unregistered") aged = withCondition(aged, "Consolidatable", "False");
  if (state === "dedicated") aged = { ...aged, spec: { ...aged.spec, taints: [DEDICATED] } };
  return aged;
}

/** Lets the cluster's nodes, in their order, come to what the ages say. Nodes that have not registered have no Node, and no pods. */
export function aged(cluster: Cluster, ages: readonly NodeAge[]): Cluster {
  const names = cluster.objects.filter((object): object is Node => object.kind === "Node").map(({ metadata }) => metadata.name);
  const claimed = new Set(cluster.objects.flatMap((object) => (object.kind === "NodeClaim" ? [object.metadata.name] : [])));
  const ageOf = (name: string | undefined): NodeAge | undefined => (name === undefined || !names.includes(name) ? undefined : ages[names.indexOf(name)]);
  const managed = (name: string): boolean => claimed.has(`claim-${name}`);
  const missing = (name: string | undefined): boolean => name !== undefined && managed(name) && ageOf(name)?.state === "unregistered";
  const objects = cluster.objects.flatMap((object): readonly KubeObject[] => {
    if (object.kind === "Node") return missing(object.metadata.name) ? [] : [agedNode(object, ageOf(object.metadata.name)?.state ?? "well", managed(object.metadata.name))];
    if (object.kind === "Pod") return missing(object.spec.nodeName) ? [] : [object];
    if (object.kind !== "NodeClaim") return [object];
    const age = ageOf(object.metadata.name.slice("claim-".length));
    return [age === undefined ? object : agedClaim(object, age)];
  });
  const ids = (state: NodeState): readonly string[] => names.filter((name) => ageOf(name)?.state === state).map((name) => `aws:///us-west-2/i-${name}`);
  return { ...cluster, objects: [...objects, ...daemonPods(cluster, names.filter((name) => ageOf(name)?.daemons === true && !missing(name)))], markedForDeletion: ids("marked"), nominated: ids("nominated") };
}

function daemonPods(cluster: Cluster, nodes: readonly string[]): readonly KubeObject[] {
  return cluster.objects.flatMap((object) =>
    object.kind !== "DaemonSet"
      ? []
      : nodes.map((node): KubeObject => {
          const { name, namespace = "default" } = object.metadata;
          return {
            apiVersion: "v1",
            kind: "Pod",
            metadata: { name: `${name}-${node}`, namespace, uid: `${name}-${node}`, creationTimestamp: "2026-09-01T12:00:00Z", labels: object.spec.template.metadata?.labels ?? {}, ownerReferences: [{ apiVersion: "apps/v1", kind: "DaemonSet", name, uid: object.metadata.uid ?? name, controller: true }] },
            spec: { ...object.spec.template.spec, nodeName: node },
            status: { phase: "Running", startTime: "2026-09-01T12:00:00Z", conditions: [{ type: "PodScheduled", status: "True" }, { type: "Ready", status: "True" }] },
          };
        }),
  );
}
