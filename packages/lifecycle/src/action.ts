import type { KubeObject, Kind, NodeClaim, Reason } from "@groupless/api";

/** Something for the caller to do. Provider actions are what `ec2Fleet(…).execute` takes; the others are for an API server. */
export type Action = ProviderAction | ObjectAction | RegistrationAction | ReportAction | RequeueAction;

/** The provider port: every action answers with {@link ProviderEvent}s. */
export type ProviderAction =
  /** Launch an instance for the claim; safe to repeat until `launched` or `launch-failed` arrives. Failures give the `attempt` back, so that an old one is not taken for a new one. */
  | { readonly type: "launch"; readonly nodeClaim: NodeClaim; readonly attempt?: number }
  /** Terminate the claim's instance; safe to repeat until `terminated` arrives. */
  | { readonly type: "terminate"; readonly nodeClaim: string; readonly providerID: string }
  /** Ask after one instance. */
  | { readonly type: "get-instance"; readonly nodeClaim: string; readonly providerID: string }
  /** Ask after all instances of the cluster. */
  | { readonly type: "list-instances" };

/** Writes for the API server. Deletions and evictions of what is gone already are no errors. */
export type ObjectAction =
  | { readonly type: "create"; readonly object: KubeObject }
  /** Replace the object by this version of it. */
  | { readonly type: "update"; readonly object: KubeObject }
  | { readonly type: "delete"; readonly kind: Kind; readonly name: string; readonly gracePeriodSeconds?: number }
  /** Post an eviction; a PodDisruptionBudget may refuse it (429). */
  | { readonly type: "evict"; readonly pod: string; readonly uid: string; readonly gracePeriodSeconds?: number };

/** A node of the pool registered, or failed to: for {@link recordRegistration}, which keeps the pool's registration health. */
export interface RegistrationAction {
  readonly type: "record-registration";
  readonly nodePool: string;
  readonly succeeded: boolean;
  /** Reason and message of the pool's condition NodeRegistrationHealthy, should it become False. */
  readonly failure?: { readonly reason: string; readonly message: string };
}

/** A Kubernetes event, in Karpenter's words where it has them. */
export interface ReportAction {
  readonly type: "report";
  /** `Kind/name` */
  readonly object: string;
  readonly eventType: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
}

/** When the next tick is due, should nothing happen before. */
export interface RequeueAction {
  readonly type: "requeue";
  /** Milliseconds from now; 0: at once. */
  readonly afterMs: number;
}

/** An instance as the provider reports it. */
export interface Instance {
  readonly providerID: string;
  readonly imageID?: string;
  /** Instance type, zone, capacity type and what else the provider knows. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly capacity?: Readonly<Record<string, string>>;
  readonly allocatable?: Readonly<Record<string, string>>;
  /** The claim's name from the instance's tags, where it has one. */
  readonly nodeClaim?: string;
  readonly launchedMs?: number;
  readonly terminating?: boolean;
}

/** What a provider answers, or announces by itself. */
export type ProviderEvent =
  | { readonly type: "launched"; readonly nodeClaim: string; readonly instance: Instance }
  | { readonly type: "launch-failed"; readonly nodeClaim: string; readonly kind: LaunchFailure; readonly reason: Reason; readonly message: string; readonly attempt?: number; readonly condition?: { readonly reason: string; readonly message: string } }
  | { readonly type: "instance"; readonly nodeClaim: string; readonly instance: Instance }
  | { readonly type: "instance-gone"; readonly nodeClaim: string; readonly providerID: string }
  /** The termination call went through; the instance may still be shutting down. */
  | { readonly type: "terminating"; readonly nodeClaim: string; readonly providerID: string }
  | { readonly type: "instances"; readonly instances: readonly Instance[] }
  | { readonly type: "interrupted"; readonly nodeClaim: string; readonly providerID: string; readonly kind: InterruptionKind; readonly startMs?: number };

/** `insufficient-capacity` deletes the claim so that its pods are planned anew; `node-class-not-ready` too; `create` is retried. */
export type LaunchFailure = "insufficient-capacity" | "node-class-not-ready" | "create";
/** What the cloud announces of an instance; only a rebalance recommendation leaves its claim alone. */
export type InterruptionKind = "spot-interruption" | "rebalance-recommendation" | "scheduled-change" | "state-change" | "capacity-reservation-interruption";
