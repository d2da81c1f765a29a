import { applyDefaults, parse, toYaml, validateCreate } from "@groupless/manifests";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const numRuns = Number(process.env["LAWS_RUNS"] ?? 200);

const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const duration = fc.constantFrom("30s", "1h", "720h", "Never");
const kubelet = fc.record({ maxPods: fc.integer({ min: 1, max: 200 }), clusterDNS: fc.constant(["10.0.0.1"]) });

// What v1beta1 allowed: consolidateAfter goes with WhenEmpty, and is required there; with WhenUnderutilized only Never.
const disruption = fc.oneof(
  fc.record({ consolidationPolicy: fc.constant("WhenEmpty"), consolidateAfter: duration, expireAfter: optional(duration) }),
  fc.record({ consolidationPolicy: optional(fc.constant("WhenUnderutilized")), consolidateAfter: optional(fc.constant("Never")), expireAfter: optional(duration) }),
);

const nodePool = fc.record({
  apiVersion: fc.constant("karpenter.sh/v1beta1"),
  kind: fc.constant("NodePool"),
  metadata: fc.constant({ name: "pool" }),
  spec: fc.record({
    template: fc.record({
      spec: fc.record({
        nodeClassRef: fc.record({ name: fc.constant("default"), apiVersion: optional(fc.constant("karpenter.k8s.aws/v1beta1")), kind: optional(fc.constant("EC2NodeClass")) }),
        requirements: fc.constant([{ key: "kubernetes.io/arch", operator: "In", values: ["amd64"] }]),
        kubelet: optional(kubelet),
        resources: optional(fc.constant({ requests: {} })),
      }),
    }),
    disruption: optional(disruption),
    limits: optional(fc.constant({ cpu: 1000 })),
    weight: optional(fc.integer({ min: 1, max: 100 })),
  }),
});

const nodeClass = fc.record({
  apiVersion: fc.constant("karpenter.k8s.aws/v1beta1"),
  kind: fc.constant("EC2NodeClass"),
  metadata: fc.constant({ name: "default" }),
  spec: fc.record({
    amiFamily: fc.constantFrom("AL2", "AL2023", "Bottlerocket", "Windows2019", "Windows2022"),
    amiSelectorTerms: optional(fc.constantFrom([{ id: "ami-1" }], [{ name: "mine", owner: "self" }])),
    role: fc.constant("r"),
    subnetSelectorTerms: fc.constant([{ tags: { a: "b" } }]),
    securityGroupSelectorTerms: fc.constant([{ id: "sg-1" }]),
    metadataOptions: optional(fc.record({ httpPutResponseHopLimit: optional(fc.integer({ min: 1, max: 5 })), httpTokens: optional(fc.constant("required")) })),
  }),
});

describe("conversion from v1beta1", () => {
  test("makes of every valid v1beta1 NodePool and EC2NodeClass a valid v1 one", () => {
    fc.assert(
      fc.property(nodePool, nodeClass, (pool, nodes) => {
        const { nodePools, nodeClasses, unknownFields } = parse([JSON.stringify(pool), JSON.stringify(nodes)]);
        for (const object of [...nodePools, ...nodeClasses]) {
          expect(validateCreate(object).errors).toEqual([]);
          expect(applyDefaults(object)).toEqual(object);
        }
        expect(unknownFields).toEqual([]);
        expect(nodePools[0]?.spec.template.spec.expireAfter).toBe(pool.spec.disruption?.expireAfter ?? "720h");
        expect(nodeClasses[0]?.spec.kubelet).toEqual(pool.spec.template.spec.kubelet);
        expect(nodeClasses[0]?.spec.metadataOptions?.httpPutResponseHopLimit).toBe(nodes.spec.metadataOptions?.httpPutResponseHopLimit ?? 2);
      }),
      { numRuns },
    );
  });

  test("changes nothing the second time", () => {
    fc.assert(
      fc.property(nodePool, nodeClass, (pool, nodes) => {
        const first = parse([JSON.stringify(pool), JSON.stringify(nodes)]);
        const again = parse(toYaml([...first.nodePools, ...first.nodeClasses]));
        expect(again.conversions).toEqual([]);
        expect([again.nodePools, again.nodeClasses]).toEqual([first.nodePools, first.nodeClasses]);
      }),
      { numRuns },
    );
  });

  test("turns Ubuntu into AL2 with the root device spelled out", () => {
    const object = { apiVersion: "karpenter.k8s.aws/v1beta1", kind: "EC2NodeClass", metadata: { name: "u" }, spec: { amiFamily: "Ubuntu", amiSelectorTerms: [{ id: "ami-1" }], role: "r", subnetSelectorTerms: [{ id: "subnet-1" }], securityGroupSelectorTerms: [{ id: "sg-1" }] } };
    expect(parse(JSON.stringify(object)).nodeClasses[0]?.spec).toMatchObject({ amiFamily: "AL2", blockDeviceMappings: [{ deviceName: "/dev/sda1", rootVolume: true }] });
  });

  test("leaves the kubelet's settings out, and says so, where the class has its own or is not there", () => {
    const pool = { apiVersion: "karpenter.sh/v1beta1", kind: "NodePool", metadata: { name: "p" }, spec: { template: { spec: { nodeClassRef: { name: "elsewhere" }, requirements: [], kubelet: { maxPods: 5 } } } } };
    const { conversions } = parse(JSON.stringify(pool));
    expect(conversions).toContainEqual({ object: "NodePool/p", path: "spec.template.spec.kubelet", from: { maxPods: 5 } });
  });

  test("gives a NodeClaim's class reference its group and kind", () => {
    const claim = { apiVersion: "karpenter.sh/v1beta1", kind: "NodeClaim", metadata: { name: "c" }, spec: { nodeClassRef: { name: "default" }, requirements: [] } };
    expect(parse(JSON.stringify(claim)).objects[0]).toMatchObject({ apiVersion: "karpenter.sh/v1", spec: { nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "default" } } });
  });
});
