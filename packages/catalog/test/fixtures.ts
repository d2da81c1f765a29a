import { CAPACITY_TYPE_LABEL, INSTANCE_TYPE_LABEL, type NodeSelectorRequirementWithMinValues, ZONE_LABEL } from "@groupless/api";
import type { InstanceType, Offering } from "@groupless/catalog";

export const oneOf = (key: string, ...values: string[]): NodeSelectorRequirementWithMinValues => ({ key, operator: "In", values });

export function offering(zone: string, capacityType: string, price: number, more: Partial<Offering> = {}): Offering {
  return { requirements: [oneOf(ZONE_LABEL, zone), oneOf(CAPACITY_TYPE_LABEL, capacityType)], price, available: true, ...more };
}

export function instanceType(name: string, offerings: readonly Offering[], more: Partial<InstanceType> = {}): InstanceType {
  return { name, requirements: [oneOf(INSTANCE_TYPE_LABEL, name), oneOf("example.com/family", name.split(".")[0]!)], capacity: { cpu: "2", memory: "8Gi" }, overhead: {}, offerings, ...more };
}
