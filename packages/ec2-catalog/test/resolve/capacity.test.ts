import { discoverMemory, discoveredMemoryOf, DISCOVERED_MEMORY_TTL_MS, eniLimitedPods, instanceTypes, knownFacts, knownFactsOf, prefixDelegationPods } from "@groupless/ec2-catalog";
import usEast1 from "@groupless/ec2-catalog/us-east-1";
import usWest2 from "@groupless/ec2-catalog/us-west-2";
import { allocatable } from "@groupless/catalog";
import { compareQuantities, parseQuantity } from "@groupless/quantity";
import { describe, expect, test } from "vitest";
import { describeType, left, nodeClass, only } from "../fixtures.ts";

const family = (alias: string): object => ({ amiSelectorTerms: [{ alias: `${alias}@latest` }] });
const custom = { amiFamily: "Custom" as const, amiSelectorTerms: [{ id: "ami-1" }] };

describe("what a node holds", () => {
  test("r6gd.xlarge of us-west-2 under AL2 leaves pods 3920m, 29258Mi and 17Gi, 58 of them, 18 with an interface of their own", () => {
    const [type] = instanceTypes(only(usWest2, "r6gd.xlarge"), nodeClass(family("al2")));
    expect(allocatable(type!)).toEqual({ cpu: "3920m", memory: "29258Mi", pods: "58", "ephemeral-storage": "17Gi", "vpc.amazonaws.com/pod-eni": "18" });
  });

  test("A-025 A-026 memory is what EC2 advertises less the hypervisor's share, rounded up to MiB, and less 64 MiB on Graviton", () => {
    expect(describeType("m5.large").capacity["memory"]).toBe("7577Mi");
    expect(describeType("m6g.large").capacity["memory"]).toBe("7518Mi");
    expect(describeType("m5.large", {}, { vmMemoryOverhead: 0.02 }).capacity["memory"]).toBe("8028Mi");
  });

  test("A-036 pods are limited by the interfaces of the default network card", () => {
    expect(["t3.large", "m6idn.32xlarge", "p5.48xlarge", "t3.micro"].map((name) => describeType(name).capacity["pods"])).toEqual(["35", "394", "100", "4"]);
  });

  test("A-037 Windows nodes take 110 pods", () => {
    expect(describeType("m5.large", family("windows2019")).capacity["pods"]).toBe("110");
  });

  test("A-038 A-039 A-040 maxPods sets the limit, podsPerCore lowers it, except on Bottlerocket", () => {
    const pods = (kubelet: object, alias = "al2023"): string | undefined => describeType("m5.large", { ...family(alias), kubelet }).capacity["pods"];
    expect([pods({ maxPods: 110 }), pods({ podsPerCore: 4 }), pods({ podsPerCore: 4, maxPods: 5 }), pods({ podsPerCore: 100 })]).toEqual(["110", "8", "5", "29"]);
    expect(pods({ podsPerCore: 4 }, "bottlerocket")).toBe("29");
  });

  test("A-041 reserved ENIs take pods away, not below none, and do not change the kubelet's memory", () => {
    expect([1, 3, 9].map((reservedEnis) => describeType("m5.large", {}, { reservedEnis }).capacity["pods"])).toEqual(["20", "0", "0"]);
    expect(describeType("m5.large", {}, { reservedEnis: 1 }).overhead).toEqual(describeType("m5.large").overhead);
  });

  test("A-042 EFA-only interfaces on the first card take pods away, and are the node's EFA interfaces", () => {
    const networkInterfaces = [{ networkCardIndex: 0, deviceIndex: 0, interfaceType: "interface" }, { networkCardIndex: 0, deviceIndex: 1, interfaceType: "efa-only" }];
    const { capacity } = describeType("c5n.18xlarge", { networkInterfaces });
    expect([capacity["pods"], capacity["vpc.amazonaws.com/efa"]]).toEqual(["688", "1"]);
    expect(eniLimitedPods(knownFactsOf("c5n.18xlarge")!, 0, undefined)).toBe(737);
  });

  test("prefix delegation makes room for 110 pods, or 250 above 30 vCPUs, where the interfaces allow as many", () => {
    expect(["m5.large", "t3.nano", "m5.24xlarge"].map((name) => prefixDelegationPods(knownFactsOf(name)!))).toEqual([110, 34, 250]);
    expect(prefixDelegationPods(knownFactsOf("m5.large")!, 3)).toBe(0);
  });

  test("A-044 pods get interfaces of their own on types that support trunking, as Karpenter's or the latest tables say", () => {
    const podEni = (name: string, tables?: "latest"): string | undefined => describeType(name, {}, tables === undefined ? {} : { tables }).capacity["vpc.amazonaws.com/pod-eni"];
    expect([podEni("m5.large"), podEni("t3.large"), podEni("hpc7g.4xlarge"), podEni("hpc7g.4xlarge", "latest")]).toEqual(["9", undefined, undefined, "118"]);
  });

  test("A-045 Windows nodes give pods single addresses", () => {
    expect(describeType("m5.large", family("windows2022")).capacity["vpc.amazonaws.com/PrivateIPv4Address"]).toBe("9");
    expect(describeType("m6g.large", family("windows2022")).capacity["vpc.amazonaws.com/PrivateIPv4Address"]).toBeUndefined();
    expect(describeType("m5.large").capacity["vpc.amazonaws.com/PrivateIPv4Address"]).toBeUndefined();
  });

  test("A-046 A-047 devices are counted by their makers, and a fraction of a GPU is none", () => {
    const device = (name: string, resource: string): string | undefined => describeType(name).capacity[resource];
    expect([device("p5.48xlarge", "nvidia.com/gpu"), device("g4ad.16xlarge", "amd.com/gpu"), device("inf1.6xlarge", "aws.amazon.com/neuron"), device("inf1.6xlarge", "aws.amazon.com/neuroncore"), device("trn1.32xlarge", "aws.amazon.com/neuroncore"), device("p5.48xlarge", "vpc.amazonaws.com/efa")]).toEqual(["8", "4", "4", "16", "32", "32"]);
    expect(describeType("g6f.large").capacity["nvidia.com/gpu"]).toBeUndefined();
    const gaudi = { ...knownFactsOf("g4dn.xlarge")!, gpus: [{ name: "Gaudi", manufacturer: "Habana", count: 8, memoryMiB: 32768 }] };
    const [type] = instanceTypes({ ...usEast1, types: [{ facts: gaudi, zones: ["us-east-1a"] }] });
    expect(type?.capacity["habana.ai/gaudi"]).toBe("8");
  });

  test("A-048 ephemeral storage is the root volume's, the family's device's, the last one's of a custom image, or the default", () => {
    const storage = (spec: object): string | undefined => describeType("m5.large", spec).capacity["ephemeral-storage"];
    const volume = (deviceName: string, volumeSize?: string, rootVolume?: boolean): object => ({ deviceName, ebs: volumeSize === undefined ? {} : { volumeSize }, ...(rootVolume === undefined ? {} : { rootVolume }) });
    expect([storage({}), storage(family("bottlerocket")), storage(family("windows2025")), storage(custom)]).toEqual(["20Gi", "20Gi", "50Gi", "20Gi"]);
    expect(storage({ blockDeviceMappings: [volume("/dev/xvda", "50Gi"), volume("/dev/xvdb", "80Gi", true)] })).toBe("80Gi");
    expect(storage({ blockDeviceMappings: [volume("/dev/xvda", "50Gi"), volume("/dev/xvdb", "80Gi")] })).toBe("50Gi");
    expect(storage({ ...family("bottlerocket"), blockDeviceMappings: [volume("/dev/xvda", "50Gi"), volume("/dev/xvdb", "80Gi")] })).toBe("80Gi");
    expect(storage({ ...custom, blockDeviceMappings: [volume("/dev/xvda", "50Gi"), volume("/dev/sdf", "70Gi")] })).toBe("70Gi");
    expect(storage({ ...custom, blockDeviceMappings: [volume("/dev/xvda", "50Gi"), volume("/dev/sdf")] })).toBe("20Gi");
    expect(storage({ blockDeviceMappings: [volume("/dev/sdf", "70Gi")] })).toBe("20Gi");
  });

  test("A-049 RAID0 makes one disk of the instance store, in decimal gigabytes", () => {
    const { capacity } = describeType("r6gd.xlarge", { instanceStorePolicy: "RAID0" });
    expect(compareQuantities(parseQuantity(capacity["ephemeral-storage"]!), parseQuantity("237G"))).toBe(0);
    expect(describeType("m5.large", { instanceStorePolicy: "RAID0" }).capacity["ephemeral-storage"]).toBe("20Gi");
  });
});

