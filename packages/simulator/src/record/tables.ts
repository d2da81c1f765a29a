import type { KubeObject, Node, NodeClaim, NodePool, Pod, PodDisruptionBudget } from "@groupless/api";
import { CAPACITY_TYPE_LABEL, INSTANCE_TYPE_LABEL, NODE_POOL_LABEL, ZONE_LABEL } from "@groupless/api";
import type { ApiServer } from "../api-server/api-server.ts";
import { isReady } from "../api-server/eviction.ts";
import { nodeReady } from "../controllers/kubelet.ts";
import { age } from "./age.ts";

/** What can be listed. */
export type Listing = "nodes" | "pods" | "pdb" | "nodeclaims" | "nodepools" | "deployments";
export const LISTINGS: readonly Listing[] = ["nodes", "pods", "pdb", "nodeclaims", "nodepools", "deployments"];

/** A table as `kubectl get` prints it. */
export interface Table {
  readonly command: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The objects of a kind as `kubectl get` would show them now; pods, budgets and deployments of one namespace. */
export function table(server: ApiServer, listing: Listing, namespace = "default"): Table {
  const ageOf = ({ metadata }: KubeObject): string => age(server.nowMs() - Date.parse(metadata.creationTimestamp ?? ""));
  const rows = <O extends KubeObject>(objects: readonly O[], row: (object: O) => readonly string[]): readonly (readonly string[])[] =>
    objects.filter(({ metadata }) => metadata.namespace === undefined || metadata.namespace === namespace).map(row).sort((a, b) => ((a[0] ?? "") < (b[0] ?? "") ? -1 : 1));
  const scope = namespace === "default" ? "" : ` -n ${namespace}`;
  switch (listing) {
    case "nodes":
      return {
        command: "kubectl get nodes -L karpenter.sh/nodepool,node.kubernetes.io/instance-type,karpenter.sh/capacity-type,topology.kubernetes.io/zone",
        header: ["NAME", "STATUS", "ROLES", "AGE", "VERSION", "NODEPOOL", "INSTANCE-TYPE", "CAPACITY-TYPE", "ZONE"],
        rows: rows(server.list("Node"), (node) => nodeRow(node, ageOf(node))),
      };
    case "pods":
      return { command: `kubectl get pods${scope} -o wide`, header: ["NAME", "READY", "STATUS", "RESTARTS", "AGE", "NODE"], rows: rows(server.list("Pod"), (pod) => podRow(pod, ageOf(pod))) };
    case "pdb":
      return { command: `kubectl get pdb${scope}`, header: ["NAME", "MIN AVAILABLE", "MAX UNAVAILABLE", "ALLOWED DISRUPTIONS", "AGE"], rows: rows(server.list("PodDisruptionBudget"), (budget) => budgetRow(budget, ageOf(budget))) };
    case "nodeclaims":
      return { command: "kubectl get nodeclaims", header: ["NAME", "TYPE", "ZONE", "NODE", "READY", "AGE"], rows: rows(server.list("NodeClaim"), (claim) => claimRow(claim, ageOf(claim))) };
    case "nodepools":
      return { command: "kubectl get nodepools", header: ["NAME", "NODECLASS", "NODES", "READY", "AGE"], rows: rows(server.list("NodePool"), (pool) => poolRow(server, pool, ageOf(pool))) };
    case "deployments":
      return {
        command: `kubectl get deployments${scope}`,
        header: ["NAME", "READY", "AGE"],
        rows: rows(server.list("Deployment"), (deployment) => [deployment.metadata.name, `${String(deployment.status?.["readyReplicas"] ?? 0)}/${deployment.spec.replicas ?? 1}`, ageOf(deployment)]),
      };
  }
}

const NONE = "<none>";
const isTrue = (object: NodeClaim | NodePool, type: string): string => object.status?.conditions?.find((condition) => condition.type === type)?.status ?? "Unknown";

function nodeRow(node: Node, nodeAge: string): readonly string[] {
  const labels = node.metadata.labels ?? {};
  const cordoned = node.spec?.unschedulable === true ? ",SchedulingDisabled" : "";
  const shown = [NODE_POOL_LABEL, INSTANCE_TYPE_LABEL, CAPACITY_TYPE_LABEL, ZONE_LABEL].map((key) => labels[key] ?? "");
  return [node.metadata.name, `${nodeReady(node) ? "Ready" : "NotReady"}${cordoned}`, NONE, nodeAge, node.status?.nodeInfo?.kubeletVersion ?? "", ...shown];
}

function podRow(pod: Pod, podAge: string): readonly string[] {
  const containers = pod.spec.containers.length;
  return [pod.metadata.name, `${isReady(pod) ? containers : 0}/${containers}`, podStatus(pod), "0", podAge, pod.spec.nodeName ?? NONE];
}

function podStatus(pod: Pod): string {
  if (pod.metadata.deletionTimestamp !== undefined) return "Terminating";
  if (pod.status?.phase === "Succeeded") return "Completed";
  return pod.status?.phase === "Pending" && pod.spec.nodeName !== undefined ? "ContainerCreating" : (pod.status?.phase ?? "Pending");
}

function budgetRow({ metadata, spec, status }: PodDisruptionBudget, budgetAge: string): readonly string[] {
  return [metadata.name, String(spec.minAvailable ?? "N/A"), String(spec.maxUnavailable ?? "N/A"), String(status?.disruptionsAllowed ?? 0), budgetAge];
}

function claimRow(claim: NodeClaim, claimAge: string): readonly string[] {
  const labels = claim.metadata.labels ?? {};
  return [claim.metadata.name, labels[INSTANCE_TYPE_LABEL] ?? "", labels[ZONE_LABEL] ?? "", claim.status?.nodeName ?? "", isTrue(claim, "Ready"), claimAge];
}

function poolRow(server: ApiServer, pool: NodePool, poolAge: string): readonly string[] {
  const nodes = server.list("Node").filter(({ metadata }) => metadata.labels?.[NODE_POOL_LABEL] === pool.metadata.name).length;
  return [pool.metadata.name, pool.spec.template.spec.nodeClassRef.name, String(nodes), isTrue(pool, "Ready"), poolAge];
}
