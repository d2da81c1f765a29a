import { expect, test } from "vitest";
import { isRestrictedKey, keyHint, labelDomain, nodeClassLabelKey, normaliseKey, normaliseValue } from "../../src/labels/label-key.ts";
import { labelKeyErrors, labelValueErrors } from "../../src/labels/label-syntax.ts";
import { AWS_LABELS, CORE_LABELS, withLabels } from "../../src/labels/label-tables.ts";

test("P-029 a key is restricted by its domain or a subdomain of it, unless it is well known", () => {
  for (const key of ["karpenter.sh/x", "sub.karpenter.sh/x", "deep.sub.karpenter.sh/x", "karpenter.sh/", "kubernetes.io/hostname"]) expect(isRestrictedKey(key), key).toBe(true);
  for (const key of ["karpenter.sh/capacity-type", "xkarpenter.sh/x", "karpenter.sh.io/x", "karpenter.sh", "Karpenter.sh/x", "kubernetes.io/custom", "team", "", "/karpenter.sh"]) expect(isRestrictedKey(key), key).toBe(false);
  expect(isRestrictedKey("karpenter.k8s.aws/instance-cpu", AWS_LABELS)).toBe(false);
  expect(isRestrictedKey("karpenter.k8s.aws/custom", AWS_LABELS)).toBe(true);
  expect(isRestrictedKey("karpenter.k8s.aws/custom")).toBe(false);
});

test("a key's domain is what stands before its first slash", () => {
  expect(["a/b", "a/b/c", "a", "", "/a"].map(labelDomain)).toEqual(["a", "a", "", "", ""]);
});

test("P-018 the five old names have current ones, others stay", () => {
  expect(["beta.kubernetes.io/arch", "beta.kubernetes.io/os", "beta.kubernetes.io/instance-type", "failure-domain.beta.kubernetes.io/region", "failure-domain.beta.kubernetes.io/zone"].map((key) => normaliseKey(key))).toEqual([
    "kubernetes.io/arch",
    "kubernetes.io/os",
    "node.kubernetes.io/instance-type",
    "topology.kubernetes.io/region",
    "topology.kubernetes.io/zone",
  ]);
  for (const key of ["team", "constructor", "__proto__", ""]) expect(normaliseKey(key)).toBe(key);
});

test("P-019 values have other spellings where the tables say so", () => {
  const tables = withLabels(CORE_LABELS, { valueAliases: { zone: { "": "0" } } });
  expect([normaliseValue("zone", "", tables), normaliseValue("zone", "a", tables), normaliseValue("other", "", tables), normaliseValue("zone", "")]).toEqual(["0", "a", "", ""]);
  expect(normaliseValue("zone", "constructor", tables)).toBe("constructor");
  expect(normaliseValue("constructor", "a", tables)).toBe("a");
});

test("tables are extended without changing the ones before", () => {
  const before = JSON.stringify(CORE_LABELS);
  const more = withLabels(CORE_LABELS, { wellKnown: ["b", "a", "karpenter.sh/nodepool"], restrictedDomains: ["x.io"], restricted: ["r"], aliases: { old: "new" }, valueAliases: { k: { a: "b" } }, knownValues: { k: ["v"] }, offerings: ["o"] });
  expect(JSON.stringify(CORE_LABELS)).toBe(before);
  expect(more.wellKnown).toEqual([...new Set(["a", "b", ...CORE_LABELS.wellKnown])].sort());
  expect(more).toMatchObject({ restrictedDomains: ["karpenter.sh", "x.io"], restricted: ["kubernetes.io/hostname", "r"], offerings: ["karpenter.sh/capacity-type", "o", "topology.kubernetes.io/zone"] });
  expect(more.aliases).toEqual({ ...CORE_LABELS.aliases, old: "new" });
  expect(more.knownValues).toEqual({ ...CORE_LABELS.knownValues, k: ["v"] });
  expect(more.valueAliases).toEqual({ k: { a: "b" } });
  expect(withLabels(CORE_LABELS, {})).toEqual({ ...CORE_LABELS, wellKnown: [...CORE_LABELS.wellKnown].sort() });
});

test("P-029 the tables are Karpenter's, and what its AWS provider adds", () => {
  expect(CORE_LABELS.wellKnown).toHaveLength(8);
  expect(AWS_LABELS.wellKnown).toHaveLength(36);
  expect(CORE_LABELS.knownValues).toEqual({ "karpenter.sh/capacity-type": ["on-demand", "reserved", "spot"] });
  expect(AWS_LABELS.knownValues).toMatchObject({ "karpenter.k8s.aws/instance-tenancy": ["dedicated", "default"] });
});

test("a node class has a label of its group and kind", () => {
  expect(nodeClassLabelKey({ group: "karpenter.k8s.aws", kind: "EC2NodeClass" })).toBe("karpenter.k8s.aws/ec2nodeclass");
});

