import type { Reason } from "@groupless/api";
import { timeProblem } from "./object/time-problem.ts";

/** Why a pass ended without doing all it was meant to do. */
export type LifecycleReason =
  /** The provider could not launch the instance; tried again with back-off. */
  | (Reason & { readonly code: "launch-failed"; readonly nodeClaim: string; readonly message: string })
  /** A registration hook failed; tried again with back-off. */
  | (Reason & { readonly code: "registration-hook-failed"; readonly nodeClaim: string; readonly hook: string; readonly message: string })
  /** The annotation karpenter.sh/nodeclaim-termination-timestamp is no RFC 3339 time. */
  | (Reason & { readonly code: "termination-timestamp-invalid"; readonly nodeClaim: string; readonly value: string })
  /** The eviction was refused by something else than a PodDisruptionBudget. */
  | (Reason & { readonly code: "eviction-failed"; readonly pod: string; readonly status: number; readonly message: string })
  /** A field does not hold what its type promises: the pass acts as if it were absent. */
  | (Reason & { readonly code: "field-invalid"; readonly object: string; readonly path: string; readonly value: string })
  /** The object a pass is about has not been observed. */
  | (Reason & { readonly code: "object-missing"; readonly object: string })
  /** Another controller's object: its node class is none of the managed ones. */
  | (Reason & { readonly code: "not-managed"; readonly object: string })
  /** Two NodeClaims or two Nodes share a provider id. */
  | (Reason & { readonly code: "provider-id-shared"; readonly providerID: string; readonly objects: readonly string[] });

/** The English of a reason; for those that Karpenter logs as errors, its words. */
export function explain(reason: LifecycleReason): string {
  switch (reason.code) {
    case "launch-failed":
      return `launching nodeclaim, ${reason.message}`;
    case "registration-hook-failed":
      return `registration hook "${reason.hook}" failed, ${reason.message}`;
    case "termination-timestamp-invalid":
      return `parsing annotation, ${timeProblem(reason.value)} (annotation=karpenter.sh/nodeclaim-termination-timestamp)`;
    case "eviction-failed":
      return `evicting ${reason.pod}: ${reason.message} (status ${reason.status})`;
    case "field-invalid":
      return `${reason.object}: ${reason.path} is "${reason.value}", which is ignored`;
    case "object-missing":
      return `${reason.object} has not been observed`;
    case "not-managed":
      return `${reason.object} uses a node class of another controller`;
    case "provider-id-shared":
      return `${reason.objects.join(", ")} share the provider id ${reason.providerID}`;
  }
}
