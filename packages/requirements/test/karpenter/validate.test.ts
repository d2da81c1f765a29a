import type { NodeSelectorRequirementWithMinValues, Taint } from "@groupless/api";
import { expect, test } from "vitest";
import { explainRequirementProblem, explainTemplateProblem } from "../../src/karpenter/label-problem.ts";
import { knownValueProblems, validateRequirement } from "../../src/karpenter/validate-requirement.ts";
import { validateTemplate } from "../../src/karpenter/validate-template.ts";
import { AWS_LABELS } from "../../src/labels/label-tables.ts";

const CAPACITY_TYPE = "karpenter.sh/capacity-type";
const codes = (requirement: NodeSelectorRequirementWithMinValues, tables = AWS_LABELS) => validateRequirement(requirement, tables).map(({ code }) => code);
const says = (requirement: NodeSelectorRequirementWithMinValues) => validateRequirement(requirement).map((problem) => explainRequirementProblem(problem));

test("P-031 a good requirement has no problems", () => {
  for (const operator of ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt", "Gte", "Lte"] as const) expect(codes({ key: "team", operator, values: ["1"] })).toEqual([]);
  expect(codes({ key: "team", operator: "Exists" })).toEqual([]);
  expect(codes({ key: "team", operator: "In", values: ["a", "b"], minValues: 2 })).toEqual([]);
});

test("P-031 each problem of a requirement is found", () => {
  expect(says({ key: "team", operator: "Equals" as never })).toEqual(["key team has an unsupported operator Equals not in [DoesNotExist Exists Gt Gte In Lt Lte NotIn]"]);
  expect(says({ key: "bad key", operator: "Exists" })[0]).toMatch(/^key bad key is not a qualified name, name part must consist of/);
  expect(says({ key: "team", operator: "In", values: ["-a"] })[0]).toMatch(/^invalid value -a for key team, a valid label must be/);
  expect(says({ key: "team", operator: "In", values: [] })).toEqual(["key team with operator In must have a value defined"]);
  expect(says({ key: "team", operator: "In", values: ["a"], minValues: 2 })).toEqual(["key team with operator In must have at least minimum number of values defined in 'values' field"]);
  expect(codes({ key: "team", operator: "NotIn", values: [], minValues: 2 })).toEqual([]);
});

test("P-031 comparisons want one integer that is not negative", () => {
  const message = (operator: string) => `key team with operator ${operator} must have a single positive integer value`;
  for (const operator of ["Gt", "Lt", "Gte", "Lte"] as const) {
    for (const values of [[], ["1", "2"], ["-1"], ["x"], ["9223372036854775808"]]) expect(says({ key: "team", operator, values }).at(-1)).toBe(message(operator));
    expect(says({ key: "team", operator })).toEqual([message(operator)]);
    expect(says({ key: "team", operator, values: ["0"] })).toEqual([]);
  }
});

test("P-029 restricted keys are refused, under their current names", () => {
  expect(codes({ key: "kubernetes.io/hostname", operator: "Exists" })).toEqual(["restricted-label"]);
  expect(codes({ key: "karpenter.sh/custom", operator: "Exists" })).toEqual(["restricted-label"]);
  expect(codes({ key: "beta.kubernetes.io/arch", operator: "Exists" })).toEqual([]);
  expect(says({ key: "karpenter.sh/custom", operator: "Exists" })).toEqual([
    "using label karpenter.sh/custom is not allowed as it might interfere with the internal provisioning logic; specify a well known label: [karpenter.sh/capacity-type karpenter.sh/nodepool kubernetes.io/arch kubernetes.io/os node.kubernetes.io/instance-type node.kubernetes.io/windows-build topology.kubernetes.io/region topology.kubernetes.io/zone], or a custom label that does not use a restricted domain: [karpenter.sh]",
  ]);
});

test("P-030 of a key with known values some must be known, and enough", () => {
  expect(codes({ key: CAPACITY_TYPE, operator: "In", values: ["spot", "nope"] })).toEqual([]);
  expect(codes({ key: CAPACITY_TYPE, operator: "NotIn", values: ["nope"] })).toEqual([]);
  expect(codes({ key: CAPACITY_TYPE, operator: "In", values: ["spot", "on-demand", "nope"], minValues: 2 })).toEqual([]);
  expect(says({ key: CAPACITY_TYPE, operator: "In", values: ["nope"] })).toEqual([`no valid values found in [nope] for ${CAPACITY_TYPE}, expected one of: map[on-demand:{} reserved:{} spot:{}], got: [nope]`]);
  expect(says({ key: CAPACITY_TYPE, operator: "In", values: ["spot", "nope"], minValues: 2 })).toEqual([
    `not enough valid values found in [spot nope] for ${CAPACITY_TYPE}, expected at least 2 valid values from: [on-demand reserved spot], got: 1`,
  ]);
  expect(codes({ key: "team", operator: "In", values: ["nope"] })).toEqual([]);
  // A key that is known to one provider is unknown to the core.
  const tenancy = { key: "karpenter.k8s.aws/instance-tenancy", operator: "In", values: ["host"] } as const;
  expect(codes(tenancy)).toEqual(["no-known-values"]);
  expect(validateRequirement(tenancy)).toEqual([]);
});

test("P-030 known values are asked for on well-known keys only", () => {
  expect(knownValueProblems({ key: CAPACITY_TYPE, operator: "In", values: ["spot", "x"] })).toEqual([]);
  expect(knownValueProblems({ key: "team", operator: "In", values: ["x"] })).toEqual([]);
  expect(knownValueProblems({ key: CAPACITY_TYPE, operator: "In" }).map((problem) => explainRequirementProblem(problem))).toEqual([`invalid values: [] for key: ${CAPACITY_TYPE}, expected one of: [on-demand reserved spot]`]);
  expect(knownValueProblems({ key: "kubernetes.io/arch", operator: "In", values: ["amd64"] }).map((problem) => explainRequirementProblem(problem))).toEqual(["invalid values: [amd64] for key: kubernetes.io/arch, expected one of: []"]);
});

const problems = (template: Parameters<typeof validateTemplate>[0]) => validateTemplate(template).map((problem) => explainTemplateProblem(problem));
const taint = (key: string, effect: string, value?: string): Taint => ({ key, effect, ...(value === undefined ? {} : { value }) }) as Taint;

test("P-155 a template's labels are checked", () => {
  expect(problems({})).toEqual([]);
  expect(problems({ metadata: { labels: { team: "x", "kubernetes.io/arch": "amd64" } }, spec: {} })).toEqual([]);
  expect(problems({ metadata: { labels: { "karpenter.sh/nodepool": "x" } } })).toEqual(['invalid key name "karpenter.sh/nodepool" in labels, restricted']);
  expect(problems({ metadata: { labels: { "/x": "x" } } })).toEqual(['invalid key name "/x" in labels, "prefix part must be non-empty"']);
  expect(problems({ metadata: { labels: { team: "-" } } })[0]).toMatch(/^invalid value: - for label\[team\], a valid label must be/);
  expect(problems({ metadata: { labels: { "kubernetes.io/hostname": "x" } } })[0]).toMatch(/^invalid key name "kubernetes.io\/hostname" in labels, using label kubernetes.io\/hostname is not allowed/);
  expect(validateTemplate({ metadata: { labels: { b: "-", a: "-" } } }).map(({ key }) => key)).toEqual(["a", "b"]);
});

test("P-155 a template's taints are checked, and their pairs of key and effect counted across both lists", () => {
  expect(problems({ spec: { taints: [taint("a", "NoSchedule"), taint("a", "NoExecute"), taint("a", ""), taint("a", "PreferNoSchedule")] } })).toEqual([]);
  expect(problems({ spec: { taints: [taint("a", "NoSchedule", "x"), taint("a", "NoSchedule", "y")] } })).toEqual(["duplicate taint Key/Effect pair a=NoSchedule"]);
  expect(problems({ spec: { taints: [taint("a", "NoSchedule")], startupTaints: [taint("a", "NoSchedule")] } })).toEqual(["duplicate taint Key/Effect pair a=NoSchedule"]);
  expect(problems({ spec: { startupTaints: [taint("a", "Nope")] } })).toEqual(['invalid value: "Nope" in startupTaints']);
  expect(problems({ spec: { taints: [taint("a", "NoSchedule", "b c")] } })[0]).toMatch(/^invalid value: name part must consist of .* in taints$/);
  expect(problems({ spec: { taints: [taint("a", "NoSchedule", "")] } })).toEqual([]);
  expect(problems({ spec: { taints: [taint("", "NoSchedule")] } })).toEqual(["invalid value: %!w(<nil>) in taints", "invalid value: name part must be non-empty in taints", expect.stringMatching(/^invalid value: name part must consist of .* in taints$/)]);
  expect(problems({ spec: { taints: [taint("a", "Nope"), taint("", "NoSchedule")] } })[1]).toBe('invalid value: invalid value: "Nope" in taints in taints');
  expect(problems({ spec: { taints: [taint("a", "X"), taint("b", "Y"), taint("", "NoSchedule")] } })[2]).toBe('invalid value: invalid value: "X" in taints; invalid value: "Y" in taints in taints');
});

test("P-155 a template's requirements are checked, the pool's own name among them", () => {
  expect(problems({ spec: { requirements: [{ key: "team", operator: "In", values: ["a"] }] } })).toEqual([]);
  expect(problems({ spec: { requirements: [{ key: "team", operator: "In", values: ["a"], minValues: 3 }, { key: "team", operator: "Gt", values: ["x"] }] } })).toEqual([
    "invalid value: key team with operator In must have at least minimum number of values defined in 'values' field in requirements, restricted",
    "invalid value: key team with operator Gt must have a single positive integer value in requirements, restricted",
  ]);
  expect(problems({ spec: { requirements: [{ key: "team", operator: "In", minValues: 1 }] } })).toEqual([
    "invalid value: key team with operator In must have a value defined; key team with operator In must have at least minimum number of values defined in 'values' field in requirements, restricted",
  ]);
  expect(problems({ spec: { requirements: [{ key: "karpenter.sh/nodepool", operator: "In", values: ["x"] }] } })).toEqual(['invalid key: "karpenter.sh/nodepool" in requirements, restricted']);
  expect(validateTemplate({ spec: { requirements: [{ key: "team", operator: "In" }] } })).toMatchObject([{ code: "requirement-invalid", canResolve: false, field: "requirements", key: "team", causes: [{ code: "in-without-values", canResolve: false }] }]);
});

test("a provider's tables are used throughout", () => {
  const template = { metadata: { labels: { "karpenter.k8s.aws/custom": "x" } }, spec: { requirements: [{ key: "karpenter.k8s.aws/custom", operator: "Exists" } as const] } };
  expect(validateTemplate(template)).toEqual([]);
  const found = validateTemplate(template, AWS_LABELS);
  expect(found.map(({ code }) => code)).toEqual(["label-key-invalid", "requirement-invalid"]);
  for (const problem of found) expect(explainTemplateProblem(problem, AWS_LABELS)).toContain("a restricted domain: [karpenter.k8s.aws karpenter.sh]");
});

test("lists in messages are sorted, however the tables have them", () => {
  const tables = { ...AWS_LABELS, wellKnown: ["z", "a"], restrictedDomains: ["z.io", "a.io"], knownValues: { k: ["z", "a"] } };
  expect(explainRequirementProblem({ code: "restricted-label", canResolve: false, requirement: { key: "k", operator: "Exists" } }, tables)).toContain("specify a well known label: [a z], or a custom label that does not use a restricted domain: [a.io z.io]");
  expect(explainRequirementProblem({ code: "unknown-values", canResolve: false, requirement: { key: "k", operator: "In", values: ["x"] } }, tables)).toContain("expected one of: [a z]");
});

test("no problem of a template or a requirement goes away by waiting, and each says where it is", () => {
  const taint = (key: string, value = "", effect = "NoSchedule") => ({ key, value, effect }) as Taint;
  const problems = validateTemplate({
    metadata: { labels: { "karpenter.sh/nodepool": "p", "not a key": "v", team: "not a value", "karpenter.sh/custom": "x" } },
    spec: { taints: [taint("not a key"), taint("a", "", "Never"), taint("b"), taint("b")], requirements: [{ key: "karpenter.sh/nodepool", operator: "In", values: ["p"] }, { key: "k", operator: "In", values: [] }] },
  });
  expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(["label-key-invalid", "label-value-invalid", "taint-invalid", "duplicate-taint", "requirement-invalid", "node-pool-key"]));
  for (const problem of problems) {
    expect(problem.canResolve).toBe(false);
    expect(problem.field).toBe({ label: "labels", taint: "taints", requi: "requirements", dupli: "taints", "node-": "requirements" }[problem.code.slice(0, 5)]);
    expect(explainTemplateProblem(problem)).not.toContain("undefined");
  }
  expect(knownValueProblems({ key: CAPACITY_TYPE, operator: "In", values: ["x"] }).map(({ canResolve }) => canResolve)).toEqual([false]);
  expect(knownValueProblems({ key: CAPACITY_TYPE, operator: "Exists" })).toHaveLength(1);
  expect(knownValueProblems({ key: "topology.kubernetes.io/zone", operator: "In", values: ["anything"] })).toHaveLength(1);
});

test("known values of a key that is not well known do not count", () => {
  const tables = { ...AWS_LABELS, knownValues: { ...AWS_LABELS.knownValues, "example.com/size": ["s"] } };
  expect(codes({ key: "example.com/size", operator: "In", values: ["xl"] }, tables)).toEqual([]);
});
