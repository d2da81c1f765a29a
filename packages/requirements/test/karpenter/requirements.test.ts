import type { NodePool, NodeSelectorRequirementWithMinValues, Operator, PodSpec } from "@groupless/api";
import { expect, test } from "vitest";
import { compatibilityProblems, explain, intersectionProblems, intersects, isCompatible } from "../../src/karpenter/compatible.ts";
import { fromNodePool, fromPod, fromPodStrict, hasPreferredNodeAffinity, heaviestPreference } from "../../src/karpenter/from-object.ts";
import { customLabels, nodeClaimOfNodePool, withoutSimulatedKeys } from "../../src/karpenter/node-claim-template.ts";
import { requirementText } from "../../src/karpenter/requirement-text.ts";
import { exists, requirementOf } from "../../src/karpenter/requirement.ts";
import { NO_REQUIREMENTS, fromLabels, fromSelectorRequirements, hasKey, hasMinValues, intersect, listRequirements, requirementFor, requirements, requirementsText, toSelectorRequirementList, withRequirement } from "../../src/karpenter/requirements.ts";
import { CORE_LABELS } from "../../src/labels/label-tables.ts";

const ZONE = "topology.kubernetes.io/zone";
const WELL_KNOWN = new Set(CORE_LABELS.wellKnown);
const api = (key: string, operator: Operator, ...values: string[]): NodeSelectorRequirementWithMinValues => ({ key, operator, values });
const all = (...list: NodeSelectorRequirementWithMinValues[]) => fromSelectorRequirements(list);
const texts = (from: Parameters<typeof listRequirements>[0]) => listRequirements(from).map(requirementText);

test("P-017 requirements of one key are intersected, whatever name the key goes by", () => {
  expect(texts(all(api(ZONE, "In", "a", "b"), api("failure-domain.beta.kubernetes.io/zone", "NotIn", "b"), api("arch", "Exists")))).toEqual(["arch Exists", `${ZONE} In [a]`]);
  expect(texts(requirements([requirementOf(api("k", "In", "a", "b")), requirementOf(api("k", "In", "b"))]))).toEqual(["k In [b]"]);
  expect(texts(intersect(all(api("k", "Gt", "1"), api("a", "Exists")), all(api("k", "Lt", "9"), api("z", "Exists"))))).toEqual(["a Exists", "k Exists >=2 <=8", "z Exists"]);
  expect(texts(withRequirement(all(api("k", "In", "a")), requirementOf(api("k", "NotIn", "a"))))).toEqual(["k DoesNotExist"]);
  expect(fromSelectorRequirements(undefined)).toEqual(NO_REQUIREMENTS);
  expect(fromLabels(undefined)).toEqual(NO_REQUIREMENTS);
});

test("combining leaves its operands as they were", () => {
  const a = all(api("k", "In", "a", "b"));
  const before = JSON.stringify(a);
  intersect(a, all(api("k", "In", "b")));
  withRequirement(a, requirementOf(api("j", "Exists")));
  expect(JSON.stringify(a)).toBe(before);
  expect(Object.keys(NO_REQUIREMENTS)).toEqual([]);
});

test("an undefined key may be anything, though it is not defined", () => {
  expect(requirementFor(NO_REQUIREMENTS, "k")).toEqual(exists("k"));
  expect(requirementFor(all(api("k", "In", "a")), "k").values).toEqual(["a"]);
  expect(hasKey(all(api("k", "In", "a")), "k")).toBe(true);
  expect(hasKey(NO_REQUIREMENTS, "toString")).toBe(false);
  expect(hasKey({}, "toString")).toBe(false);
  expect(requirementFor({}, "toString")).toEqual(exists("toString"));
});

test("P-028 minValues anywhere is noticed", () => {
  expect(hasMinValues(all({ ...api("k", "Exists"), minValues: 1 }, api("j", "Exists")))).toBe(true);
  expect(hasMinValues(all(api("k", "Exists")))).toBe(false);
});

