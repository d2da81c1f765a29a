import type { NodeClaim } from "@groupless/api";
import type { Answers } from "./answers.ts";
import type { Observed } from "./observed.ts";

/**
 * One NodeClaim and what surrounds it, as `step` knows it: plain data, to be kept by the caller between steps.
 *
 * It can be rebuilt at any time with {@link claimState} from the API server's objects: what is lost then is only which questions are under way, and they are asked again.
 */
export interface ClaimState {
  /** The claim's name. */
  readonly nodeClaim: string;
  readonly uid: string;
  /** The claim itself, its NodePool, its nodes, their pods with their claims and attachments; after a step with that step's writes in it. */
  readonly observed: Observed;
  /** `gone` once the claim's object is gone: no more actions come, but for instances that turn up late, which are terminated. */
  readonly phase: "live" | "gone";
  readonly answers: Answers;
  /** When a question was last put to the provider, epoch milliseconds. */
  readonly askedMs: { readonly launch?: number; readonly instance?: number; readonly termination?: number; readonly list?: number };
  /** When it was last answered. */
  readonly answeredMs: { readonly instance?: number; readonly termination?: number };
  /** Launches that failed in a row; sets the back-off of the next one. */
  readonly launchFailures: number;
  /** Until when no launch is tried again. */
  readonly launchBackOffUntilMs?: number;
  /** Pods to evict, by uid. */
  readonly evictions: Readonly<Record<string, PendingEviction>>;
  /** Events reported, with when: the same one is held back for a while, as Karpenter's recorder does. */
  readonly reportedMs: Readonly<Record<string, number>>;
  readonly consistencyCheckedMs?: number;
  /** When the claim's instance type was last found in the catalog. */
  readonly instanceTypeFoundMs?: number;
  /** Instances launched for this claim beside the one it has, by provider id, with when their termination was last asked for. */
  readonly strays: Readonly<Record<string, { readonly askedMs?: number }>>;
  /** How long all is quiet, as of the last time everything was looked at: until then only what happens counts. */
  readonly quiet?: Quiet;
}

/** What falls due by itself, and when; epoch milliseconds. */
export interface Quiet {
  readonly fromMs: number;
  /** By controller, in the order in which they are run; null: never. */
  readonly dueMs: readonly (number | null)[];
}

/** One pod in the eviction queue. */
export interface PendingEviction {
  /** `namespace/name` */
  readonly pod: string;
  /** Refusals so far. */
  readonly attempts: number;
  /** Not to be asked before. */
  readonly notBeforeMs: number;
  /** The API server said the pod is gone or another: never ask again. */
  readonly dropped?: boolean;
}

/** The state of a claim that has just been seen, with what is known around it. */
export function claimState(nodeClaim: NodeClaim, surroundings: Observed): ClaimState {
  return {
    nodeClaim: nodeClaim.metadata.name,
    uid: nodeClaim.metadata.uid ?? nodeClaim.metadata.name,
    observed: { ...surroundings, nodeClaims: [nodeClaim, ...surroundings.nodeClaims.filter(({ metadata }) => metadata.name !== nodeClaim.metadata.name)] },
    phase: "live",
    answers: {},
    askedMs: {},
    answeredMs: {},
    launchFailures: 0,
    evictions: {},
    reportedMs: {},
    strays: {},
  };
}
