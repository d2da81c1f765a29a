import { describeType as describeOne, ec2Labels, ec2WellKnownLabels, instanceTypes, instanceTypeSamples, knownFactsOf, type RegionSnapshot } from "@groupless/ec2-catalog";
import usEast1 from "@groupless/ec2-catalog/us-east-1";
import { AWS_LABELS, CORE_LABELS, isRestrictedKey, normaliseKey } from "@groupless/requirements";
import { describe, expect, test } from "vitest";
import { describeType, label, labelsOf, nodeClass, only, subnet } from "../fixtures.ts";

const aws = (name: string): string => `karpenter.k8s.aws/instance-${name}`;

describe("labels of an instance type", () => {
  test("A-004 A-012 A-013 A-014 A-020 give every EC2 fact one value, and say of a fact the type lacks that it does not exist", () => {
    expect(labelsOf(describeType("m5.large"))).toMatchObject({
      "node.kubernetes.io/instance-type": "m5.large",
      "topology.kubernetes.io/region": "us-east-1",
      [aws("cpu")]: "2",
      [aws("cpu-manufacturer")]: "intel",
      [aws("memory")]: "8192",
      [aws("size")]: "large",
      [aws("hypervisor")]: "nitro",
      [aws("encryption-in-transit-supported")]: "false",
      [aws("local-nvme")]: undefined,
      [aws("gpu-name")]: undefined,
      "node.kubernetes.io/windows-build": undefined,
    });
    expect(label(describeType("m5d.xlarge"), aws("local-nvme"))).toBe("150");
    expect(label(describeType("c6gn.large"), aws("encryption-in-transit-supported"))).toBe("true");
    expect(label(describeType("m5.metal"), aws("hypervisor"))).toBe("");
  });

  test("A-005 A-006 split the name into category, generation, family and size, and know flexible types", () => {
    const parts = (name: string): (string | undefined)[] => ["category", "generation", "family", "size", "capability-flex"].map((key) => label(describeType(name), aws(key)));
    expect(parts("m5.large")).toEqual(["m", "5", "m5", "large", "false"]);
    expect(parts("m7i-flex.large")).toEqual(["m", "7", "m7i-flex", "large", "true"]);
    expect(parts("trn1.2xlarge")).toEqual(["trn", "1", "trn1", "2xlarge", "false"]);
    expect(parts("hpc7g.4xlarge")).toEqual(["hpc", "7", "hpc7g", "4xlarge", "false"]);
    expect(parts("u-6tb1.112xlarge")).toEqual(["u", "1", "u-6tb1", "112xlarge", "false"]);
    expect(parts("u7in-16tb.224xlarge")).toEqual(["u", "7", "u7in-16tb", "224xlarge", "false"]);
  });

  test("A-007 describe GPUs of types with one kind of them", () => {
    const gpu = (name: string): (string | undefined)[] => ["name", "manufacturer", "count", "memory"].map((key) => label(describeType(name), aws(`gpu-${key}`)));
    expect(gpu("g4dn.8xlarge")).toEqual(["t4", "nvidia", "1", "16384"]);
    expect(gpu("g4ad.16xlarge")).toEqual(["radeon-pro-v520", "amd", "4", "8192"]);
    expect(gpu("c5.large")).toEqual([undefined, undefined, undefined, undefined]);
    const two = { facts: { ...knownFactsOf("g4dn.xlarge")!, gpus: [...knownFactsOf("g4dn.xlarge")!.gpus, ...knownFactsOf("g4dn.xlarge")!.gpus] }, zones: [] };
    expect(label(describeOne(usEast1, two), aws("gpu-name"))).toBeUndefined();
  });

  test("A-008 describe Neuron devices in place of what EC2 lists as inference accelerators", () => {
    const accelerator = (name: string): (string | undefined)[] => ["name", "manufacturer", "count"].map((key) => label(describeType(name), aws(`accelerator-${key}`)));
    expect(accelerator("inf1.6xlarge")).toEqual(["inferentia", "aws", "4"]);
    expect(accelerator("trn1.32xlarge")).toEqual(["trainium", "aws", "16"]);
    expect(label(describeOne(usEast1, { facts: knownFactsOf("dl2q.24xlarge")!, zones: [] }), aws("accelerator-name"))).toBe("qualcomm-ai100");
  });

  test("A-009 A-010 A-011 round the clock, and give bandwidths only where EC2 states them", () => {
    const speeds = (name: string): (string | undefined)[] => ["cpu-sustained-clock-speed-mhz", "ebs-bandwidth", "network-bandwidth"].map((key) => label(describeType(name), aws(key)));
    expect(speeds("m5.large")).toEqual(["3100", "4750", "750"]);
    expect(speeds("t1.micro")).toEqual(["0", undefined, undefined]);
  });

  test("A-011 take the newest bandwidth when asked for the latest tables", () => {
    expect(label(describeType("g7.2xlarge"), aws("network-bandwidth"))).toBe("60000");
    expect(label(describeType("g7.2xlarge", {}, { tables: "latest" }), aws("network-bandwidth"))).toBe("40000");
  });

  test("A-015 say nothing of Nitro enclaves: that label came after Karpenter 1.14", () => {
    expect(describeType("m6i.xlarge").requirements.filter(({ key }) => key.includes("nitro"))).toEqual([]);
    expect(knownFactsOf("m6i.xlarge")?.nitroEnclaves).toBe(true);
  });

  test("A-016 leave the tenancy open between default and dedicated", () => {
    expect(label(describeType("m5.large"), aws("tenancy"))).toBe("dedicated,default");
  });

  test("A-018 A-019 know the Windows build, on amd64 only, and map architectures", () => {
    const windows = { amiSelectorTerms: [{ alias: "windows2022@latest" }] };
    expect(labelsOf(describeType("m5.large", windows))).toMatchObject({ "kubernetes.io/os": "windows", "kubernetes.io/arch": "amd64", "node.kubernetes.io/windows-build": "10.0.20348" });
    expect(labelsOf(describeType("m6g.large", windows))).toMatchObject({ "kubernetes.io/os": undefined, "kubernetes.io/arch": "arm64" });
    expect(label(describeType("t2.nano"), "kubernetes.io/arch")).toBe("amd64");
    expect(label(describeOne(usEast1, { facts: knownFactsOf("mac2.metal")!, zones: [] }), "kubernetes.io/arch")).toBe("[arm64_mac]");
    expect(instanceTypes(usEast1).filter((type) => type.name.startsWith("mac"))).toEqual([]);
  });
});