test("P-025 the text is in order and hides restricted keys", () => {
  expect(requirementsText(all(api("b", "In", "x"), api("kubernetes.io/hostname", "In", "n"), api("a", "Exists")))).toBe("a Exists, b In [x]");
  expect(requirementsText(NO_REQUIREMENTS)).toBe("");
  expect(toSelectorRequirementList(all(api("b", "Gt", "1"), api("a", "In", "x"), api("b", "Lt", "9")))).toEqual([api("a", "In", "x"), api("b", "Gte", "2"), api("b", "Lte", "8")]);
});

test("P-021 strictly, a key that is asked for must be defined, unless its absence will do", () => {
  for (const operator of ["In", "Exists", "Gt", "Lte"] as const) expect(isCompatible(NO_REQUIREMENTS, all(api("k", operator, "1")))).toBe(false);
  expect(isCompatible(NO_REQUIREMENTS, all(api("k", "NotIn", "1")))).toBe(true);
  expect(isCompatible(NO_REQUIREMENTS, all(api("k", "DoesNotExist")))).toBe(true);
  expect(isCompatible(NO_REQUIREMENTS, all(api("k", "In")))).toBe(true);
  expect(isCompatible(NO_REQUIREMENTS, all(api(ZONE, "In", "a")))).toBe(false);
  expect(isCompatible(fromLabels({ k: "1" }), all(api("k", "In", "1")))).toBe(true);
  expect(isCompatible(fromLabels({ k: "1" }), all(api("k", "In", "2")))).toBe(false);
  // The operator a bound came from counts: with an exclusion it reads NotIn, alone Exists.
  expect(isCompatible(NO_REQUIREMENTS, all(api("k", "Gt", "1"), api("k", "NotIn", "5")))).toBe(true);
});

test("P-020 well-known keys may be undefined where that is allowed", () => {
  expect(isCompatible(NO_REQUIREMENTS, all(api(ZONE, "In", "a")), WELL_KNOWN)).toBe(true);
  expect(isCompatible(NO_REQUIREMENTS, all(api("k", "In", "a")), WELL_KNOWN)).toBe(false);
  expect(isCompatible(all(api(ZONE, "In", "b")), all(api(ZONE, "In", "a")), WELL_KNOWN)).toBe(false);
});

test("P-022 only keys of both sides matter to intersects; two sides that accept absence always agree", () => {
  expect(intersects(all(api("a", "In", "1")), all(api("b", "In", "1")))).toBe(true);
  expect(intersects(all(api("a", "In", "1")), all(api("a", "In", "2")))).toBe(false);
  expect(intersects(all(api("a", "DoesNotExist")), all(api("a", "DoesNotExist")))).toBe(true);
  expect(intersects(all(api("a", "DoesNotExist")), all(api("a", "NotIn", "1")))).toBe(true);
  expect(intersects(all(api("a", "NotIn", "1")), all(api("a", "DoesNotExist")))).toBe(true);
  expect(intersects(all(api("a", "DoesNotExist")), all(api("a", "Exists")))).toBe(false);
  expect(intersects(all(api("a", "Exists")), all(api("a", "DoesNotExist")))).toBe(false);
  expect(intersects(all(api("a", "In", "1")), all(api("a", "NotIn", "1")))).toBe(false);
});

test("P-023 an undefined key is reported alone, with the known key it may be a misspelling of", () => {
  const problems = compatibilityProblems(all(api("a", "In", "1")), all(api("zone", "In", "x"), api("a", "In", "2")), WELL_KNOWN);
  expect(problems).toEqual([{ code: "undefined-key", canResolve: false, key: "zone", hint: ZONE }]);
  expect(problems.map(explain)).toEqual([`label "zone" does not have known values (typo of "${ZONE}"?)`]);
  expect(compatibilityProblems(NO_REQUIREMENTS, all(api("foo", "Exists"))).map(explain)).toEqual(['label "foo" does not have known values']);
  expect(compatibilityProblems(all(api("company.io/team", "Exists")), all(api("team", "Exists"))).map(explain)).toEqual(['label "team" does not have known values (typo of "company.io/team"?)']);
  // Of several the first in key order.
  expect(compatibilityProblems(NO_REQUIREMENTS, all(api("y", "Exists"), api("x", "Exists")))).toMatchObject([{ key: "x" }]);
});

