import type { Pod } from "@groupless/api";
import type { RequirementSet } from "../intern/requirement-set.ts";
import type { Resources } from "../intern/resources.ts";
import type { Constraints } from "./constraints.ts";
import type { HostPort } from "./host-port.ts";

/** A namespace and those labels that some selector of the snapshot looks at: all that topology sees of a pod. */
export interface LabelClass {
  readonly id: number;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Pods that nobody can tell apart: what holds for one of them while deciding holds for all. */
export interface PodClass {
  readonly id: number;
  readonly labels: LabelClass;
  readonly constraints: Constraints;
  readonly requests: Resources;
  readonly hostPorts: readonly HostPort[];
  /** Asks for dynamic resource allocation, which is not simulated. */
  readonly hasResourceClaims: boolean;
  /** Where its volumes can be reached from: alternatives, tried in order. */
  readonly volumes: readonly RequirementSet[] | undefined;
}

/** A pod of the snapshot with what deciding needs of it. */
export interface PodEntry {
  readonly pod: Pod;
  /** `namespace/name`. */
  readonly name: string;
  readonly uid: string;
  readonly class: PodClass;
  readonly createdMs: number;
  /** Claims it mounts, by driver; undefined if it mounts none. */
  readonly attachments: Attachments | undefined;
  /** Nobody's but that of whoever writes an answer down, while doing so: the claim the pod is on, by number. */
  claim: number;
}

/** Volume claims by storage driver, or why they are not known. */
export type Attachments = ReadonlyMap<string, ReadonlySet<string>> | "unknown";
