import { applyDefaults, type JsonObject, type Validation, validateCreate, validateUpdate } from "@groupless/manifests";
import { describe, expect, test } from "vitest";
import { at, CAPACITY_BUFFER, EC2_NODE_CLASS, NODE_CLAIM, NODE_OVERLAY, NODE_POOL } from "./objects.ts";

const short = ({ errors }: Validation): readonly string[] => errors.map(({ path, reason, rule }) => [path, reason.replace("FieldValue", ""), ...(rule === undefined ? [] : [rule])].join(" | "));
const refused = (object: JsonObject): readonly string[] => short(validateCreate(object));
const template = "spec.template.spec";

describe("a NodePool", () => {
  test("P-155 that is minimal is valid", () => {
    expect(validateCreate(NODE_POOL)).toEqual({ valid: true, errors: [], rulesRun: true });
  });

  test.each<[string, unknown, readonly string[]]>([
    [`${template}.requirements`, [{ key: "a", operator: "In", values: [] }], ["spec.template.spec.requirements | Invalid | requirements with operator 'In' must have a value defined"]],
    [`${template}.requirements`, [{ key: "a", operator: "Nope" }], ["spec.template.spec.requirements[0].operator | NotSupported"]],
    [`${template}.requirements`, [{ key: "karpenter.sh/x", operator: "Exists" }], ['spec.template.spec.requirements[0].key | Invalid | label domain "karpenter.sh" is restricted']],
    [`${template}.requirements`, [{ key: "a", operator: "Gt", values: ["x"] }], ["spec.template.spec.requirements | Invalid | type conversion error from 'string' to 'int' evaluating rule: requirements operator 'Gt', 'Lt', 'Gte', or 'Lte' must have a single positive integer value"]],
    [`${template}.requirements`, [{ key: "a", operator: "In", values: ["x"], minValues: 2 }], ["spec.template.spec.requirements | Invalid | requirements with 'minValues' must have at least that many values specified in the 'values' field"]],
    [`${template}.taints`, [{ key: "a", value: "", effect: "NoSchedule" }], ["spec.template.spec.taints[0].value | Invalid"]],
    [`${template}.nodeClassRef`, undefined, ["spec.template.spec.nodeClassRef | Required"]],
    [`${template}.nodeClassRef.group`, "a/b", ["spec.template.spec.nodeClassRef.group | Invalid"]],
    [`${template}.terminationGracePeriod`, "Never", ["spec.template.spec.terminationGracePeriod | Invalid"]],
    ["spec.template.metadata", { labels: { "kubernetes.io/hostname": "a" } }, ['spec.template.metadata.labels | Invalid | label "kubernetes.io/hostname" is restricted']],
    ["spec.disruption.consolidateAfter", undefined, ["spec.disruption.consolidateAfter | Required"]],
    ["spec.disruption.consolidationPolicy", "WhenUnderutilized", ["spec.disruption.consolidationPolicy | NotSupported"]],
    ["spec.disruption.budgets", [{ nodes: "101%" }], ["spec.disruption.budgets[0].nodes | Invalid"]],
    ["spec.disruption.budgets", [{ nodes: "1", schedule: "@daily" }], ["spec.disruption.budgets | Invalid | 'schedule' must be set with 'duration'"]],
    ["spec.disruption.budgets", [{ nodes: "1", reasons: ["Empty", "Empty"] }], ["spec.disruption.budgets[0].reasons[1] | Duplicate"]],
    ["spec.weight", 101, ["spec.weight | Invalid"]],
    ["spec.limits", { cpu: "x" }, ["spec.limits.cpu | Invalid"]],
  ])("P-155 with %s %j is refused with path, reason and rule", (path, value, errors) => {
    expect(refused(at(NODE_POOL, path, value))).toEqual(errors);
  });

  test("D-130 a budget is a count or a share, has its schedule and duration together, and names no reason twice", () => {
    const refusedBudget = (budget: object): readonly string[] => refused(at(NODE_POOL, "spec.disruption.budgets", [budget]));
    expect(refusedBudget({ nodes: "10%", schedule: "0 9 * * 1-5", duration: "8h", reasons: ["Empty", "Drifted"] })).toEqual([]);
    expect(refusedBudget({ nodes: "101%" })).toEqual(["spec.disruption.budgets[0].nodes | Invalid"]);
    expect(refusedBudget({ nodes: "1", schedule: "@daily" })).toEqual(["spec.disruption.budgets | Invalid | 'schedule' must be set with 'duration'"]);
    expect(refusedBudget({ nodes: "1", duration: "8h" })).toEqual(["spec.disruption.budgets | Invalid | 'schedule' must be set with 'duration'"]);
    expect(refusedBudget({ nodes: "1", schedule: "nonsense", duration: "8h" })).toHaveLength(1);
    expect(refusedBudget({ nodes: "1", reasons: ["Empty", "Empty"] })).toEqual(["spec.disruption.budgets[0].reasons[1] | Duplicate"]);
  });

  test("P-155 P-163 D-187 a static pool has no weight and no limits but nodes", () => {
    const pool = at(at(NODE_POOL, "spec.replicas", 3), "spec.weight", 1);
    expect(refused(at(pool, "spec.limits", { cpu: "1" }))).toEqual(["spec | Invalid | 'weight' is not supported on static NodePools", "spec | Invalid | only 'limits.nodes' is supported on static NodePools"]);
  });

  test("P-155 a rule is not asked while a field is missing", () => {
    const pool = at(at(NODE_POOL, `${template}.requirements`, [{ key: "a", operator: "In", values: [] }]), `${template}.nodeClassRef`, undefined);
    expect(validateCreate(pool).rulesRun).toBe(false);
    expect(refused(pool)).toEqual(["spec.template.spec.nodeClassRef | Required"]);
  });

  test("P-155 only the AWS provider's definition knows the labels of its domain", () => {
    const pool = at(NODE_POOL, `${template}.requirements`, [{ key: "karpenter.k8s.aws/custom", operator: "Exists" }]);
    expect(validateCreate(pool, { definitions: "core" }).valid).toBe(true);
    expect(refused(pool)).toEqual(['spec.template.spec.requirements[0].key | Invalid | label domain "karpenter.k8s.aws" is restricted']);
  });

  test("P-155 an update may keep what is wrong but not make it worse", () => {
    const heavy = at(NODE_POOL, "spec.weight", 1000);
    expect(validateUpdate(at(heavy, "spec.disruption.consolidateAfter", "9m"), heavy).valid).toBe(true);
    expect(short(validateUpdate(at(NODE_POOL, "spec.weight", 1001), heavy))).toEqual(["spec.weight | Invalid"]);
    expect(short(validateUpdate(at(NODE_POOL, "spec.replicas", 1), NODE_POOL))).toEqual(["spec | Invalid | Cannot transition NodePool between static (replicas set) and dynamic (replicas unset) provisioning modes"]);
    expect(short(validateUpdate(at(NODE_POOL, `${template}.nodeClassRef.kind`, "Other"), NODE_POOL))).toEqual(["spec.template.spec.nodeClassRef | Invalid | nodeClassRef.kind is immutable"]);
  });
});