describe("zones of an instance type", () => {
  test("A-017 are those that EC2 and the node class's subnets both offer, with their ids", () => {
    const type = describeType("m5.large", {}, {}, { subnets: [subnet("us-east-1a", "use1-az6"), subnet("us-east-1z", "use1-az9")] });
    expect([label(type, "topology.kubernetes.io/zone"), label(type, "topology.k8s.aws/zone-id")]).toEqual(["us-east-1a", "use1-az6"]);
  });

  test("A-017 get the ids that a status leaves out from the region", () => {
    const type = describeType("m5.large", {}, {}, { subnets: [{ id: "subnet-1", zone: "us-east-1a" }, { id: "subnet-2", zone: "us-east-1b" }] });
    expect(label(type, "topology.k8s.aws/zone-id")).toBe("use1-az6,use1-az1");
  });

  test("A-023 may be local zones", () => {
    const local = only(usEast1, "m5.large");
    const zone = "us-east-1-bos-1a";
    const snapshot: RegionSnapshot = { ...local, zones: [...local.zones, { name: zone, id: "use1-bos1-az1", kind: "local-zone" }], types: local.types.map((type) => ({ ...type, zones: [...type.zones, zone] })) };
    const [type] = instanceTypes(snapshot, nodeClass({}, { subnets: [subnet(zone, "use1-bos1-az1")] }));
    expect(label(type!, "topology.kubernetes.io/zone")).toBe(zone);
    expect(type?.offerings.filter((offering) => offering.available).length).toBe(1);
  });
});

describe("label tables", () => {
  test("A-021 A-022 register what the provider adds, restrict its domain, and know the EBS driver's name of the zone", () => {
    expect([...ec2WellKnownLabels].sort()).toEqual([...AWS_LABELS.wellKnown.filter((key) => !CORE_LABELS.wellKnown.includes(key)), "node.kubernetes.io/windows-build"].sort());
    expect(isRestrictedKey("karpenter.k8s.aws/anything-else", ec2Labels)).toBe(true);
    expect(normaliseKey("topology.ebs.csi.aws.com/zone", ec2Labels)).toBe("topology.kubernetes.io/zone");
  });

  test("A-021 name every label that the types of a region define", () => {
    const defined = new Set(instanceTypes(only(usEast1, "p5.48xlarge", "m5.large")).flatMap((type) => [...type.requirements, ...type.offerings.flatMap((offering) => offering.requirements)].map(({ key }) => key)));
    expect([...defined].filter((key) => !ec2Labels.wellKnown.includes(key))).toEqual([]);
  });

  test("A-024 gauges give vCPUs and memory of each type", () => {
    expect(instanceTypeSamples([describeType("m5.large")]).map(({ name, labels, value }) => [name, labels["instance_type"], value])).toEqual([
      ["karpenter_cloudprovider_instance_type_cpu_cores", "m5.large", 2],
      ["karpenter_cloudprovider_instance_type_memory_bytes", "m5.large", 7577 * 2 ** 20],
    ]);
  });
});
