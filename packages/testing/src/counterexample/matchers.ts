import type { Cluster, Packing } from "@groupless/bin-packer";
import { type Invariant, type ViolationsOptions, violations } from "../invariants/invariant.ts";
import { placementInvariants } from "../invariants/placement-invariants.ts";
import { asYaml } from "./as-yaml.ts";
import { violationText } from "./broken-invariants-error.ts";

/** What `expect(packing)` gains; merge it into the framework's own interface to have it typed. */
export interface PlacementMatchers<Result = unknown> {
  /** The packing of the cluster breaks none of the invariants (default: all of `placementInvariants`). */
  toHold: (cluster: Cluster, invariants?: readonly Invariant[], options?: ViolationsOptions) => Result;
}

/**
 * Adds `toHold` to the `expect` of vitest, jest or anything that takes matchers the same way.
 *
 * @example
 * ```ts
 * import { prepare, solve } from "@groupless/bin-packer";
 * import { addPlacementMatchers, cluster, holdsCapacity, pod } from "@groupless/testing";
 * import { expect } from "vitest";
 * addPlacementMatchers(expect);
 * const c = cluster({ objects: [pod("web")] });
 * (expect(solve(prepare(c, { nowMs: 0 }))) as any).toHold(c, [holdsCapacity]);
 * ```
 */
export function addPlacementMatchers(expect: { readonly extend: (matchers: { readonly toHold: typeof toHold }) => void }): void {
  expect.extend({ toHold });
}

function toHold(packing: Packing, cluster: Cluster, invariants: readonly Invariant[] = placementInvariants, options: ViolationsOptions = {}): { readonly pass: boolean; readonly message: () => string } {
  const found = violations(cluster, packing, invariants, options);
  const names = invariants.map(({ name }) => name).join(", ");
  return {
    pass: found.length === 0,
    message: () => (found.length === 0 ? `expected the packing to break one of ${names}` : `${found.map(violationText).join("\n")}\n\nThe cluster, for kubectl apply -f and groupless plan:\n\n${asYaml(cluster)}`),
  };
}