test("P-156 a NodeClaim's spec never changes", () => {
  expect(validateUpdate(NODE_CLAIM, NODE_CLAIM).valid).toBe(true);
  expect(validateUpdate(at(NODE_CLAIM, "spec.expireAfter", "720h"), NODE_CLAIM).valid).toBe(true);
  expect(short(validateUpdate(at(NODE_CLAIM, "spec.expireAfter", "1h"), NODE_CLAIM))).toEqual(["spec | Invalid | spec is immutable"]);
  expect(refused(at(NODE_CLAIM, "spec.requirements", [{ key: "karpenter.sh/nodepool", operator: "Exists" }]))).toEqual([]);
});

describe("P-157 D-131 defaults", () => {
  test("fill an absent disruption block whole, and a present one but for consolidateAfter", () => {
    expect(applyDefaults(at(NODE_POOL, "spec.disruption", undefined))).toMatchObject({ spec: { disruption: { consolidateAfter: "0s", consolidationPolicy: "WhenEmptyOrUnderutilized", budgets: [{ nodes: "10%" }] }, template: { spec: { expireAfter: "720h" } } } });
    expect(validateCreate(at(NODE_POOL, "spec.disruption", {})).valid).toBe(false);
  });

  test("drop what the definition does not know, and nulls", () => {
    expect(applyDefaults(at(at(NODE_POOL, `${template}.kubelet`, { maxPods: 5 }), "spec.weight", null))).toEqual(applyDefaults(NODE_POOL));
  });

  test.each([NODE_POOL, NODE_CLAIM, NODE_OVERLAY, CAPACITY_BUFFER, EC2_NODE_CLASS].map((object) => [String(object["kind"]), object] as const))("applied twice to a %s change nothing more", (_, object) => {
    const once = applyDefaults(object);
    expect(applyDefaults(once)).toEqual(once);
  });
});

