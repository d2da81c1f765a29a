import { type Cluster, type Packing, prepare, solve } from "@groupless/bin-packer";
import { placementInvariants, violations } from "@groupless/testing";
import { snapshotOf } from "../../packages/bin-packer/src/prepare/snapshot.ts";
import { RULES, type Rules } from "../../packages/bin-packer/src/profile/rules.ts";
import { solveSnapshot } from "../../packages/bin-packer/src/solve.ts";
import { canonicalPacking, clusterOfInput } from "../conformance/suites/scheduling.ts";
import { catalogReader, readLines, vectorFiles } from "../conformance/vectors.ts";

/** A rule of the packer by which the profiles differ. */
export type Cause = Exclude<keyof Rules, "profile">;

export const CAUSES: readonly Cause[] = (Object.keys(RULES.exact) as (keyof Rules)[]).filter((name): name is Cause => name !== "profile");

/** A recorded line that the exact profile answers otherwise. */
export interface Difference {
  readonly id: string;
  /** Rules without which the exact answer would be another one; where each can stand in for another, rules that change Karpenter's answer by themselves. */
  readonly causes: readonly Cause[];
  /** Do all pods stay where they are and all nodes, but for what is written about them? */
  readonly samePlaces: boolean;
  /** Karpenter's answer breaks these invariants. */
  readonly karpenterBreaks: readonly string[];
}

export interface Report {
  readonly lines: number;
  readonly differences: readonly Difference[];
  /** Lines whose exact answer breaks an invariant, with which. */
  readonly broken: readonly (readonly [id: string, invariants: readonly string[]])[];
}

/**
 * Asks every recorded scheduling line under the folder of both profiles. Where not `thorough`, what causes a difference is found out for some lines
 * only, and answers that are Karpenter's are not checked: test/invariants does that.
 */
export function reportOf(folder: string, catalogs: readonly string[], thorough: boolean): Report {
  const contextOf = catalogReader(catalogs);
  const differences: Difference[] = [];
  const broken: (readonly [string, readonly string[]])[] = [];
  let lines = 0;
  for (const file of vectorFiles(folder)) {
    for (const line of readLines(file)) {
      lines += 1;
      const { cluster, nowMs } = clusterOfInput(line.input as never, contextOf(file));
      const karpenter = solve(prepare(cluster, { nowMs }));
      const exact = solve(prepare(cluster, { nowMs, profile: "exact" }));
      const [was, is] = [textOf(karpenter, cluster), textOf(exact, cluster)];
      const invariants = thorough || was !== is ? breaks(cluster, exact) : [];
      if (invariants.length > 0) broken.push([line.id, invariants]);
      if (was === is) continue;
      differences.push({ id: line.id, causes: thorough || differences.length % SOME === 0 ? causesOf(cluster, nowMs, was, is) : [], samePlaces: placesOf(karpenter) === placesOf(exact), karpenterBreaks: breaks(cluster, karpenter) });
    }
  }
  return { lines, differences, broken };
}

const SOME = 15;

function causesOf(cluster: Cluster, nowMs: number, karpenter: string, exact: string): readonly Cause[] {
  const under = (rules: Rules): string => {
    const snapshot = snapshotOf(cluster, nowMs, rules);
    return textOf(solveSnapshot(snapshot, snapshot.removed, {}), cluster);
  };
  const needed = CAUSES.filter((cause) => under({ ...RULES.exact, [cause]: RULES["karpenter-1.14"][cause] }) !== exact);
  return needed.length > 0 ? needed : CAUSES.filter((cause) => under({ ...RULES["karpenter-1.14"], [cause]: RULES.exact[cause] }) !== karpenter);
}

function breaks(cluster: Cluster, packing: Packing): readonly string[] {
  return [...new Set(violations(cluster, packing, placementInvariants).map(({ invariant }) => invariant))];
}

function textOf(packing: Packing, cluster: Cluster): string {
  return JSON.stringify(canonicalPacking(packing, cluster));
}

function placesOf({ newNodeClaims, existingNodes, podErrors }: Packing): string {
  return JSON.stringify([newNodeClaims.map(({ pods }) => pods), existingNodes, podErrors.map(({ pod }) => pod)]);
}

/** The lines by what makes the difference. */
export function byCause(differences: readonly Difference[]): Record<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { id, causes } of differences) {
    const key = causes.join(", ");
    found.set(key, [...(found.get(key) ?? []), id.replace("scheduling/", "")]);
  }
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}