test("P-024 every key without a common value is reported, in key order", () => {
  const existing = all(api("b", "In", "1"), api("a", "Gt", "5"), api("c", "Exists"));
  const incoming = all(api("b", "In", "2"), api("a", "Lt", "3"), api("c", "Exists"));
  const problems = compatibilityProblems(existing, incoming);
  expect(problems.map(explain)).toEqual(["key a, a Exists <=2 not in a Exists >=6", "key b, b In [2] not in b In [1]"]);
  expect(intersectionProblems(existing, incoming)).toEqual(problems);
  expect(problems.every(({ code, canResolve }) => code === "incompatible-key" && !canResolve)).toBe(true);
  expect(compatibilityProblems(existing, existing)).toEqual([]);
});

const preferring = (...weights: number[]): PodSpec => ({
  containers: [],
  nodeSelector: { team: "x", [ZONE]: "a" },
  affinity: {
    nodeAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: weights.map((weight, index) => ({ weight, preference: { matchExpressions: [api("preferred", "In", `${index}`)] } })),
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [api(ZONE, "In", "a", "b")] }, { matchExpressions: [api(ZONE, "In", "c")] }] },
    },
  },
});

test("P-026 a pod requires its node selector, its heaviest preference and its first required term", () => {
  expect(texts(fromPod({ spec: preferring(1, 5, 5, 3) }))).toEqual(["preferred In [1]", "team In [x]", `${ZONE} In [a]`]);
  expect(fromPod({ spec: { containers: [] } })).toEqual(NO_REQUIREMENTS);
  expect(texts(fromPod({ spec: { containers: [], affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{}] } } } } }))).toEqual([]);
  const spec = preferring(1, 5);
  const before = JSON.stringify(spec);
  fromPod({ spec });
  expect(JSON.stringify(spec)).toBe(before);
  expect(heaviestPreference(spec)).toEqual({ matchExpressions: [api("preferred", "In", "1")] });
});

test("P-027 strictly, preferences do not count", () => {
  expect(texts(fromPodStrict({ spec: preferring(1) }))).toEqual(["team In [x]", `${ZONE} In [a]`]);
  expect(hasPreferredNodeAffinity({ spec: preferring(1) })).toBe(true);
  expect(hasPreferredNodeAffinity({ spec: preferring() })).toBe(false);
  expect(hasPreferredNodeAffinity({ spec: { containers: [], affinity: {} } })).toBe(false);
  expect(hasPreferredNodeAffinity({ spec: { containers: [] } })).toBe(false);
});

const nodePool = {
  metadata: { name: "default", uid: "u" },
  spec: {
    template: {
      metadata: { labels: { team: "x" }, annotations: { note: "n" } },
      spec: { nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "gpu" }, expireAfter: "720h", requirements: [api(ZONE, "In", "a"), api("gen", "Gt", "4"), api("gone", "DoesNotExist")] },
    },
  },
} as unknown as NodePool;

test("P-151 a pool's requirements hold its labels, name and node class, and what daemons may select on", () => {
  expect(texts(fromNodePool(nodePool))).toEqual([
    "gen Exists >=5",
    "gone DoesNotExist",
    "karpenter.k8s.aws/ec2nodeclass In [gpu]",
    "karpenter.sh/initialized In [true]",
    "karpenter.sh/nodepool In [default]",
    "karpenter.sh/registered In [true]",
    "team In [x]",
    `${ZONE} In [a]`,
  ]);
  expect(Object.keys(withoutSimulatedKeys(fromNodePool(nodePool))).filter((key) => key.endsWith("ed"))).toEqual([]);
});