test("P-165 a NodeOverlay sets a price or adjusts it, and adds extended resources only", () => {
  expect(validateCreate(at(NODE_OVERLAY, "spec.priceAdjustment", "-99.99%")).valid).toBe(true);
  expect(refused(at(NODE_OVERLAY, "spec.priceAdjustment", "-101%"))).toEqual(["spec.priceAdjustment | Invalid"]);
  expect(refused(at(at(NODE_OVERLAY, "spec.price", "1"), "spec.priceAdjustment", "+1"))).toEqual(["spec | Invalid | cannot set both 'price' and 'priceAdjustment'"]);
  expect(refused(at(NODE_OVERLAY, "spec.capacity", { cpu: "1" }))).toEqual(["spec.capacity | Invalid | invalid resource restricted"]);
});

test("P-168 a CapacityBuffer refers to a template or to something scalable", () => {
  expect(refused(at(CAPACITY_BUFFER, "spec", { podTemplateRef: { name: "t" } }))).toEqual(["spec | Invalid | If podTemplateRef is set, replicas or limits must also be set"]);
  expect(refused(at(at(CAPACITY_BUFFER, "spec.podTemplateRef", { name: "t" }), "spec.scalableRef", { kind: "Deployment", name: "d" }))).toEqual(["spec | Invalid | You must define either PodTemplateRef or ScalableRef, but not both"]);
  expect(applyDefaults(CAPACITY_BUFFER)).toMatchObject({ spec: { provisioningStrategy: "buffer.x-k8s.io/active-capacity" } });
});

describe("an EC2NodeClass", () => {
  test.each<[string, unknown, readonly string[]]>([
    ["spec.role", undefined, ["spec | Invalid | must specify exactly one of ['role', 'instanceProfile']"]],
    ["spec.amiFamily", "AL2", ["spec | Invalid | if set, amiFamily must be 'AL2023' or 'Custom' when using an AL2023 alias"]],
    ["spec.amiSelectorTerms", [{ id: "ami-1" }], ["spec | Invalid | must specify amiFamily if amiSelectorTerms does not contain an alias"]],
    ["spec.amiSelectorTerms", [{ alias: "windows2022@v1" }], ["spec.amiSelectorTerms[0].alias | Invalid | windows families may only specify version 'latest'"]],
    ["spec.subnetSelectorTerms", [{}], ["spec.subnetSelectorTerms | Invalid | expected at least one, got none, ['tags', 'id']"]],
    ["spec.tags", { "kubernetes.io/clusterx": "a" }, ["spec.tags | Invalid | tag contains a restricted tag matching kubernetes.io/cluster/"]],
    ["spec.kubelet", { evictionSoft: { "memory.available": "5%" } }, ["spec.kubelet | Invalid | no such key: evictionSoftGracePeriod evaluating rule: evictionSoft OwnerKey does not have a matching evictionSoftGracePeriod"]],
    ["spec.kubelet", { kubeReserved: { cpu: "-1" } }, ["spec.kubelet.kubeReserved | Invalid | kubeReserved value cannot be a negative resource quantity"]],
    ["spec.blockDeviceMappings", [{ ebs: { volumeSize: "18Ti" } }], ["spec.blockDeviceMappings[0].ebs.volumeSize | Invalid"]],
    ["spec.metadataOptions", { httpPutResponseHopLimit: 65 }, ["spec.metadataOptions.httpPutResponseHopLimit | Invalid"]],
  ])("A-165 with %s %j is refused with path, reason and rule", (path, value, errors) => {
    expect(refused(at(EC2_NODE_CLASS, path, value))).toEqual(errors);
  });

  test("A-165 one term that is good hides another that mixes id and tags, as in the provider's own rule", () => {
    expect(refused(at(EC2_NODE_CLASS, "spec.subnetSelectorTerms", [{ id: "subnet-1", tags: { a: "b" } }, { id: "subnet-2" }]))).toEqual([]);
    expect(refused(at(EC2_NODE_CLASS, "spec.subnetSelectorTerms", [{ id: "subnet-1", tags: { a: "b" } }]))).toHaveLength(1);
  });
});
