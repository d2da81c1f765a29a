import type { NodePool, NodeSelectorRequirementWithMinValues, Taint } from "@groupless/api";
import * as fc from "fast-check";
import { nodePool } from "../../build/objects.ts";
import { budgets } from "../node-pool.ts";
import { ARCHITECTURES, CAPACITY_TYPES, TEAMS, ZONES } from "../vocabulary.ts";
import { field, oneIn } from "./sometimes.ts";
import { SIZE } from "./varied-catalog.ts";

const TAINTS: readonly Taint[] = [{ key: "dedicated", value: "red", effect: "NoSchedule" }, { key: "dedicated", value: "blue", effect: "NoExecute" }];
const asked: fc.Arbitrary<NodeSelectorRequirementWithMinValues> = fc.oneof(
  ...([["topology.kubernetes.io/zone", ZONES], ["karpenter.sh/capacity-type", CAPACITY_TYPES], ["kubernetes.io/arch", ARCHITECTURES]] as const).map(([key, values]) =>
    fc.tuple(fc.constantFrom("In" as const, "In" as const, "NotIn" as const), fc.constantFrom(...values), fc.boolean()).map(([operator, value, both]): NodeSelectorRequirementWithMinValues => ({ key, operator, values: operator === "In" && both ? [...values] : [value] })),
  ),
  fc.constantFrom<NodeSelectorRequirementWithMinValues>({ key: SIZE, operator: "Gt", values: ["1"] }, { key: SIZE, operator: "Lt", values: ["8"] }, { key: "team", operator: "Exists" }, { key: "team", operator: "In", values: ["blue", "red"] }),
);

/** A pool with, now and then, whatever a pool may say. */
export function variedPools(name: string): fc.Arbitrary<NodePool> {
  return fc
    .record({
      requirements: oneIn(2, fc.uniqueArray(asked, { minLength: 1, maxLength: 2, selector: ({ key }) => key })),
      variety: oneIn(7, fc.constantFrom(1, 2, 3)),
      labels: oneIn(4, fc.constantFrom(...TEAMS).map((team) => ({ team }))),
      annotations: oneIn(8, fc.constant({ "example.com/owner": "us" })),
      taints: oneIn(6, fc.constantFrom(...TAINTS)),
      soft: oneIn(10, fc.constant<Taint>({ key: "soft", value: "yes", effect: "PreferNoSchedule" })),
      startup: oneIn(6, fc.constant<Taint>({ key: "example.com/agent-not-ready", value: "true", effect: "NoSchedule" })),
      limits: oneIn(5, fc.constantFrom<Readonly<Record<string, string>>>({ cpu: "4" }, { cpu: "10" }, { memory: "8Gi" }, { nodes: "2" }, { nodes: "1", cpu: "16" }, { cpu: "2", memory: "100Gi" })),
      weight: oneIn(3, fc.constantFrom(1, 10)),
      grace: oneIn(6, fc.constant("1h")),
      budgets: oneIn(3, budgets()),
      consolidationPolicy: fc.constantFrom("WhenEmpty" as const, "WhenEmptyOrUnderutilized" as const, "WhenEmptyOrUnderutilized" as const, "WhenEmptyOrUnderutilized" as const, "Balanced" as const),
      consolidateAfter: fc.constantFrom("0s", "0s", "0s", "0s", "5m", "Never"),
      state: oneIn(12, fc.constantFrom("not-ready" as const, "leaving" as const, "static" as const)),
    })
    .map(({ requirements, variety, labels, annotations, taints, soft, startup, limits, weight, grace, budgets: chosen, consolidationPolicy, consolidateAfter, state }) => {
      const choosy: readonly NodeSelectorRequirementWithMinValues[] = variety === undefined ? [] : [{ key: "node.kubernetes.io/instance-type", operator: "Exists", minValues: variety }];
      const all = [taints, soft].filter((taint) => taint !== undefined);
      // A label and a requirement of one key would have to agree.
      const kept = (requirements ?? []).filter(({ key }) => key !== "team" || labels === undefined);
      const made = nodePool(name, {
        ...(state === "leaving" ? { metadata: { deletionTimestamp: "2026-09-01T12:55:00Z" } } : {}),
        template: { requirements: [...kept, ...choosy], ...(all.length === 0 ? {} : { taints: all }), ...(startup === undefined ? {} : { startupTaints: [startup] }), ...field("terminationGracePeriod", grace) },
        spec: { disruption: { consolidateAfter, consolidationPolicy, budgets: chosen ?? [{ nodes: "100%" }] }, ...field("limits", limits), ...field("weight", weight), ...(state === "static" ? { replicas: 2 } : {}) },
      });
      const { template } = made.spec;
      const metadata = { ...field("labels", labels), ...field("annotations", annotations) };
      return { ...made, spec: { ...made.spec, template: Object.keys(metadata).length === 0 ? template : { ...template, metadata } }, ...(state === "not-ready" ? { status: { conditions: [{ type: "Ready", status: "False" as const }] } } : {}) };
    });
}
