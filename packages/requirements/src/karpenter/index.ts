export { type Requirement, anyValue, doesNotExist, exists, has, labelRequirement, lengthOf, operatorOf, requirementOf, withinBounds } from "./requirement.ts";
export { type Int64 } from "../values/int64.ts";
export { hasIntersection, intersection } from "./intersection.ts";
export { requirementText, toSelectorRequirements } from "./requirement-text.ts";
export { NO_REQUIREMENTS, type Requirements, fromLabels, fromSelectorRequirements, hasKey, hasMinValues, intersect, listRequirements, requirementFor, requirements, requirementsText, toSelectorRequirementList, withRequirement } from "./requirements.ts";
export { type Incompatibility, type IncompatibleKey, type UndefinedKey, compatibilityProblems, explain, intersectionProblems, intersects, isCompatible } from "./compatible.ts";
export { SIMULATED_KEYS, fromNodePool, fromPod, fromPodStrict, hasPreferredNodeAffinity, heaviestPreference, labelsOfNodePool } from "./from-object.ts";
