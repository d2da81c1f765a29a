import type { Reason } from "@groupless/api";
import type { LaunchFailure } from "@groupless/lifecycle";

/** Why a launch gave no node. `condition` is what the claim's Launched condition then says, in Karpenter's words. */
export interface LaunchRefusal {
  readonly kind: LaunchFailure;
  readonly reason: LaunchRefusalReason;
  readonly message: string;
  readonly condition?: { readonly reason: string; readonly message: string };
}

export type LaunchRefusalReason =
  /** A filter left no type, or EC2 has none of the pools asked for. */
  | (Reason & { readonly code: "no-launchable-type"; readonly filter: string })
  | (Reason & { readonly code: "out-of-capacity"; readonly errorCodes: readonly string[] })
  | (Reason & { readonly code: "node-class-not-found"; readonly nodeClass: string })
  | (Reason & { readonly code: "node-class-not-ready"; readonly nodeClass: string; readonly detail: string })
  | (Reason & { readonly code: "no-catalog"; readonly detail: string })
  | (Reason & { readonly code: "no-subnet"; readonly nodeClass: string })
  | (Reason & { readonly code: "restricted-tags"; readonly tags: readonly string[] })
  | (Reason & { readonly code: "launch-template"; readonly detail: string })
  | (Reason & { readonly code: "fleet-refused"; readonly errorCodes: readonly string[] })
  /** EC2 answered with fewer instances than asked and no error. */
  | (Reason & { readonly code: "too-few-instances" })
  | (Reason & { readonly code: "aborted" });

/** The reason in English. */
export function explainLaunchRefusal(reason: LaunchRefusalReason): string {
  switch (reason.code) {
    case "no-launchable-type":
      return `all requested instance types were unavailable during launch (${reason.filter})`;
    case "out-of-capacity":
      return `EC2 has no capacity in any of the pools asked for (${reason.errorCodes.join(", ")})`;
    case "node-class-not-found":
      return `EC2NodeClass ${reason.nodeClass} does not exist`;
    case "node-class-not-ready":
      return `EC2NodeClass ${reason.nodeClass} is not ready: ${reason.detail}`;
    case "no-catalog":
      return `the instance types are not known: ${reason.detail}`;
    case "no-subnet":
      return `EC2NodeClass ${reason.nodeClass} has no subnet`;
    case "restricted-tags":
      return `the node class may not set the tags ${reason.tags.join(", ")}`;
    case "launch-template":
      return `no launch template: ${reason.detail}`;
    case "fleet-refused":
      return `EC2 refused the launch (${reason.errorCodes.join(", ")})`;
    case "too-few-instances":
      return "EC2 answered with fewer instances than asked for, and no error";
    case "aborted":
      return "the launch was aborted before EC2 was asked";
  }
}
