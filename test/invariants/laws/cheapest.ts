import { type Cluster, prepare, solve } from "@groupless/bin-packer";
import { karpenterDeviations, placementInvariants, violations, violationText } from "@groupless/testing";
import { same, unless } from "./same.ts";

/** The cheapest plan breaks no rule, is never dearer than first-fit, never cheaper than its own bound, and the same whatever the order of objects. */
export function cheapestWrongs(cluster: Cluster, nowMs: number): readonly string[] {
  const plan = (of: Cluster) => solve(prepare(of, { nowMs }), { objective: "cheapest" });
  const [first, cheapest] = [solve(prepare(cluster, { nowMs })), plan(cluster)];
  const refused = (packing: typeof first): readonly string[] => packing.podErrors.map(({ pod }) => pod).sort();
  const bound = cheapest.lowerBoundUsdPerHour ?? 0;
  // On nodes that exist, as far as the bound knows, everything might have room.
  const needsNodes = cheapest.newNodeClaims.length > 0 && refused(cheapest).length === 0 && !cluster.objects.some((object) => object.kind === "Node" || object.kind === "NodeClaim" || (object.kind === "Pod" && (object.spec.affinity !== undefined || object.spec.volumes !== undefined || object.spec.topologySpreadConstraints !== undefined)));
  return [
    ...violations(cluster, cheapest, placementInvariants, { except: karpenterDeviations }).map((violation) => `cheapest: ${violationText(violation)}`),
    ...unless(refused(cheapest).length <= refused(first).length, "the cheapest plan refuses more pods"),
    ...unless(refused(cheapest).length < refused(first).length || cheapest.priceUsdPerHour <= first.priceUsdPerHour + 1e-9, "the cheapest plan is dearer"),
    ...unless(bound <= cheapest.priceUsdPerHour + 1e-9 && (bound > 0 || !needsNodes), `the bound is ${bound}, the plan costs ${cheapest.priceUsdPerHour}`),
    ...same("the order of objects changes the cheapest plan", plan({ ...cluster, objects: cluster.objects.toReversed() }), cheapest),
  ];
}
