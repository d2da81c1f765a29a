import type { Pod } from "@groupless/api";
import type { ApiServer } from "../../api-server/api-server.ts";
import type { Amounts } from "./amounts.ts";
import { type AffinityView, affinityAllows } from "./pod-affinity.ts";
import { hostPorts, type NodeInfo } from "./node-info.ts";
import { acceptsNode } from "./node-selector.ts";
import { untolerated } from "./taints.ts";
import { type SpreadCount, spreadAllows } from "./topology-spread.ts";
import { volumesReach } from "./volumes.ts";

/** What the filters need to know of the pod, worked out once for all nodes. */
export interface PodView {
  readonly pod: Pod;
  readonly requests: Amounts;
  /** The amounts above zero. */
  readonly needs: readonly (readonly [resource: string, amount: number])[];
  readonly ports: readonly string[];
  readonly affinity: AffinityView | undefined;
  readonly spread: readonly SpreadCount[];
}

/** A pod's view of the cluster. */
export function podView(pod: Pod, requests: Amounts, affinity: AffinityView | undefined, spread: readonly SpreadCount[]): PodView {
  return { pod, requests, needs: Object.entries(requests).filter(([, amount]) => amount > 0), ports: hostPorts(pod), affinity, spread };
}

/** Are the amounts the pod asks for there? */
export function hasRoom({ needs }: PodView, { free }: NodeInfo): boolean {
  for (let index = 0; index < needs.length; index += 1) {
    const [resource, amount] = needs[index] as readonly [string, number];
    if (amount > (free[resource] ?? 0)) return false;
  }
  return true;
}

/** The first kube-scheduler filter that turns the node down, in its own words; undefined when the pod may go there. */
export function refusal(view: PodView, info: NodeInfo, server: Pick<ApiServer, "get">): string | undefined {
  const { pod } = view;
  const { node } = info;
  if (node.spec?.unschedulable === true) return "node(s) were unschedulable";
  const taint = untolerated(pod, node.spec?.taints, ["NoSchedule", "NoExecute"]);
  if (taint !== undefined) return `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ""}}`;
  if (!acceptsNode(pod, node)) return "node(s) didn't match Pod's node affinity/selector";
  for (const port of view.ports) if ((info.hostPorts.get(port) ?? 0) > 0) return "node(s) didn't have free ports for the requested pod ports";
  for (const [resource, amount] of view.needs) {
    if (amount > (info.free[resource] ?? 0)) return resource === "pods" ? "Too many pods" : `Insufficient ${resource}`;
  }
  if (!volumesReach(server, pod, node)) return "node(s) had volume node affinity conflict";
  if (!spreadAllows(view.spread, info)) return "node(s) didn't match pod topology spread constraints";
  if (view.affinity !== undefined && !affinityAllows(view.affinity, info)) return "node(s) didn't match pod affinity/anti-affinity rules";
  return undefined;
}
