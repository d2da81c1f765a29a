import { NODE_POOL_HASH_VERSION, type NodePool, nodePoolHash } from "@groupless/api";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const numRuns = Number(process.env["LAWS_RUNS"] ?? 100);

const base: NodePool = {
  apiVersion: "karpenter.sh/v1",
  kind: "NodePool",
  metadata: { name: "default" },
  spec: { template: { spec: { nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "default" }, expireAfter: "720h", requirements: [] } }, disruption: { consolidateAfter: "0s" } },
};
const withSpec = (over: Partial<NodePool["spec"]["template"]["spec"]>): NodePool => ({ ...base, spec: { ...base.spec, template: { ...base.spec.template, spec: { ...base.spec.template.spec, ...over } } } });
const withMetadata = (metadata: NonNullable<NodePool["spec"]["template"]["metadata"]>): NodePool => ({ ...base, spec: { ...base.spec, template: { ...base.spec.template, metadata } } });
const gpu = { key: "dedicated", value: "gpu", effect: "NoSchedule" } as const;

describe("the NodePool hash", () => {
  test("P-160 is what a public EKS Auto Mode cluster shows, digit for digit", () => {
    const pool: NodePool = { ...base, spec: { ...base.spec, template: { spec: { nodeClassRef: { group: "eks.amazonaws.com", kind: "NodeClass", name: "default" }, expireAfter: "336h", terminationGracePeriod: "24h0m0s", requirements: [] } } } };
    expect(nodePoolHash(pool)).toBe("4012513481623584108");
    expect(NODE_POOL_HASH_VERSION).toBe("v3");
  });

  test("D-113 every hashed field changes it", () => {
    const others = [
      withMetadata({ labels: { team: "a" } }),
      withMetadata({ annotations: { team: "a" } }),
      withSpec({ taints: [gpu] }),
      withSpec({ startupTaints: [gpu] }),
      withSpec({ expireAfter: "Never" }),
      withSpec({ terminationGracePeriod: "1h" }),
      withSpec({ nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "other" } }),
    ].map(nodePoolHash);
    expect(new Set([...others, nodePoolHash(base)]).size).toBe(others.length + 1);
  });

  test("D-120 behaviour fields and requirements do not", () => {
    const pool: NodePool = { ...withSpec({ requirements: [{ key: "kubernetes.io/arch", operator: "In", values: ["amd64"] }] }) };
    expect(nodePoolHash({ ...pool, spec: { ...pool.spec, weight: 3, limits: { cpu: "1" }, disruption: { consolidateAfter: "5m", consolidationPolicy: "WhenEmpty" } } })).toBe(nodePoolHash(base));
  });

  test("P-160 the spelling of a duration and the order of labels and taints do not count", () => {
    expect(nodePoolHash(withSpec({ expireAfter: "43200m" }))).toBe(nodePoolHash(base));
    const taint = fc.record({ key: fc.constantFrom("a", "b", "c"), value: fc.constantFrom("x", "y"), effect: fc.constantFrom("NoSchedule" as const, "NoExecute" as const) });
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), fc.array(taint), (labels, taints) => {
        const pool = (entries: readonly (readonly [string, string])[], list: NodePool["spec"]["template"]["spec"]["taints"]): NodePool => {
          const made = withSpec({ taints: list ?? [] });
          return { ...made, spec: { ...made.spec, template: { ...made.spec.template, metadata: { labels: Object.fromEntries(entries) } } } };
        };
        const entries = Object.entries(labels);
        expect(nodePoolHash(pool(entries.toReversed(), taints.toReversed()))).toBe(nodePoolHash(pool(entries, taints)));
      }),
      { numRuns },
    );
  });
});
