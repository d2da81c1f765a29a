import type { NodeSelectorRequirementWithMinValues } from "@groupless/api";
import type { InstanceType, Offering } from "@groupless/catalog";

type Requirement = NodeSelectorRequirementWithMinValues;

const reservationLabels = ["id", "type", "interruptible"].map((name) => `karpenter.k8s.aws/capacity-reservation-${name}`);

/** An instance type written short: what the README says it stands for. */
export function shortType({ name, capacity, offerings = [] }: any): InstanceType {
  const all = (key: string): string[] => [...new Set<string>(offerings.map((offering: any) => offering[key]))];
  const [family, size = ""] = name.split(".");
  return {
    name,
    requirements: [is("node.kubernetes.io/instance-type", name), is("kubernetes.io/arch", "amd64"), is("kubernetes.io/os", "linux"), is("karpenter.k8s.aws/instance-family", family), is("karpenter.k8s.aws/instance-size", size), is("karpenter.sh/capacity-type", ...all("capacityType")), is("topology.kubernetes.io/zone", ...all("zone"))],
    capacity: { cpu: "4", memory: "8Gi", pods: "29", ...capacity },
    overhead: { kubeReserved: { cpu: "80m", memory: "500Mi" }, evictionThreshold: { memory: "100Mi" } },
    offerings: offerings.map(shortOffering),
  };
}

export function shortOffering({ capacityType, zone, price, unavailable = false, reservation, capacityOverride, overheadOverride }: any): Offering {
  const labels = reservation === undefined ? reservationLabels.map((key): Requirement => ({ key, operator: "DoesNotExist" })) : [reservation.id, reservation.type, String(reservation.interruptible ?? false)].map((value, index) => is(reservationLabels[index] as string, value));
  return {
    requirements: [is("karpenter.sh/capacity-type", capacityType), is("topology.kubernetes.io/zone", zone), ...labels],
    price,
    available: !unavailable,
    ...(reservation === undefined ? {} : { reservationCapacity: reservation.capacity ?? 0 }),
    ...(capacityOverride === undefined ? {} : { capacityOverride }),
    ...(overheadOverride === undefined ? {} : { overheadOverride }),
  };
}

function is(key: string, ...values: string[]): Requirement {
  return { key, operator: "In", values };
}
