import type { NodePool, NodeSelectorRequirementWithMinValues, NodeSelectorTerm, PodSpec } from "@groupless/api";
import { expect, test } from "vitest";
import { explain } from "../../src/explain.ts";
import { compatible, incompatibilities } from "../../src/requirements/compatible.ts";
import { fromNode, fromNodePool, fromPod, podAlternatives } from "../../src/requirements/from-object.ts";
import { intersectRequirement, requirementOf, valuesOf } from "../../src/requirements/requirement.ts";
import { UNCONSTRAINED, fromLabels, has, implies, intersect, isEmpty, meets, requirementFor, requirements, valuesFor } from "../../src/requirements/requirements.ts";
import { ANYTHING, EMPTY, hasValue } from "../../src/values/value-set.ts";
import { withLabels, CORE_LABELS } from "../../src/labels/label-tables.ts";

const ZONE = "topology.kubernetes.io/zone";
const requirement = (operator: NodeSelectorRequirementWithMinValues["operator"], ...values: string[]): NodeSelectorRequirementWithMinValues => ({ key: "key", operator, values });

test("an operand that is no 64-bit integer accepts nothing", () => {
  for (const operator of ["Gt", "Lt", "Gte", "Lte"] as const) {
    for (const text of ["x", "", "1.5", "9223372036854775808", "-9223372036854775809"]) expect(valuesOf(requirement(operator, text))).toEqual(EMPTY);
    expect(valuesOf(requirement(operator))).toEqual(EMPTY);
    expect(valuesOf({ key: "key", operator })).toEqual(EMPTY);
  }
});

test("beyond the ends of 64 bits there is nothing", () => {
  expect(valuesOf(requirement("Gt", "9223372036854775807"))).toEqual(EMPTY);
  expect(valuesOf(requirement("Lt", "-9223372036854775808"))).toEqual(EMPTY);
  expect(hasValue(valuesOf(requirement("Gte", "9223372036854775807")), "9223372036854775807")).toBe(true);
  expect(hasValue(valuesOf(requirement("Lte", "-9223372036854775808")), "-9223372036854775808")).toBe(true);
});

test("an unknown operator is refused", () => {
  expect(() => valuesOf({ key: "key", operator: "Equals" as never })).toThrow('"Equals" of key key is no operator; expected In, NotIn, Exists, DoesNotExist, Gt, Lt, Gte or Lte');
  expect(() => requirements([{ key: "key", operator: "in" as never, values: ["1"] }])).toThrowError(expect.objectContaining({ code: "requirement-operator" }));
});

test("P-028 the larger minimum of values is kept, and narrows nothing", () => {
  const some = requirementOf({ ...requirement("In", "a", "b"), minValues: 2 });
  expect(intersectRequirement(some, requirementOf(requirement("Exists"))).minValues).toBe(2);
  expect(intersectRequirement(requirementOf(requirement("Exists")), some).minValues).toBe(2);
  expect(intersectRequirement(some, requirementOf({ ...requirement("Exists"), minValues: 3 })).minValues).toBe(3);
  expect(intersectRequirement(requirementOf({ ...requirement("Exists"), minValues: 3 }), some).minValues).toBe(3);
  expect(intersectRequirement(some, some)).toEqual(some);
  expect("minValues" in intersectRequirement(requirementOf(requirement("Exists")), requirementOf(requirement("Exists")))).toBe(false);
  expect("minValues" in requirementOf(requirement("Exists"))).toBe(false);
  expect("minValues" in requirementOf({ ...requirement("Exists"), minValues: null as never })).toBe(false);
  expect(some.values).toEqual(valuesOf(requirement("In", "a", "b")));
});

test("P-018 old names of keys are the current ones, and values where the tables say so", () => {
  const all = requirements([{ key: "failure-domain.beta.kubernetes.io/zone", operator: "In", values: ["a", "b"] }, { key: ZONE, operator: "NotIn", values: ["b"] }]);
  expect(Object.keys(all)).toEqual([ZONE]);
  expect(has(all, ZONE, "a")).toBe(true);
  expect(has(all, ZONE, "b")).toBe(false);
  const tables = withLabels(CORE_LABELS, { valueAliases: { [ZONE]: { "": "0" } } });
  expect(has(requirements([{ key: ZONE, operator: "In", values: [""] }], tables), ZONE, "0")).toBe(true);
});

test("a key that is not mentioned may be anything, or absent", () => {
  expect(valuesFor(UNCONSTRAINED, "key")).toBe(ANYTHING);
  expect(requirementFor(UNCONSTRAINED, "toString").values).toBe(ANYTHING);
  expect(requirementFor({}, "toString").values).toBe(ANYTHING);
  expect(isEmpty(UNCONSTRAINED)).toBe(false);
  expect(requirements(undefined)).toEqual(UNCONSTRAINED);
  expect(fromLabels(undefined)).toEqual(UNCONSTRAINED);
});

