import type { KubeObject, NodePool } from "@groupless/api";
import type { Cluster } from "@groupless/bin-packer";
import fc from "fast-check";
import { clusterOf, drifted, node, nodePool, pod, podDisruptionBudget, PRICES } from "../cluster-fixture.ts";

const SIZES = Object.keys(PRICES);
const CPUS: Readonly<Record<string, number>> = { small: 1000, medium: 2000, large: 4000, xlarge: 8000, "2xlarge": 16_000 };

const pools: fc.Arbitrary<NodePool> = fc
  .record({
    policy: fc.constantFrom("WhenEmptyOrUnderutilized" as const, "WhenEmptyOrUnderutilized" as const, "Balanced" as const, "WhenEmpty" as const),
    budgets: fc.constantFrom([], [{ nodes: "1" }], [{ nodes: "50%" }], [{ nodes: "0", schedule: "0 9 * * *", duration: "8h" }], [{ nodes: "0", reasons: ["Empty" as const] }]),
    consolidateAfter: fc.constantFrom("0s", "0s", "30m", "Never"),
    spot: fc.boolean(),
  })
  .map(({ policy, budgets, consolidateAfter, spot }) => nodePool({ policy, budgets, consolidateAfter, requirements: [{ key: "karpenter.sh/capacity-type", operator: "In", values: spot ? ["on-demand", "spot"] : ["on-demand"] }] }));

const podShapes = fc.record({
  share: fc.constantFrom(5, 10, 20, 40),
  annotation: fc.constantFrom(undefined, undefined, undefined, undefined, "true", "3h", "30m", "nonsense"),
  guarded: fc.constantFrom(false, false, false, true),
  daemon: fc.constantFrom(false, false, false, true),
  worthless: fc.constantFrom(false, false, false, false, false, true),
});

const nodeShapes = fc.record({
  size: fc.constantFrom(...SIZES),
  capacityType: fc.constantFrom("on-demand", "on-demand", "spot"),
  zone: fc.constantFrom("zone-a", "zone-b"),
  annotation: fc.constantFrom(undefined, undefined, undefined, undefined, "true"),
  state: fc.constantFrom("consolidatable", "consolidatable", "consolidatable", "drifted", "both", "neither"),
  ready: fc.constantFrom(true, true, true, false),
  nominated: fc.constantFrom(false, false, false, false, true),
  terminationGracePeriod: fc.constantFrom(undefined, undefined, undefined, "1h"),
  pods: fc.array(podShapes, { maxLength: 3 }),
});

/** Small clusters that have a bit of everything disruption looks at. */
export const clusters: fc.Arbitrary<Cluster> = fc
  .record({ pool: pools, nodes: fc.array(nodeShapes, { minLength: 1, maxLength: 5 }), allowed: fc.constantFrom(0, 1), blocking: fc.constantFrom(false, false, false, true), pending: fc.nat(1), gate: fc.boolean() })
  .map(({ pool, nodes, allowed, blocking, pending, gate }) => {
    const objects: KubeObject[] = [];
    for (const [i, { size, capacityType, zone, annotation, state, ready, pods, terminationGracePeriod }] of nodes.entries()) {
      const name = `n${i}`;
      const consolidatable = { type: "Consolidatable", status: "True" as const, lastTransitionTime: "2026-08-20T10:00:00Z" };
      const conditions = [...(state === "drifted" || state === "both" ? drifted() : []), ...(state === "consolidatable" || state === "both" ? [consolidatable] : [])];
      objects.push(...node(name, { size, capacityType, zone, conditions, ready, annotations: annotation === undefined ? {} : { "karpenter.sh/do-not-disrupt": annotation }, lastPodEventTime: "2026-08-20T11:45:00Z", ...(terminationGracePeriod === undefined ? {} : { terminationGracePeriod }) }));
      for (const [j, shape] of pods.entries()) {
        objects.push(
          pod(`p${i}-${j}`, name, {
            cpu: `${Math.floor(((CPUS[size] as number) * shape.share) / 200)}m`,
            labels: { app: shape.guarded ? "guarded" : "web" },
            owner: shape.daemon ? "DaemonSet" : "ReplicaSet",
            annotations: { ...(shape.annotation === undefined ? {} : { "karpenter.sh/do-not-disrupt": shape.annotation }), ...(shape.worthless ? { "controller.kubernetes.io/pod-deletion-cost": "-134217728" } : {}) },
          }),
        );
      }
    }
    for (let i = 0; i < pending; i++) objects.push(pod(`waiting-${i}`, undefined, { cpu: "500m" }));
    objects.push(podDisruptionBudget("guard", blocking ? 0 : allowed, { ...(blocking ? { maxUnavailable: 0 } : {}), selector: { matchLabels: { app: "guarded" } } }));
    const nominated = nodes.flatMap(({ nominated: is, zone }, i) => (is ? [`aws:///${zone}/i-n${i}`] : []));
    return clusterOf(objects, { nodePools: [pool], nominated, options: { featureGates: { SpotToSpotConsolidation: gate } } });
  });
