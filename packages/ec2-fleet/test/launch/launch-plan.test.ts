import { describe, expect, test } from "vitest";
import type { EC2NodeClass, NodeClaim } from "@groupless/api";
import { type LaunchInput, type LaunchPlan, NO_ADDRESSES, planLaunch, type PlannedLaunch } from "@groupless/ec2-fleet";
import { claim, resolvedClass, reserved, settings, type, types, withOfferings } from "../story.ts";

function planned(change: Partial<LaunchInput> = {}): PlannedLaunch {
  return planLaunch({ nodeClass: resolvedClass, nodeClaim: claim("a"), instanceTypes: types, cluster: settings, addresses: NO_ADDRESSES, ...change });
}

function plan(change: Partial<LaunchInput> = {}): LaunchPlan {
  const result = planned(change);
  if (!("plan" in result)) throw new Error(result.refusal.message);
  return result.plan;
}

const withSpec = (spec: Partial<EC2NodeClass["spec"]>): EC2NodeClass => ({ ...resolvedClass, spec: { ...resolvedClass.spec, ...spec } });
const wanting = (requirements: NodeClaim["spec"]["requirements"], more: Partial<NodeClaim["metadata"]> = {}): NodeClaim => ({ ...claim("a"), metadata: { ...claim("a").metadata, ...more }, spec: { ...claim("a").spec, requirements } });
const capacity = (...values: readonly string[]): NodeClaim["spec"]["requirements"][number] => ({ key: "karpenter.sh/capacity-type", operator: "In", values: [...values] });
const data = (change: Partial<LaunchInput> = {}): LaunchPlan["templates"][number]["request"]["LaunchTemplateData"] => plan(change).templates[0]!.request.LaunchTemplateData;

