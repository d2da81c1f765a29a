import type { InstanceType, Offering } from "@groupless/catalog";

export interface InstanceTypeOptions {
  readonly cpu?: number;
  readonly memoryGiB?: number;
  readonly pods?: number;
  readonly arch?: string;
  readonly zones?: readonly string[];
  readonly capacityTypes?: readonly ("on-demand" | "spot")[];
  /** On-demand; spot costs 0.4 of it. USD an hour. */
  readonly price?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly capacity?: Readonly<Record<string, string>>;
}

/** An instance type with 100m and 100Mi reserved, by default priced at 0.05 a vCPU, in zones a to c, on demand and spot. */
export function instanceType(name: string, options: InstanceTypeOptions = {}): InstanceType {
  const { cpu = 4, memoryGiB = cpu * 4, arch = "amd64", zones = ["zone-a", "zone-b", "zone-c"], capacityTypes = ["on-demand", "spot"], price = cpu * 0.05 } = options;
  const is = (key: string, ...values: string[]) => ({ key, operator: "In" as const, values });
  const offerings = capacityTypes.flatMap((capacityType) =>
    zones.map((zone): Offering => ({ requirements: [is("karpenter.sh/capacity-type", capacityType), is("topology.kubernetes.io/zone", zone)], price: capacityType === "spot" ? price * 0.4 : price, available: true })),
  );
  return {
    name,
    requirements: [
      is("node.kubernetes.io/instance-type", name),
      is("kubernetes.io/arch", arch),
      is("kubernetes.io/os", "linux"),
      is("karpenter.sh/capacity-type", ...capacityTypes),
      is("topology.kubernetes.io/zone", ...zones),
      ...Object.entries(options.labels ?? {}).map(([key, value]) => is(key, value)),
    ],
    capacity: { cpu: String(cpu), memory: `${memoryGiB}Gi`, pods: String(options.pods ?? 58), "ephemeral-storage": "20Gi", ...options.capacity },
    overhead: { kubeReserved: { cpu: "100m", memory: "100Mi" } },
    offerings,
  };
}

/** Six general-purpose sizes on two architectures: enough for most tests. */
export function instanceTypes(): readonly InstanceType[] {
  return (["amd64", "arm64"] as const).flatMap((arch) =>
    [1, 2, 4, 8, 16, 32].map((cpu) => instanceType(`${arch === "amd64" ? "m" : "g"}.${cpu}`, { cpu, arch, price: cpu * (arch === "amd64" ? 0.05 : 0.042), pods: Math.min(110, 8 + cpu * 12) })),
  );
}
