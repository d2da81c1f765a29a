import type { Cluster } from "@groupless/bin-packer";
import { agedClusters, variedClusters } from "@groupless/testing/arbitraries";
import * as fc from "fast-check";
import { alikeWrongs } from "../invariants/laws/alike.ts";
import { claimWrongs } from "../invariants/laws/claims.ts";
import { commandWrongs } from "../invariants/laws/commands.ts";
import { disruptionWrongs } from "../invariants/laws/disruption.ts";
import { exactWrongs } from "../invariants/laws/exact.ts";
import { reasonWrongs } from "../invariants/laws/reasons.ts";
import { NOW_MS, wrongs } from "./scenario.ts";

/** A cluster, and which laws it is held to. */
export interface Scenario {
  readonly kind: "aged" | "varied";
  readonly cluster: Cluster;
}

/**
 * Three scenarios in four are aged clusters, held to the invariants of placements and plans. Varied ones meet more of Karpenter's departures from
 * Kubernetes' rules than `karpenterDeviations` knows, so they are held to the invariants by the exact rules, and to the laws of whole answers.
 */
export const scenarios: fc.Arbitrary<Scenario> = fc.oneof(
  { weight: 3, arbitrary: agedClusters().map((cluster): Scenario => ({ kind: "aged", cluster })) },
  { weight: 1, arbitrary: variedClusters().map((cluster): Scenario => ({ kind: "varied", cluster })) },
);

const LAWS = [exactWrongs, claimWrongs, reasonWrongs, commandWrongs, alikeWrongs, disruptionWrongs];

/** All that is wrong with what is decided about the cluster; empty if nothing is. */
export function everyWrong({ kind, cluster }: Scenario): readonly string[] {
  return kind === "aged" ? wrongs(cluster) : LAWS.flatMap((law) => law(cluster, NOW_MS));
}
