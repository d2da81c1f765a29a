import type { EC2NodeClass, NodeClaim } from "@groupless/api";
import type { InstanceType } from "@groupless/catalog";
import { fakeEc2, publishedImages, virtualClock, type FakeEc2, type FakeEc2Options, type VirtualClock } from "@groupless/ec2-fleet/fake";

/** The cluster the tests of this package play in: two subnets, three types, Amazon Linux 2023. */
export const START_MS = Date.UTC(2026, 7, 1, 12);

export function type(name: string, priceUsdPerHour: number, zones: readonly string[] = ["us-west-2a", "us-west-2b"]): InstanceType {
  const offering = (zone: string, capacityType: string, price: number): InstanceType["offerings"][number] => ({
    requirements: [
      { key: "karpenter.sh/capacity-type", operator: "In", values: [capacityType] },
      { key: "topology.kubernetes.io/zone", operator: "In", values: [zone] },
      { key: "karpenter.k8s.aws/capacity-reservation-id", operator: "DoesNotExist" },
      { key: "karpenter.k8s.aws/capacity-reservation-type", operator: "DoesNotExist" },
      { key: "karpenter.k8s.aws/capacity-reservation-interruptible", operator: "DoesNotExist" },
    ],
    price,
    available: true,
  });
  const [family = "", size = ""] = name.split(".");
  return {
    name,
    requirements: [
      { key: "node.kubernetes.io/instance-type", operator: "In", values: [name] },
      { key: "karpenter.k8s.aws/instance-family", operator: "In", values: [family] },
      { key: "karpenter.k8s.aws/instance-size", operator: "In", values: [size] },
      { key: "karpenter.k8s.aws/instance-gpu-count", operator: "DoesNotExist" },
      { key: "karpenter.k8s.aws/instance-accelerator-count", operator: "DoesNotExist" },
      { key: "kubernetes.io/arch", operator: "In", values: ["amd64"] },
      { key: "kubernetes.io/os", operator: "In", values: ["linux"] },
      { key: "karpenter.sh/capacity-type", operator: "In", values: ["on-demand", "spot"] },
      { key: "topology.kubernetes.io/zone", operator: "In", values: [...zones] },
    ],
    capacity: { cpu: "2", memory: "8Gi", pods: "29" },
    overhead: { kubeReserved: { cpu: "70m", memory: "574Mi" }, evictionThreshold: { memory: "100Mi" } },
    offerings: zones.flatMap((zone) => [offering(zone, "on-demand", priceUsdPerHour), offering(zone, "spot", priceUsdPerHour * 0.3)]),
  };
}

export const types: readonly InstanceType[] = [type("m5.large", 0.096), type("c5.large", 0.085), type("r5.large", 0.126)];

export const nodeClass: EC2NodeClass = {
  apiVersion: "karpenter.k8s.aws/v1",
  kind: "EC2NodeClass",
  metadata: { name: "default", uid: "class-1", generation: 1 },
  spec: {
    amiSelectorTerms: [{ alias: "al2023@latest" }],
    subnetSelectorTerms: [{ tags: { "karpenter.sh/discovery": "demo" } }],
    securityGroupSelectorTerms: [{ tags: { "karpenter.sh/discovery": "demo" } }],
    instanceProfile: "demo-nodes",
    metadataOptions: { httpEndpoint: "enabled", httpProtocolIPv6: "disabled", httpPutResponseHopLimit: 1, httpTokens: "required" },
  },
};

export function claim(name: string, { capacityTypes = ["on-demand"], createdMs = START_MS + 1000, requests = { cpu: "1" } }: { readonly capacityTypes?: readonly string[]; readonly createdMs?: number; readonly requests?: Readonly<Record<string, string>> } = {}): NodeClaim {
  return {
    apiVersion: "karpenter.sh/v1",
    kind: "NodeClaim",
    metadata: { name, uid: `uid-${name}`, labels: { "karpenter.sh/nodepool": "default" }, creationTimestamp: new Date(createdMs).toISOString() },
    spec: { nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "default" }, requirements: [{ key: "karpenter.sh/capacity-type", operator: "In", values: [...capacityTypes] }], resources: { requests } },
  };
}

const discovery = [{ Key: "karpenter.sh/discovery", Value: "demo" }];

/** What the account holds. */
export function account(clock: VirtualClock, options: Partial<FakeEc2Options> = {}): FakeEc2 {
  return fakeEc2({
    clock,
    subnets: [
      { SubnetId: "subnet-a", AvailabilityZone: "us-west-2a", AvailabilityZoneId: "usw2-az1", AvailableIpAddressCount: 4000, Tags: discovery },
      { SubnetId: "subnet-b", AvailabilityZone: "us-west-2b", AvailabilityZoneId: "usw2-az2", AvailableIpAddressCount: 4000, Tags: discovery },
    ],
    securityGroups: [{ GroupId: "sg-1", GroupName: "nodes", Tags: discovery }],
    ...publishedImages("AL2023", "1.32"),
    cluster: { version: "1.32" },
    ...options,
  });
}

export const settings = { region: "us-west-2", clusterName: "demo", clusterEndpoint: "https://demo.eks.invalid", clusterCIDR: "10.100.0.0/16", caBundle: "Y2E=", kubeDNSIP: "10.100.0.10" } as const;

export { virtualClock };

/** A reserved offering. */
export function reserved(id: string, zone: string, price: number, { kind = "default", interruptible = false, left = 1 }: { readonly kind?: string; readonly interruptible?: boolean; readonly left?: number } = {}): InstanceType["offerings"][number] {
  const is = (key: string, value: string): InstanceType["requirements"][number] => ({ key, operator: "In", values: [value] });
  return {
    requirements: [is("karpenter.sh/capacity-type", "reserved"), is("topology.kubernetes.io/zone", zone), is("karpenter.k8s.aws/capacity-reservation-id", id), is("karpenter.k8s.aws/capacity-reservation-type", kind), is("karpenter.k8s.aws/capacity-reservation-interruptible", String(interruptible))],
    price,
    available: true,
    reservationCapacity: left,
  };
}

export function withOfferings(of: InstanceType, offerings: InstanceType["offerings"]): InstanceType {
  const capacityTypes = [...new Set(["on-demand", "spot", ...(offerings.some(({ reservationCapacity }) => reservationCapacity !== undefined) ? ["reserved"] : [])])];
  return { ...of, offerings, requirements: of.requirements.map((one) => (one.key === "karpenter.sh/capacity-type" ? { ...one, values: capacityTypes } : one)) };
}

/** The class as AWS resolves it in the account of this story. */
export const resolvedClass: EC2NodeClass = {
  ...nodeClass,
  status: {
    subnets: [
      { id: "subnet-a", zone: "us-west-2a", zoneID: "usw2-az1" },
      { id: "subnet-b", zone: "us-west-2b", zoneID: "usw2-az2" },
    ],
    securityGroups: [{ id: "sg-1", name: "nodes" }],
    amis: [{ id: "ami-1", requirements: [{ key: "kubernetes.io/arch", operator: "In", values: ["amd64"] }] }],
    instanceProfile: "demo-nodes",
  },
};
