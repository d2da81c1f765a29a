import type { NodeSelectorRequirementWithMinValues, ResourceList } from "@groupless/api";
import type { Offering } from "../offering/offering.ts";

/** A kind of machine that can be launched: its labels as requirements, what it holds, and where and at what price it is offered. */
export interface InstanceType {
  readonly name: string;
  readonly requirements: readonly NodeSelectorRequirementWithMinValues[];
  readonly capacity: ResourceList;
  readonly overhead: Overhead;
  readonly offerings: readonly Offering[];
  /** Whether a NodeOverlay added to the capacity. */
  readonly capacityOverlayApplied?: boolean;
}

/** What the machine keeps for itself; allocatable is capacity less the sum of these. */
export interface Overhead {
  readonly kubeReserved?: ResourceList;
  readonly systemReserved?: ResourceList;
  readonly evictionThreshold?: ResourceList;
}
