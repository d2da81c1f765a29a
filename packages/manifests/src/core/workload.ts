import { matchesSelector } from "@groupless/api";
import { integer, listOf, open, rule, type Rule, type Schema, text } from "../crd/schema.ts";
import { METADATA } from "./metadata.ts";
import { POD_TEMPLATE } from "./pod.ts";
import { LABEL_SELECTOR } from "./selectors.ts";

const COUNT: Schema = integer(0);

const SELECTS_ITS_PODS: Rule = rule("selector must match the template's labels", ({ selector, template }) => selector === undefined || matchesSelector(selector, template.metadata?.labels));

function workload(fields: Readonly<Record<string, Schema>>, required: readonly string[]): Schema {
  return open({ metadata: METADATA, spec: open({ selector: LABEL_SELECTOR, template: POD_TEMPLATE, ...fields }, ["template", ...required], { rules: [SELECTS_ITS_PODS] }) }, ["metadata", "spec"]);
}

const SCALED: Readonly<Record<string, Schema>> = { replicas: { ...integer(0), default: 1 } };

export const DEPLOYMENT: Schema = workload(SCALED, ["selector"]);
export const REPLICA_SET: Schema = workload(SCALED, ["selector"]);
export const DAEMON_SET: Schema = workload({}, ["selector"]);
export const JOB: Schema = workload({ parallelism: COUNT, completions: COUNT }, []);
export const STATEFUL_SET: Schema = workload({ ...SCALED, volumeClaimTemplates: listOf(open({ metadata: open({ name: text({ minLength: 1 }) }, ["name"]) }, ["metadata"])) }, ["selector"]);

/** A share that a budget grants: a count or a percentage. */
const SHARE: Schema = { type: "int-or-string", minimum: 0, pattern: { test: (value) => /^\d{1,9}%$/.test(value), expected: "a count or a percentage such as 50%" } };

/** `policy/v1` PodDisruptionBudget. */
export const POD_DISRUPTION_BUDGET: Schema = open(
  {
    metadata: METADATA,
    spec: open({ selector: LABEL_SELECTOR, minAvailable: SHARE, maxUnavailable: SHARE, unhealthyPodEvictionPolicy: { type: "string", enum: ["IfHealthyBudget", "AlwaysAllow"] } }, [], {
      rules: [rule("minAvailable and maxUnavailable cannot both be set", (self) => self.minAvailable === undefined || self.maxUnavailable === undefined)],
    }),
    status: open({ disruptionsAllowed: integer(), currentHealthy: integer(), desiredHealthy: integer(), expectedPods: integer(), observedGeneration: integer() }),
  },
  ["metadata"],
);