describe("what a node keeps for itself", () => {
  test("A-027 the kubelet keeps a falling share of the cores", () => {
    const kept = (name: string): string | undefined => describeType(name).overhead.kubeReserved?.["cpu"];
    expect(["c7a.medium", "m5.large", "m5.xlarge", "m5.2xlarge", "m5.metal", "u-6tb1.112xlarge"].map(kept)).toEqual(["60m", "70m", "80m", "90m", "310m", "1190m"]);
  });

  test("A-028 and 11 MiB a pod and 255 MiB: of the pods that the interfaces allow, or on Bottlerocket and Windows of the pod limit", () => {
    const kept = (spec: object): string | undefined => describeType("t3.large", { ...spec, kubelet: { maxPods: 10 } }).overhead.kubeReserved?.["memory"];
    expect([kept(family("al2")), kept(family("al2023")), kept(custom), kept(family("bottlerocket")), kept(family("windows2019"))]).toEqual(["640Mi", "640Mi", "640Mi", "365Mi", "365Mi"]);
  });

  test("A-029 A-030 what the user reserves replaces each default by itself", () => {
    const { overhead } = describeType("m5.large", { kubelet: { kubeReserved: { memory: "1024Mi" }, systemReserved: { cpu: "0.5" } } });
    expect(overhead.kubeReserved).toEqual({ cpu: "70m", memory: "1Gi", "ephemeral-storage": "1Gi" });
    expect(overhead.systemReserved).toEqual({ cpu: "500m" });
    expect(describeType("m5.large").overhead.systemReserved).toEqual({});
  });

  test("A-031 A-032 A-033 A-034 pods are evicted at 100 MiB and a tenth of the storage, or at a quantity, at a percentage, or never", () => {
    const threshold = (evictionHard?: Readonly<Record<string, string>>): object | undefined => describeType("m5.large", evictionHard === undefined ? {} : { kubelet: { evictionHard } }).overhead.evictionThreshold;
    expect(threshold()).toEqual({ memory: "100Mi", "ephemeral-storage": "2Gi" });
    expect(threshold({ "memory.available": "500Mi", "nodefs.available": "3Gi" })).toEqual({ memory: "500Mi", "ephemeral-storage": "3Gi" });
    // 5 % of 7577 MiB, in whole bytes.
    expect(threshold({ "memory.available": "5%" })).toEqual({ memory: String(Math.ceil((7577 * 2 ** 20) / 20)), "ephemeral-storage": "2Gi" });
    expect(threshold({ "memory.available": "100%", "nodefs.available": "100%" })).toEqual({ memory: "0", "ephemeral-storage": "0" });
  });

  test("A-035 soft thresholds do not count", () => {
    expect(left("m5.large", { kubelet: { evictionSoft: { "memory.available": "2Gi" }, evictionSoftGracePeriod: { "memory.available": "1m" } } })).toEqual(left("m5.large"));
  });

  test("A-043 never more is promised than a kubelet was seen to leave", () => {
    const seen = { "t4g.small": ["1408312Ki", "1930m"], "t4g.medium": ["3377496Ki", "1930m"], "t4g.xlarge": ["15136012Ki", "3920m"], "m5.large": ["7220184Ki", "1930m"] };
    for (const [name, [memory, cpu]] of Object.entries(seen)) {
      const ours = left(name);
      expect(compareQuantities(parseQuantity(ours["memory"]!), parseQuantity(memory!))).toBeLessThanOrEqual(0);
      expect(compareQuantities(parseQuantity(ours["cpu"]!), parseQuantity(cpu!))).toBeLessThanOrEqual(0);
    }
  });

  test("A-051 A-052 a value is a quantity: an expression is bad input, and so is a percentage that is no number", () => {
    expect(() => describeType("m5.large", { kubelet: { kubeReserved: { cpu: "max(vcpus * 10, 60)" } } })).toThrow(/quantity/u);
    expect(() => describeType("m5.large", { kubelet: { evictionHard: { "memory.available": "few%" } } })).toThrow(/evictionHard.*percentage/u);
  });

  test("A-053 A-054 kubelet fields that bear on nothing here change nothing, under any family: which fields are valid is the API's to say", () => {
    const kubelet = { clusterDNS: ["10.0.0.10"], cpuCFSQuota: false, imageGCHighThresholdPercent: 85, evictionMaxPodGracePeriod: 60 };
    for (const alias of ["al2", "al2023", "bottlerocket", "windows2022"]) expect(describeType("m5.large", { ...family(alias), kubelet })).toEqual(describeType("m5.large", family(alias)));
  });

  test("every type of the embedded snapshot keeps less than it has of cpu and storage", () => {
    expect(knownFacts().length).toBe(1373);
    for (const type of instanceTypes(usEast1)) {
      const ours = allocatable(type);
      for (const resource of ["cpu", "ephemeral-storage"]) expect(compareQuantities(parseQuantity(ours[resource]!), parseQuantity("0"))).toBe(1);
    }
  });
});

