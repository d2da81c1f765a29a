import type { Cluster, Packing } from "@groupless/bin-packer";
import { type Invariant, type Violation, type ViolationsOptions, violations } from "../invariants/invariant.ts";
import { placementInvariants } from "../invariants/placement-invariants.ts";
import { asYaml } from "./as-yaml.ts";

/** Thrown by {@link assertHolds}: its message says what is broken and shows the cluster as YAML to take away. */
export class BrokenInvariantsError extends Error {
  readonly violations: readonly Violation[];
  /** The cluster, as `asYaml` writes it. */
  readonly yaml: string;

  constructor(violations: readonly Violation[], yaml: string) {
    super(`${violations.map(violationText).join("\n")}\n\nThe cluster, for kubectl apply -f and groupless plan:\n\n${yaml}`);
    this.name = "BrokenInvariantsError";
    this.violations = violations;
    this.yaml = yaml;
  }
}

/**
 * Checks a placement in any test framework, or none: returns nothing, or throws with the cluster as YAML.
 *
 * @param invariants default: all of `placementInvariants`
 * @throws BrokenInvariantsError
 * @example
 * ```ts
 * import { prepare, solve } from "@groupless/bin-packer";
 * import { assertHolds } from "@groupless/testing";
 * import { clusters } from "@groupless/testing/arbitraries";
 * import * as fc from "fast-check";
 * import { karpenterDeviations, placementInvariants } from "@groupless/testing";
 * fc.assert(fc.property(clusters(), (c) => assertHolds(c, solve(prepare(c, { nowMs: 0 })), placementInvariants, { except: karpenterDeviations })), { numRuns: 20 });
 * ```
 */
export function assertHolds(cluster: Cluster, packing: Packing, invariants: readonly Invariant[] = placementInvariants, options: ViolationsOptions = {}): void {
  const found = violations(cluster, packing, invariants, options);
  if (found.length > 0) throw new BrokenInvariantsError(found, asYaml(cluster));
}

/** One line of English. */
export function violationText({ invariant, pod, node, message }: Violation): string {
  return `${invariant}: ${[pod, node === undefined ? undefined : pod === undefined ? node : `on ${node}`].filter((part) => part !== undefined).join(" ")} ${message}`.replace(/: +/, ": ");
}
