import { CAPACITY_TYPE_LABEL, type CapacityType, type NodeSelectorRequirementWithMinValues } from "@groupless/api";

export type ClaimRequirements = readonly NodeSelectorRequirementWithMinValues[];

/** Whether a claim may launch in that capacity type; one that says nothing about it may launch in all. */
export function allowsCapacityType(requirements: ClaimRequirements, capacityType: CapacityType): boolean {
  return requirements.every(({ key, operator, values = [] }) => {
    if (key !== CAPACITY_TYPE_LABEL) return true;
    if (operator === "In") return values.includes(capacityType);
    if (operator === "NotIn") return !values.includes(capacityType);
    return operator === "Exists";
  });
}

/** The requirements, launching in that capacity type only. */
export function withCapacityType(requirements: ClaimRequirements, capacityType: CapacityType): ClaimRequirements {
  const minValues = requirements.find(({ key, minValues: least }) => key === CAPACITY_TYPE_LABEL && least !== undefined)?.minValues;
  const only = { key: CAPACITY_TYPE_LABEL, operator: "In" as const, values: [capacityType], ...(minValues === undefined ? {} : { minValues }) };
  return [...requirements.filter(({ key }) => key !== CAPACITY_TYPE_LABEL), only].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.operator < b.operator ? -1 : 1));
}

/** Whether the claim asks for a choice of values of some label. */
export function hasMinValues(requirements: ClaimRequirements): boolean {
  return requirements.some(({ minValues }) => minValues !== undefined);
}