test("labels are met by equal values, and by absence where that will do", () => {
  const all = requirements([requirement("NotIn", "a")]);
  expect(meets({}, all)).toBe(true);
  expect(meets({ key: "b" }, all)).toBe(true);
  expect(meets({ key: "a" }, all)).toBe(false);
  expect(meets({}, requirements([requirement("Exists")]))).toBe(false);
  expect(meets({}, requirements([{ key: "toString", operator: "Exists" }]))).toBe(false);
});

test("nothing implies everything", () => {
  const never = requirements([requirement("In")]);
  expect(isEmpty(never)).toBe(true);
  expect(implies(never, requirements([{ key: "other", operator: "In", values: ["a"] }]))).toBe(true);
  expect(implies(UNCONSTRAINED, never)).toBe(false);
});

test("every key that stands in the way is reported, in key order", () => {
  const existing = requirements([{ key: ZONE, operator: "In", values: ["a"] }, { key: "gen", operator: "Gt", values: ["5"] }]);
  const incoming = requirements([{ key: "zone", operator: "In", values: ["a"] }, { key: "gen", operator: "Lte", values: ["5"] }, { key: "arch", operator: "Exists" }]);
  const reasons = incompatibilities(existing, incoming, new Set([ZONE]));
  expect(reasons.map(({ code, key }) => [code, key])).toEqual([["key-not-defined", "arch"], ["no-common-value", "gen"], ["key-not-defined", "zone"]]);
  expect(reasons.every(({ canResolve }) => !canResolve)).toBe(true);
  expect(reasons.map(explain)).toEqual([
    "label arch must be anything, and nothing defines it",
    "label gen is at least 6, and must be at most 5",
    `label zone must be a, and nothing defines it (do you mean ${ZONE}?)`,
  ]);
  expect(compatible(existing, requirements([{ key: "gen", operator: "Gt", values: ["9"] }]))).toBe(true);
  expect(incompatibilities(existing, UNCONSTRAINED)).toEqual([]);
  expect(compatible(requirements([requirement("In")]), UNCONSTRAINED)).toBe(false);
});

const term = (key: string, ...values: string[]): NodeSelectorTerm => ({ matchExpressions: [{ key, operator: "In", values }] });
const podWith = (terms: readonly NodeSelectorTerm[], nodeSelector: Record<string, string> = { team: "x" }): { spec: PodSpec } => ({
  spec: { containers: [], nodeSelector, affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } } },
});

test("P-026 a pod's required terms are alternatives, each with the node selector", () => {
  const alternatives = podAlternatives(podWith([term("a", "1"), term("b", "2")]));
  expect(alternatives).toEqual([fromLabels({ team: "x", a: "1" }), fromLabels({ team: "x", b: "2" })]);
  expect(fromPod(podWith([term("a", "1"), term("b", "2")]))).toEqual(alternatives[0]);
  expect(fromPod({ spec: { containers: [] } })).toEqual(UNCONSTRAINED);
  expect(fromPod({ spec: { containers: [], nodeSelector: { team: "x" }, affinity: {} } })).toEqual(fromLabels({ team: "x" }));
});

test("a blank term matches nothing, as in Kubernetes", () => {
  expect(podAlternatives(podWith([{}, { matchExpressions: [] }, term("a", "1")]))).toEqual([fromLabels({ team: "x", a: "1" })]);
  expect(podAlternatives(podWith([{}]))).toEqual([]);
  expect(isEmpty(fromPod(podWith([])))).toBe(true);
  expect(isEmpty(fromPod(podWith([term("a", "1")])))).toBe(false);
  expect(podAlternatives(podWith([{ matchFields: [{ key: "metadata.name", operator: "In", values: ["n"] }] }]))).toEqual([fromLabels({ team: "x" })]);
});

const nodePool = {
  metadata: { name: "default" },
  spec: { template: { metadata: { labels: { team: "x" } }, spec: { nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "gpu" }, requirements: [{ key: ZONE, operator: "In", values: ["a", "b"] }] } } },
} as unknown as NodePool;

test("a pool's nodes have its labels, its name and its node class", () => {
  const all = fromNodePool(nodePool);
  expect(Object.keys(all).sort()).toEqual(["karpenter.k8s.aws/ec2nodeclass", "karpenter.sh/nodepool", "team", ZONE]);
  expect(has(all, "karpenter.sh/nodepool", "default")).toBe(true);
  expect(has(all, "karpenter.k8s.aws/ec2nodeclass", "gpu")).toBe(true);
  expect(has(intersect(fromPod(podWith([term(ZONE, "b", "c")])), all), ZONE, "b")).toBe(true);
  expect(has(intersect(fromPod(podWith([term(ZONE, "b", "c")])), all), ZONE, "a")).toBe(false);
  expect(fromNode({ apiVersion: "v1", kind: "Node", metadata: { name: "n", labels: { team: "x" } } })).toEqual(fromLabels({ team: "x" }));
});
