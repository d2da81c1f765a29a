import type { Reason } from "@groupless/api";
import { explainRequirementProblem, type RequirementProblem } from "@groupless/requirements/karpenter";

/** Another overlay of the same weight changes the same offering or resource: this one, the earlier in the alphabet, yields. */
export interface OverlayConflict extends Reason {
  readonly code: "overlay-conflict";
  readonly overlay: string;
  readonly nodePool: string;
  readonly instanceType: string;
  /** The price, or a resource. */
  readonly field: string;
}

/** A requirement of the overlay is invalid, or its capacity names what instance types state themselves. */
export interface OverlayInvalid extends Reason {
  readonly code: "overlay-invalid";
  readonly overlay: string;
  readonly problems: readonly RequirementProblem[];
  readonly restrictedResources: readonly string[];
}

export type OverlayRefusal = OverlayConflict | OverlayInvalid;

/** The refusal in English. */
export function explainOverlayRefusal(reason: OverlayRefusal): string {
  if (reason.code === "overlay-conflict") return `overlay ${reason.overlay} changes the ${reason.field} of ${reason.instanceType} in NodePool ${reason.nodePool}, as another overlay of its weight does`;
  const restricted = reason.restrictedResources.map((resource) => `${resource} cannot be set`);
  return `overlay ${reason.overlay} is invalid: ${[...reason.problems.map((problem) => explainRequirementProblem(problem)), ...restricted].join("; ")}`;
}
