import type { Taint } from "@groupless/api";
import type { Bits } from "../intern/bits.ts";
import type { Conflict, RequirementSet } from "../intern/requirement-set.ts";
import type { Resources } from "../intern/resources.ts";
import type { Template } from "../supply/template.ts";
import type { Stance, TopologyFailure } from "../topology/topology.ts";

/** Why a pod got no new node of one template, as the search left it: read only when someone asks. */
export type Failure =
  | { readonly kind: "taints"; readonly template: Template; readonly stance: Stance; readonly taints: readonly Taint[] }
  | { readonly kind: "requirements"; readonly template: Template; readonly stance: Stance; readonly conflict: Conflict }
  | { readonly kind: "volumes"; readonly template: Template; readonly stance: Stance; readonly conflict: Conflict }
  | { readonly kind: "topology"; readonly template: Template; readonly stance: Stance; readonly failure: TopologyFailure; readonly requirements: RequirementSet; readonly counts: readonly (readonly [string, number])[] }
  | { readonly kind: "instance-types"; readonly template: Template; readonly stance: Stance; readonly unmet: string; readonly requirements: RequirementSet; readonly requests: Resources; readonly options: Bits }
  | { readonly kind: "min-values"; readonly template: Template; readonly stance: Stance; readonly unmet: ReadonlyMap<string, number>; readonly requirements: RequirementSet }
  | { readonly kind: "min-values-truncated"; readonly template: Template; readonly unmet: ReadonlyMap<string, number>; readonly requirements: RequirementSet; readonly kept: number }
  | { readonly kind: "reserved-capacity"; readonly template: Template; readonly stance: Stance; readonly reservations: readonly string[] }
  | { readonly kind: "limits"; readonly template: Template; readonly stance: Stance; readonly remaining: readonly { readonly column: number; readonly amount: number }[] }
  | { readonly kind: "node-limit"; readonly template: Template; readonly stance: Stance }
  | { readonly kind: "dra"; readonly stance: Stance }
  | { readonly kind: "no-compatible-nodepool" }
  | { readonly kind: "no-nodepools" }
  | { readonly kind: "uninitialized-node"; readonly node: string; readonly claim: string | undefined };

/** Karpenter's class of a failure, as the conformance vectors name them. */
export function classOf(failure: Failure): string {
  switch (failure.kind) {
    case "taints":
      return "untolerated-taint";
    case "requirements":
      return failure.conflict.kind === "undefined" ? "undefined-label" : "incompatible-requirements";
    case "volumes":
      return "incompatible-volume";
    case "topology":
      if (failure.failure.kind === "undefined") return "topology-undefined-label";
      if (failure.failure.kind === "incompatible") return "topology-incompatible";
      return failure.failure.group.spec.type === "spread" ? "topology-spread" : failure.failure.group.spec.type === "affinity" ? "pod-affinity" : "pod-anti-affinity";
    case "instance-types":
      return `no-instance-type:${failure.unmet}`;
    default:
      return failure.kind;
  }
}
