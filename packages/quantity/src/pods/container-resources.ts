import type { Container, ContainerStatus, PodSpec, PodStatus, ResourceRequirements } from "@groupless/api";
import { type Amounts, addInto, raiseTo, readResources } from "../resources/resource-list.ts";

/** What a container counts for: requests or limits. */
export type Side = keyof Pick<ResourceRequirements, "requests" | "limits">;

/** The parts of a pod its resources follow from. */
export interface PodResources {
  readonly spec: PodSpec;
  /** Absent: what the kubelet has allocated is not looked at. */
  readonly status?: Pick<PodStatus, "conditions" | "containerStatuses" | "initContainerStatuses">;
}

/**
 * What the containers of a pod need together: the sum of those that run side by side, or what some moment of initialisation needs,
 * whichever is more. Init containers run one at a time beside the sidecars started before them (KEP-753).
 */
export function containerResources(pod: PodResources, side: Side): Amounts {
  const statuses = new Map<string, ContainerStatus>();
  for (const status of [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])]) statuses.set(status.name, status);
  const infeasible = pod.status?.conditions?.find(({ type }) => type === "PodResizePending")?.reason === "Infeasible";

  const effective = (container: Container, mayResize: boolean): Amounts => {
    const asked = readResources(container.resources?.[side]);
    const status = mayResize ? statuses.get(container.name) : undefined;
    if (status?.resources === undefined || status.resources === null) return asked;
    // In-place resize: the kubelet holds the largest of what is asked, allocated and actual; what it cannot give does not count (KEP-1287).
    const held: Amounts = infeasible ? new Map() : asked;
    raiseTo(held, readResources(status.resources[side]));
    raiseTo(held, readResources(status.allocatedResources));
    return held;
  };

  const total: Amounts = new Map();
  for (const container of pod.spec.containers ?? []) addInto(total, effective(container, true));
  const sidecars: Amounts = new Map();
  const initialising: Amounts = new Map();
  for (const container of pod.spec.initContainers ?? []) {
    const isSidecar = container.restartPolicy === "Always";
    const needs = effective(container, isSidecar);
    if (isSidecar) {
      addInto(total, needs);
      addInto(sidecars, needs);
      raiseTo(initialising, sidecars);
    } else {
      addInto(needs, sidecars);
      raiseTo(initialising, needs);
    }
  }
  raiseTo(total, initialising);
  return total;
}