test("P-023 a hint is a known key that contains the unknown one, or ends as it does", () => {
  const known = CORE_LABELS.wellKnown;
  const hints = { zone: "topology.kubernetes.io/zone", region: "topology.kubernetes.io/region", nodepool: "karpenter.sh/nodepool", arch: "kubernetes.io/arch", "topology.kubernetesio/zone": "topology.kubernetes.io/zone", "topology.kubernetes.io/regio": "topology.kubernetes.io/region", "node.kubernetes.io/region": "topology.kubernetes.io/region" };
  for (const [key, hint] of Object.entries(hints)) expect(keyHint(key, known), key).toBe(hint);
  expect(keyHint("foo", known)).toBeUndefined();
  // Well-known keys first, each list in name order.
  expect(keyHint("k", ["b/k", "a/k"], ["0/k"])).toBe("a/k");
  expect(keyHint("k", [], ["b/k", "a/k"])).toBe("a/k");
});

const NAME = "consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

test("P-031 a label key is a name with an optional domain", () => {
  for (const key of ["a", "team", "A_b.c-d", "company.io/team", "a-b.c1/x", "1", "1/1", "a".repeat(63), `${"a".repeat(253)}/x`]) expect(labelKeyErrors(key), key).toEqual([]);
  expect(labelKeyErrors("")).toEqual(["name part must be non-empty", expect.stringContaining(`name part must ${NAME}`)]);
  expect(labelKeyErrors("company.io/")).toHaveLength(2);
  expect(labelKeyErrors("/x")).toEqual(["prefix part must be non-empty"]);
  expect(labelKeyErrors("a".repeat(64))).toEqual(["name part must be no more than 63 bytes"]);
  expect(labelKeyErrors(`${"a".repeat(254)}/x`)).toEqual(["prefix part must be no more than 253 bytes"]);
  for (const key of ["-bad", "bad-", "bad key", "é", "..", "a\n", ".a", "a_"]) expect(labelKeyErrors(key), key).toEqual([expect.stringContaining(`name part must ${NAME}`)]);
  for (const key of ["company_io/team", "COMPANY.io/team", "-a/x", "a-/x", "a..b/x", ".a/x"]) expect(labelKeyErrors(key), key).toEqual([expect.stringContaining("prefix part a lowercase RFC 1123 subdomain must consist of lower case")]);
  expect(labelKeyErrors("a/b/c")).toEqual([expect.stringMatching(/^a valid label key must consist .* with an optional DNS subdomain prefix and '\/' \(e\.g\. 'example\.com\/MyName'\)$/)]);
  expect(labelKeyErrors("a/b/c/d")).toHaveLength(1);
});

test("P-031 a label value is empty or a name", () => {
  for (const value of ["", "a", "a-b", "a_b", "a.b", "1.5", "v".repeat(63)]) expect(labelValueErrors(value), value).toEqual([]);
  for (const value of ["-a", "a-", ".a", "a b", "+1", "é", "a/b", "\t", "a\n"]) expect(labelValueErrors(value), value).toEqual([expect.stringContaining(`a valid label must be an empty string or ${NAME}`)]);
  expect(labelValueErrors("v".repeat(64))).toEqual(["must be no more than 63 bytes"]);
});

test("lengths are counted in bytes", () => {
  expect(labelValueErrors("é".repeat(31))).toHaveLength(1);
  expect(labelValueErrors("é".repeat(32))).toEqual(["must be no more than 63 bytes", expect.anything()]);
  expect(labelValueErrors("€".repeat(21))).toHaveLength(1);
  expect(labelValueErrors("€".repeat(22))).toHaveLength(2);
  expect(labelValueErrors("\u{1F600}".repeat(15))).toHaveLength(1);
  expect(labelValueErrors("\u{1F600}".repeat(16))).toHaveLength(2);
  expect(labelValueErrors("\u07ff".repeat(31))).toHaveLength(1);
  expect(labelValueErrors("\u0800".repeat(31))).toHaveLength(2);
  expect(labelValueErrors("\u007f".repeat(63))).toHaveLength(1);
  expect(labelValueErrors("\u0080".repeat(32))).toHaveLength(2);
  expect(labelValueErrors("\uffff".repeat(21))).toHaveLength(1);
});

test("the domain of a key is what stands before its slash", () => {
  expect(["a.io/b", "a.io/", "/b", "b", ""].map(labelDomain)).toEqual(["a.io", "a.io", "", "", ""]);
});

test("a hint ends in what follows the slash, and is looked for in name order", () => {
  expect(keyHint("x/zone", ["b.io/zone", "a.io/zone"])).toBe("a.io/zone");
  expect(keyHint("x/zone", ["a.io/region"], ["d.io/zone", "c.io/zone"])).toBe("c.io/zone");
  expect(keyHint("x/zone", [])).toBeUndefined();
});

test("AWS's well-known labels are those its provider registers", () => {
  for (const key of ["capacity-reservation-id", "capacity-reservation-interruptible", "capacity-reservation-type", "placement-group-id", "placement-group-partition"]) expect(AWS_LABELS.wellKnown).toContain(`karpenter.k8s.aws/${key}`);
  expect(AWS_LABELS.wellKnown).toContain("topology.k8s.aws/zone-id");
  expect(AWS_LABELS.wellKnown).toHaveLength(36);
  expect(AWS_LABELS.wellKnown).toEqual([...AWS_LABELS.wellKnown].sort());
});
