import type { Container, DaemonSet, Pod, PodSpec, ResourceList } from "@groupless/api";
import { podRequests } from "./pod-resources.ts";

/**
 * The pod a DaemonSet would start on a node: its template, where a container's missing requests are its limits. The API server fills
 * these in for pods, not for templates (Karpenter pkg/utils/daemonset).
 */
export function daemonSetPod(daemonSet: Pick<DaemonSet, "metadata" | "spec">): Pod {
  const { name, namespace } = daemonSet.metadata;
  const { spec } = daemonSet.spec.template;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    spec: withLimitsAsRequests(spec),
  };
}

/** What a DaemonSet's pod needs of a node. */
export function daemonSetRequests(daemonSet: Pick<DaemonSet, "metadata" | "spec">): ResourceList {
  return podRequests(daemonSetPod(daemonSet));
}

function withLimitsAsRequests(spec: PodSpec): PodSpec {
  const filled = (container: Container): Container => {
    const { resources } = container;
    return { ...container, resources: { ...resources, requests: { ...resources?.limits, ...resources?.requests } } };
  };
  return {
    ...spec,
    containers: (spec.containers ?? []).map(filled),
    ...(spec.initContainers === undefined ? {} : { initContainers: spec.initContainers.map(filled) }),
  };
}