describe("a launch plan", () => {
  test("A-092 reserved comes before spot before on-demand, where the claim allows it and there is one", () => {
    const withReserved = [withOfferings(types[0]!, [reserved("cr-1", "us-west-2a", 1e-8), ...types[0]!.offerings])];
    const all = wanting([capacity("reserved", "spot", "on-demand")]);
    expect(plan({ nodeClaim: all, instanceTypes: withReserved }).capacityType).toBe("reserved");
    expect(plan({ nodeClaim: all }).capacityType).toBe("spot");
    expect(plan({ nodeClaim: wanting([capacity("reserved", "on-demand")]) }).capacityType).toBe("on-demand");
  });

  test("A-093 shared hardware where the claim allows it, else dedicated", () => {
    const tenancy = (...values: readonly string[]): string => plan({ nodeClaim: wanting([capacity("on-demand"), { key: "karpenter.k8s.aws/instance-tenancy", operator: "In", values: [...values] }]) }).tenancy;
    expect([tenancy("default", "dedicated"), tenancy("dedicated"), plan().tenancy]).toEqual(["default", "dedicated", "default"]);
  });

  test("A-099 types that need another pod limit get a launch template of their own", () => {
    const bigger = { ...type("m5.xlarge", 0.19), capacity: { cpu: "4", memory: "16Gi", pods: "58" } };
    const { templates, request } = plan({ instanceTypes: [...types, bigger] });
    expect(templates.map((one) => one.types.map(({ name }) => name))).toEqual([["c5.large", "m5.large", "r5.large"], ["m5.xlarge"]]);
    expect(new Set(request.LaunchTemplateConfigs.map(({ LaunchTemplateSpecification }) => LaunchTemplateSpecification.LaunchTemplateName)).size).toBe(2);
  });

  test("A-100 a template's name is a hash of what it says: equal content has one name, whatever the order; labels, CA and group names count, types do not", () => {
    const name = (change: Partial<LaunchInput> = {}): string => plan(change).templates[0]!.request.LaunchTemplateName;
    expect(name()).toMatch(/^karpenter\.k8s\.aws\/\d+$/);
    const groups = [{ id: "sg-1", name: "nodes" }, { id: "sg-2", name: "more" }];
    const grouped = (list: typeof groups): EC2NodeClass => ({ ...resolvedClass, status: { ...resolvedClass.status, securityGroups: list } });
    expect(name({ nodeClass: grouped(groups) })).toBe(name({ nodeClass: grouped(groups.toReversed()) }));
    expect(name({ instanceTypes: types.slice(1) })).toBe(name());
    const others = [name({ nodeClaim: wanting([capacity("on-demand")], { labels: { team: "a" } }) }), name({ cluster: { ...settings, caBundle: "Yg==" } }), name({ nodeClass: grouped([{ id: "sg-1", name: "renamed" }]) }), name()];
    expect(new Set(others).size).toBe(4);
  });

  test("A-103 a reserved launch targets its reservation and nothing else; others opt out of open reservations", () => {
    const instanceTypes = [withOfferings(types[0]!, [reserved("cr-1", "us-west-2a", 1e-8), reserved("cr-2", "us-west-2b", 1e-8)])];
    const { templates, request } = plan({ nodeClaim: wanting([capacity("reserved")]), instanceTypes });
    expect(templates.map(({ request: { LaunchTemplateData } }) => LaunchTemplateData.CapacityReservationSpecification)).toEqual(["cr-1", "cr-2"].map((CapacityReservationId) => ({ CapacityReservationPreference: "capacity-reservations-only", CapacityReservationTarget: { CapacityReservationId } })));
    expect(request.LaunchTemplateConfigs.map(({ Overrides }) => Overrides.map(({ AvailabilityZone }) => AvailabilityZone))).toEqual([["us-west-2a"], ["us-west-2b"]]);
    expect(data().CapacityReservationSpecification).toEqual({ CapacityReservationPreference: "none" });
    expect(data({ cluster: { ...settings, reservedCapacity: false } }).CapacityReservationSpecification).toBeUndefined();
  });

  test("A-104 disks are the family's own or the class's, sizes rounded up to whole GiB", () => {
    expect(data().BlockDeviceMappings).toEqual([{ DeviceName: "/dev/xvda", Ebs: { Encrypted: true, VolumeSize: 20, VolumeType: "gp3" } }]);
    expect(data({ nodeClass: withSpec({ blockDeviceMappings: [{ deviceName: "/dev/xvdb", ebs: { volumeSize: "30G", iops: 3000, snapshotID: "snap-1" } }] }) }).BlockDeviceMappings).toEqual([{ DeviceName: "/dev/xvdb", Ebs: { VolumeSize: 28, Iops: 3000, SnapshotId: "snap-1" } }]);
  });

  test("A-105 A-106 A-126 interfaces: a plain one, EFA ones by card, or the class's own; addresses and connection tracking not on EFA-only ones", () => {
    const tracked = { connectionTracking: { tcpEstablishedTimeout: 432, udpTimeout: 30 }, ipPrefixCount: 2 };
    const spec = { ConnectionTrackingSpecification: { TcpEstablishedTimeout: 432, UdpTimeout: 30 } };
    expect(data({ nodeClass: withSpec(tracked) }).NetworkInterfaces).toEqual([{ DeviceIndex: 0, Groups: ["sg-1"], Ipv4PrefixCount: 2, ...spec }]);
    const efa = { ...types[0]!, capacity: { ...types[0]!.capacity, "vpc.amazonaws.com/efa": "2" } };
    const claimed = { ...claim("a"), spec: { ...claim("a").spec, resources: { requests: { "vpc.amazonaws.com/efa": "1" } } } };
    expect(data({ nodeClaim: claimed, instanceTypes: [efa] }).NetworkInterfaces.map(({ NetworkCardIndex, DeviceIndex, InterfaceType }) => [NetworkCardIndex, DeviceIndex, InterfaceType])).toEqual([[0, 0, "efa"], [1, 1, "efa"]]);
    const own = withSpec({ ...tracked, networkInterfaces: [{ networkCardIndex: 0, deviceIndex: 0, interfaceType: "interface" }, { networkCardIndex: 1, deviceIndex: 1, interfaceType: "efa-only" }] });
    expect(data({ nodeClass: own, cluster: { ...settings, kubeDNSIP: "fd00::a" } }).NetworkInterfaces).toEqual([
      { NetworkCardIndex: 0, DeviceIndex: 0, InterfaceType: "interface", Groups: ["sg-1"], Ipv6PrefixCount: 2, PrimaryIpv6: true, Ipv6AddressCount: 1, ...spec },
      { NetworkCardIndex: 1, DeviceIndex: 1, InterfaceType: "efa-only", Groups: ["sg-1"] },
    ]);
  });

  test("A-107 monitoring and enclaves as asked; instance tags in metadata always off; no IPv6 metadata where a region lacks it", () => {
    const enclave = { ...claim("a"), spec: { ...claim("a").spec, resources: { requests: { "eks.amazonaws.com/nip-slots": "1" } } } };
    const roomy = types.map((one) => ({ ...one, capacity: { ...one.capacity, "eks.amazonaws.com/nip-slots": "1" } }));
    expect(data({ nodeClaim: enclave, instanceTypes: roomy, nodeClass: withSpec({ detailedMonitoring: true }) })).toMatchObject({ Monitoring: { Enabled: true }, EnclaveOptions: { Enabled: true }, MetadataOptions: { HttpProtocolIpv6: "disabled", InstanceMetadataTags: "disabled" } });
    expect(data({ cluster: { ...settings, region: "us-iso-east-1" } }).MetadataOptions.HttpProtocolIpv6).toBeUndefined();
  });

  test("A-108 A-109 everything a launch makes carries the class's tags and the owner's; restricted keys are refused", () => {
    const { request, templates } = plan({ nodeClass: withSpec({ tags: { team: "a" } }), nodeClaim: wanting([capacity("spot")]) });
    const tags = [["eks:eks-cluster-name", "demo"], ["karpenter.k8s.aws/ec2nodeclass", "default"], ["karpenter.sh/nodepool", "default"], ["kubernetes.io/cluster/demo", "owned"], ["team", "a"]].map(([Key, Value]) => ({ Key, Value }));
    expect(request.TagSpecifications).toEqual(["instance", "volume", "fleet"].map((ResourceType) => ({ ResourceType, Tags: tags })));
    expect(templates[0]?.request.LaunchTemplateData.TagSpecifications).toEqual(["network-interface", "spot-instances-request"].map((ResourceType) => ({ ResourceType, Tags: tags })));
    const refused = planned({ nodeClass: withSpec({ tags: { "kubernetes.io/cluster/demo": "owned" } }) });
    expect("refusal" in refused && refused.refusal.reason).toEqual({ code: "restricted-tags", canResolve: false, tags: ["kubernetes.io/cluster/demo"] });
  });

  test("A-110 one override a type and zone, with the price as priority, though partitions make several offerings", () => {
    const partitions = types[0]!.offerings.flatMap((offering) => ["1", "2"].map((partition) => ({ ...offering, requirements: [...offering.requirements, { key: "karpenter.k8s.aws/placement-group-partition", operator: "In" as const, values: [partition] }] })));
    const { request } = plan({ instanceTypes: [{ ...types[0]!, offerings: partitions }] });
    expect(request.LaunchTemplateConfigs[0]?.Overrides.map(({ InstanceType, AvailabilityZone, SubnetId, Priority }) => [InstanceType, AvailabilityZone, SubnetId, Priority])).toEqual([["m5.large", "us-west-2a", "subnet-a", 0.096], ["m5.large", "us-west-2b", "subnet-b", 0.096]]);
  });

  test("A-111 allocation strategies: lowest price or price and capacity, by priority where an overlay set prices", () => {
    const strategy = (capacityType: string, annotations: Record<string, string> = {}): unknown => {
      const { SpotOptions, OnDemandOptions } = plan({ nodeClaim: wanting([capacity(capacityType)], { annotations }) }).request;
      return SpotOptions ?? OnDemandOptions;
    };
    const overlay = { "karpenter.sh/price-overlay-applied": "true" };
    expect([strategy("spot"), strategy("spot", overlay), strategy("on-demand"), strategy("on-demand", overlay)]).toEqual(["price-capacity-optimized", "capacity-optimized-prioritized", "lowest-price", "prioritized"].map((AllocationStrategy) => ({ AllocationStrategy })));
    const block = [withOfferings(types[0]!, [reserved("cb-1", "us-west-2a", 1e-8, { kind: "capacity-block" })])];
    expect(plan({ nodeClaim: wanting([capacity("reserved")]), instanceTypes: block }).request).toMatchObject({ TargetCapacitySpecification: { DefaultTargetCapacityType: "capacity-block" } });
    const interruptible = [withOfferings(types[0]!, [reserved("cr-1", "us-west-2a", 1e-8, { interruptible: true })])];
    expect(plan({ nodeClaim: wanting([capacity("reserved")]), instanceTypes: interruptible }).request.ReservedCapacityOptions).toEqual({ ReservationTypes: ["interruptible-capacity-reservation"] });
  });

  test("A-112 EC2's context is passed on, unless minValues were relaxed", () => {
    const nodeClass = withSpec({ context: "c-1" });
    expect(plan({ nodeClass }).request.Context).toBe("c-1");
    expect(plan({ nodeClass, nodeClaim: wanting([capacity("on-demand")], { annotations: { "karpenter.sh/nodeclaim-min-values-relaxed": "true" } }) }).request.Context).toBeUndefined();
  });

  test("A-094 a class without subnets launches nothing, and says so in the condition's words", () => {
    const result = planned({ nodeClass: { ...resolvedClass, status: { ...resolvedClass.status, subnets: [] } } });
    expect("refusal" in result && result.refusal).toMatchObject({ kind: "create", reason: { code: "no-subnet" }, condition: { reason: "SubnetResolutionFailed", message: "Error getting subnets" } });
  });
});
