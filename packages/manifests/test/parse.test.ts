import { ManifestError, parse } from "@groupless/manifests";
import { describe, expect, test } from "vitest";

const BLOG = `
apiVersion: karpenter.sh/v1beta1
kind: NodePool
metadata:
  name: default
spec:
  template:
    spec:
      requirements:
        - key: kubernetes.io/arch
          operator: In
          values: ["amd64"]
      nodeClassRef:
        name: default
  limits:
    cpu: 1000
  disruption:
    consolidationPolicy: WhenUnderutilized
    expireAfter: 720h
---
apiVersion: karpenter.k8s.aws/v1beta1
kind: EC2NodeClass
metadata:
  name: default
spec:
  amiFamily: AL2
  role: KarpenterNodeRole-demo
  subnetSelectorTerms: [{ tags: { karpenter.sh/discovery: demo } }]
  securityGroupSelectorTerms: [{ tags: { karpenter.sh/discovery: demo } }]
`;

describe("parse", () => {
  test("reads the NodePool and EC2NodeClass of v1beta1 as v1, and says what changed", () => {
    const { nodePools, nodeClasses, conversions } = parse(BLOG);
    expect(nodePools[0]).toEqual({
      apiVersion: "karpenter.sh/v1",
      kind: "NodePool",
      metadata: { name: "default" },
      spec: {
        template: {
          spec: {
            requirements: [{ key: "kubernetes.io/arch", operator: "In", values: ["amd64"] }],
            nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "default" },
            expireAfter: "720h",
          },
        },
        limits: { cpu: "1000" },
        disruption: { consolidationPolicy: "WhenEmptyOrUnderutilized", consolidateAfter: "0s", budgets: [{ nodes: "10%" }] },
      },
    });
    expect(nodeClasses[0]?.spec.amiSelectorTerms).toEqual([{ alias: "al2@latest" }]);
    expect(nodeClasses[0]?.spec.metadataOptions?.httpPutResponseHopLimit).toBe(2);
    expect(conversions).toContainEqual({ object: "NodePool/default", path: "spec.disruption.expireAfter", movedTo: "spec.template.spec.expireAfter", from: "720h", to: "720h" });
  });

  test("P-159 keeps a duration as it was written, and Never", () => {
    const written = (expireAfter: string): string | undefined => parse(pool({ expireAfter })).nodePools[0]?.spec.template.spec.expireAfter;
    expect(written("43200m")).toBe("43200m");
    expect(written("Never")).toBe("Never");
  });

  test("reads Lists, typed lists and dumps, and leaves managed fields and nulls out", () => {
    const { objects } = parse(
      JSON.stringify({
        apiVersion: "v1",
        kind: "PodList",
        items: [
          { metadata: { name: "a", creationTimestamp: null, managedFields: [{}] }, spec: { containers: [{ name: "c", image: "i" }], priority: null } },
          { metadata: { name: "b", namespace: "x" }, spec: { containers: [{ name: "c" }], hostNetwork: true, enableServiceLinks: true } },
        ],
      }),
    );
    expect(objects).toEqual([
      { apiVersion: "v1", kind: "Pod", metadata: { name: "a", namespace: "default" }, spec: { containers: [{ name: "c", image: "i" }], schedulerName: "default-scheduler", terminationGracePeriodSeconds: 30, restartPolicy: "Always" } },
      { apiVersion: "v1", kind: "Pod", metadata: { name: "b", namespace: "x" }, spec: { containers: [{ name: "c" }], hostNetwork: true, enableServiceLinks: true, schedulerName: "default-scheduler", terminationGracePeriodSeconds: 30, restartPolicy: "Always" } },
    ]);
  });

  test("lists kinds it has no use for, and fields that a definition does not know, with their lines", () => {
    const { ignored, unknownFields } = parse({ text: `${pool({ kubelet: { maxPods: 5 } })}---\napiVersion: v1\nkind: Service\nmetadata: { name: s }\n`, file: "a.yaml" });
    expect(ignored).toEqual([{ apiVersion: "v1", kind: "Service", name: "s", file: "a.yaml", line: expect.any(Number) }]);
    expect(unknownFields).toEqual([{ object: "NodePool/a", path: "spec.template.spec.kubelet", file: "a.yaml", line: 1 }]);
  });

  test.each<[string, object, object]>([
    ["a Deployment has one replica", { apiVersion: "apps/v1", kind: "Deployment", spec: { selector: {}, template: { spec: { containers: [{ name: "c" }] } } } }, { spec: { replicas: 1 } }],
    ["a Job runs once", { apiVersion: "batch/v1", kind: "Job", spec: { template: { spec: { containers: [{ name: "c" }], restartPolicy: "Never" } } } }, { spec: { parallelism: 1, completions: 1 } }],
    ["a StorageClass binds at once", { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", provisioner: "ebs.csi.aws.com" }, { volumeBindingMode: "Immediate" }],
    ["a Node's capacity stands in for allocatable", { apiVersion: "v1", kind: "Node", status: { capacity: { cpu: 4 } } }, { status: { allocatable: { cpu: "4" } } }],
    ["a Namespace carries its name", { apiVersion: "v1", kind: "Namespace" }, { metadata: { labels: { "kubernetes.io/metadata.name": "a" } } }],
    ["a limit stands in for a request", { apiVersion: "v1", kind: "Pod", spec: { containers: [{ name: "c", resources: { limits: { cpu: 0.5 }, requests: { memory: "1Gi" } } }] } }, { spec: { containers: [{ resources: { requests: { cpu: "0.5", memory: "1Gi" } } }] } }],
  ])("applies the API server's defaults: %s", (_, object, expected) => {
    expect(parse(JSON.stringify({ metadata: { name: "a" }, ...object })).objects[0]).toMatchObject(expected);
  });

  test("reads several texts, each under its own name", () => {
    expect(() => parse([{ text: pool({}), file: "a.yaml" }, { text: "a: b", file: "b.yaml" }])).toThrow(/^b\.yaml:1:1: apiVersion: missing; expected an API version/);
  });
});

function pool(spec: object): string {
  return `${JSON.stringify({ apiVersion: "karpenter.sh/v1", kind: "NodePool", metadata: { name: "a" }, spec: { template: { spec: { nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "default" }, requirements: [], ...spec } } } })}\n`;
}

describe("parse refuses, with file, line, path and what was expected", () => {
  const lines = (...more: readonly string[]): string => ["apiVersion: karpenter.sh/v1", "kind: NodePool", "metadata:", "  name: a", "spec:", ...more].join("\n");
  const classRef = ["      nodeClassRef: { group: karpenter.k8s.aws, kind: EC2NodeClass, name: default }"];
  const withRequirements = (...requirements: readonly string[]): string => lines("  template:", "    spec:", ...classRef, "      requirements:", ...requirements.map((item) => `        - ${item}`));

  test.each<[string, string, string, string]>([
    ["an unknown operator", withRequirements("{ key: a, operator: Matches }"), "unsupported-value", 'pool.yaml:10:21: spec.template.spec.requirements[0].operator: "Matches" is not supported; expected one of Gte, Lte, In, NotIn, Exists, DoesNotExist, Gt, Lt'],
    ["a negative quantity", lines("  limits:", "    cpu: -5", "  template:", "    spec:", ...classRef, "      requirements: []"), "invalid-value", "pool.yaml:7:5: spec.limits.cpu: \"-5\" is negative; expected a quantity of at least 0"],
    ["a missing nodeClassRef", lines("  template:", "    spec:", "      requirements: []"), "missing-field", "pool.yaml:7:5: spec.template.spec.nodeClassRef: missing; expected an object"],
    ["YAML that does not parse", "a: [1, 2\nb: 3", "yaml-syntax", "pool.yaml:2:1: Flow sequence in block collection must be sufficiently indented and end with a ]; expected YAML or JSON"],
    ["a NodePool that contradicts itself", withRequirements("{ key: kubernetes.io/arch, operator: In, values: [amd64] }", "{ key: kubernetes.io/arch, operator: In, values: [arm64] }"), "invalid-value", "pool.yaml:11:11: spec.template.spec.requirements[1]: no value of kubernetes.io/arch meets all requirements and labels; expected requirements that some node can meet"],
    ["a broken rule", withRequirements("{ key: a, operator: In, values: [] }"), "broken-rule", "pool.yaml:9:7: spec.template.spec.requirements: requirements with operator 'In' must have a value defined"],
    ["a name that is none", "apiVersion: v1\nkind: Namespace\nmetadata: { name: A_b }", "invalid-value", "pool.yaml:3:13: metadata.name: \"A_b\" is not valid; expected a DNS name: lower-case letters, digits, '-' and '.'"],
    ["requests above limits", "apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  containers:\n    - name: c\n      resources: { requests: { cpu: 2 }, limits: { cpu: 1500m } }", "broken-rule", "pool.yaml:7:7: spec.containers[0].resources: requests must not exceed limits"],
    ["a selector that misses its own pods", "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\nspec: { selector: { matchLabels: { app: a } }, template: { metadata: { labels: { app: b } }, spec: { containers: [{ name: c }] } } }", "broken-rule", "pool.yaml:4:1: spec: selector must match the template's labels"],
    ["a budget with two bounds", "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: a }\nspec: { minAvailable: 1, maxUnavailable: 1 }", "broken-rule", "pool.yaml:4:1: spec: minAvailable and maxUnavailable cannot both be set"],
    ["Gte on a pod", "apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { containers: [{ name: c }], affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: a, operator: Gte, values: ['1'] }] }] } } } }", "unsupported-value", "is not supported; expected one of In, NotIn, Exists, DoesNotExist, Gt, Lt"],
    ["the same object twice", "apiVersion: v1\nkind: Namespace\nmetadata: { name: a }\n---\napiVersion: v1\nkind: Namespace\nmetadata: { name: a }", "duplicate-object", 'pool.yaml:7:13: metadata.name: a second Namespace "a"; expected each object once'],
    ["a field that stands twice", "apiVersion: v1\napiVersion: v1", "bad-key", 'pool.yaml:2:1: key "apiVersion" stands twice; expected each field once'],
  ])("%s", (_, text, code, message) => {
    const refusal = (): ManifestError => {
      try {
        parse({ text, file: "pool.yaml" });
      } catch (error) {
        if (error instanceof ManifestError) return error;
      }
      throw new Error("not refused");
    };
    expect(refusal().message).toContain(message);
    expect(refusal().code).toBe(code);
  });

  test("the first of several things first, the others beside it", () => {
    const text = lines("  weight: 101", "  template:", "    spec:", ...classRef, "      expireAfter: soon", "      requirements: []");
    expect(() => parse({ text, file: "p.yaml" })).toThrow("p.yaml:6:3: spec.weight: 101 is out of range; expected 1 to 100");
    try {
      parse({ text, file: "p.yaml" });
    } catch (error) {
      expect((error as ManifestError).more).toEqual(['p.yaml:10:7: spec.template.spec.expireAfter: "soon" is not valid; expected a duration in s, m and h, such as 720h, or Never']);
    }
  });

  test("by line alone where no file is known", () => {
    expect(() => parse("apiVersion: v1\nkind: Namespace\nmetadata: {}")).toThrow("line 3: metadata.name: missing; expected a text");
  });

  test("in JSON dumps with their lines too", () => {
    const text = JSON.stringify({ apiVersion: "v1", kind: "List", items: [{ apiVersion: "v1", kind: "Namespace", metadata: { name: "a" } }, { apiVersion: "v1", kind: "Pod", metadata: { name: "b" }, spec: { containers: "none" } }] }, null, 2);
    expect(() => parse({ text, file: "dump.json" })).toThrow('dump.json:19:9: spec.containers: "none" has the wrong type; expected a list');
  });
});

test.each([[undefined, "nothing"], [null, "null"], [5, "5"], [{ text: 5 }, "5"]])("what is no text is refused: %j", (text, shown) => {
  expect(() => parse(text as never)).toThrow(`got ${shown}; expected YAML or JSON as a text, or { text, file }`);
});
