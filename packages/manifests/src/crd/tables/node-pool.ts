import { BUDGET_DURATION, BUDGET_NODES, DURATION, DURATION_OR_NEVER, LABEL_VALUE, SCHEDULE } from "../patterns.ts";
import { all, has, keys } from "../rule-error.ts";
import { integer, listOf, mapOf, object, oneOf, rule, type Schema, text, transition } from "../schema.ts";
import { conditions, nodeClassRef, RESOURCE_LIST, TAINTS } from "./node-template.ts";
import { requirements } from "./requirements.ts";
import { restrictedMapRules, type RestrictedLabels } from "./restricted-labels.ts";

const BUDGETS: Schema = listOf(
  object(
    {
      nodes: text({ pattern: BUDGET_NODES, default: "10%" }),
      schedule: text({ pattern: SCHEDULE }),
      duration: text({ pattern: BUDGET_DURATION }),
      reasons: listOf(oneOf("Underutilized", "Empty", "Drifted"), { maxItems: 50, listType: "set" }),
    },
    ["nodes"],
  ),
  { maxItems: 50, default: [{ nodes: "10%" }], rules: [rule("'schedule' must be set with 'duration'", (self) => all(self, (item: any) => has(item, "schedule") === has(item, "duration")))] },
);

const DISRUPTION: Schema = object(
  {
    budgets: BUDGETS,
    consolidateAfter: text({ pattern: DURATION_OR_NEVER }),
    consolidationPolicy: { ...oneOf("WhenEmpty", "WhenEmptyOrUnderutilized", "Balanced"), default: "WhenEmptyOrUnderutilized" },
  },
  ["consolidateAfter"],
  // Only where the whole block is absent: a block that is there must say consolidateAfter itself.
  { default: { consolidateAfter: "0s" } },
);

/** `karpenter.sh/v1` NodePool. */
export function nodePool(restricted: RestrictedLabels): Schema {
  const template = object(
    {
      metadata: object({
        annotations: mapOf(text()),
        labels: mapOf(text({ maxLength: 63, pattern: LABEL_VALUE }), { maxProperties: 100, atomic: true, rules: restrictedMapRules(restricted) }),
      }),
      spec: object(
        {
          expireAfter: text({ pattern: DURATION_OR_NEVER, default: "720h" }),
          nodeClassRef: nodeClassRef([
            transition("nodeClassRef.group is immutable", (self, old) => self.group === old.group),
            transition("nodeClassRef.kind is immutable", (self, old) => self.kind === old.kind),
          ]),
          requirements: requirements({ minValues: true, restricted }),
          startupTaints: TAINTS,
          taints: TAINTS,
          terminationGracePeriod: text({ pattern: DURATION }),
        },
        ["nodeClassRef", "requirements"],
      ),
    },
    ["spec"],
  );
  return object({
    spec: object({ disruption: DISRUPTION, limits: RESOURCE_LIST, replicas: integer(0), template, weight: integer(1, 100) }, ["template"], {
      rules: [
        transition("Cannot transition NodePool between static (replicas set) and dynamic (replicas unset) provisioning modes", (self, old) => has(self, "replicas") === has(old, "replicas")),
        rule("only 'limits.nodes' is supported on static NodePools", (self) => !has(self, "replicas") || !has(self, "limits") || keys(self.limits).every((key) => key === "nodes")),
        rule("'weight' is not supported on static NodePools", (self) => !has(self, "replicas") || !has(self, "weight")),
      ],
    }),
    status: object({ conditions: conditions(), nodeClassObservedGeneration: integer(), nodes: { ...integer(), default: 0 }, resources: RESOURCE_LIST }),
  }, ["spec"]);
}