test("P-152 a NodeClaim gets a label for every custom key its requirements settle", () => {
  const { metadata, spec } = nodeClaimOfNodePool(nodePool, { hash: "1" });
  expect(metadata).toEqual({
    generateName: "default-",
    labels: { team: "x", gen: "5", "karpenter.sh/nodepool": "default", "karpenter.k8s.aws/ec2nodeclass": "gpu" },
    annotations: { note: "n", hash: "1" },
    ownerReferences: [{ apiVersion: "karpenter.sh/v1", kind: "NodePool", name: "default", uid: "u", blockOwnerDeletion: true }],
  });
  expect(spec).toMatchObject({ expireAfter: "720h", nodeClassRef: { name: "gpu" } });
  expect(spec.requirements.map(({ key }) => key)).toEqual(["gen", "gone", "karpenter.k8s.aws/ec2nodeclass", "karpenter.sh/nodepool", "team", ZONE]);
  expect(customLabels(all(api("kubernetes.io/hostname", "In", "n"), api("k", "In", ""), api("j", "In", "v")))).toEqual({ j: "v" });
  expect(nodeClaimOfNodePool({ ...nodePool, metadata: { name: "p" } }).metadata.ownerReferences?.[0]?.uid).toBe("p");
  expect(nodeClaimOfNodePool(nodePool).metadata.annotations).toEqual({ note: "n" });
});

test("keys that are properties of every object are keys like others", () => {
  const odd = fromLabels(JSON.parse('{"__proto__": "1", "constructor": "2"}'));
  expect(texts(odd)).toEqual(["__proto__ In [1]", "constructor In [2]"]);
  expect(isCompatible(NO_REQUIREMENTS, odd)).toBe(false);
  expect(texts(intersect(odd, odd))).toEqual(["__proto__ In [1]", "constructor In [2]"]);
});

test("one key that does not suit is enough, however many do", () => {
  const node = all(api("a", "In", "1"), api("b", "In", "1"));
  for (const pod of [all(api("a", "In", "1"), api("b", "In", "2")), all(api("a", "In", "2"), api("b", "In", "1"))]) {
    expect(intersects(node, pod)).toBe(false);
    expect(isCompatible(node, pod)).toBe(false);
  }
  expect(intersects(node, NO_REQUIREMENTS)).toBe(true);
  expect(isCompatible(node, NO_REQUIREMENTS)).toBe(true);
});

test("a reason has a hint only where there is one", () => {
  expect(Object.keys(compatibilityProblems(NO_REQUIREMENTS, all(api("zone", "In", "a")), WELL_KNOWN)[0] as object)).toContain("hint");
  expect(Object.keys(compatibilityProblems(NO_REQUIREMENTS, all(api("nowhere-near", "In", "a")))[0] as object)).not.toContain("hint");
});

test("pods and pools with parts missing ask for nothing there", () => {
  const specs = [{}, { affinity: {} }, { affinity: { podAffinity: {} } }, { affinity: { nodeAffinity: {} } }, { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: {} } } }, { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } } }];
  for (const spec of specs as unknown as PodSpec[]) {
    expect(texts(fromPod({ spec })), JSON.stringify(spec)).toEqual([]);
    expect(texts(fromPodStrict({ spec })), JSON.stringify(spec)).toEqual([]);
    expect(heaviestPreference(spec)).toBeUndefined();
    expect(hasPreferredNodeAffinity({ spec })).toBe(false);
  }
  const bare = { apiVersion: "karpenter.sh/v1", kind: "NodePool", metadata: { name: "p" }, spec: { template: { spec: { nodeClassRef: { group: "g.io", kind: "Class", name: "c" }, requirements: [], expireAfter: "720h" } }, disruption: { consolidateAfter: "0s" } } } as unknown as NodePool;
  expect(texts(fromNodePool(bare))).toEqual(["g.io/class In [c]", "karpenter.sh/initialized In [true]", "karpenter.sh/nodepool In [p]", "karpenter.sh/registered In [true]"]);
  expect(nodeClaimOfNodePool(bare).metadata.annotations).toEqual({});
});

test("an upper bound alone removes exclusions outside of it", () => {
  expect(texts(all(api("k", "NotIn", "a", "3", "9"), api("k", "Lt", "5")))).toEqual(["k NotIn [3] <=4"]);
  expect(texts(all(api("k", "NotIn", "a", "3", "9"), api("k", "Gt", "5")))).toEqual(["k NotIn [9] >=6"]);
});