describe("memory that nodes turned out to have", () => {
  const amis = [{ id: "ami-1", requirements: [{ key: "kubernetes.io/arch", operator: "In" as const, values: ["amd64"] }] }];
  const withImages = nodeClass({}, { amis });
  const node = (memory: string, imageId = "ami-1"): Parameters<typeof discoverMemory>[1] => ({ labels: { "node.kubernetes.io/instance-type": "m5.large", "kubernetes.io/arch": "amd64" }, memory, imageId });
  const of = (known: Parameters<typeof discoveredMemoryOf>[0], nowMs = 0): string | undefined => discoveredMemoryOf(known, "m5.large", withImages, nowMs);

  test("A-050 replaces the estimate for sixty days, the least value seen, of nodes with today's image", () => {
    const first = discoverMemory({}, node("7700000Ki"), withImages, 0);
    expect(of(first)).toBe("7700000Ki");
    expect(of(discoverMemory(first, node("7800000Ki"), withImages, 1))).toBe("7700000Ki");
    expect(of(discoverMemory(first, node("7600000Ki"), withImages, 1))).toBe("7600000Ki");
    expect(discoverMemory({}, node("7700000Ki", "ami-old"), withImages, 0)).toEqual({});
    expect(of(first, DISCOVERED_MEMORY_TTL_MS + 1)).toBeUndefined();
    const renewed = discoverMemory(first, node("7700000Ki"), withImages, 1000);
    expect(of(renewed, DISCOVERED_MEMORY_TTL_MS + 1000)).toBe("7700000Ki");
  });

  test("A-050 shows in the catalog, where eviction thresholds in percent stay with the estimate", () => {
    const discoveredMemory = discoverMemory({}, node("7700000Ki"), withImages, 0);
    const kubelet = { evictionHard: { "memory.available": "10%" } };
    const [type] = instanceTypes(only(usEast1, "m5.large"), nodeClass({ kubelet }, { amis }), { discoveredMemory, nowMs: 0 });
    expect(type?.capacity["memory"]).toBe("7700000Ki");
    expect(type?.overhead).toEqual(describeType("m5.large", { kubelet }).overhead);
  });
});
