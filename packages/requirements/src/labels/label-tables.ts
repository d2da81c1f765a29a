import { ARCH_LABEL, CAPACITY_TYPE_LABEL, HOSTNAME_LABEL, INSTANCE_TYPE_LABEL, NODE_POOL_LABEL, OS_LABEL, REGION_LABEL, WINDOWS_BUILD_LABEL, ZONE_LABEL } from "@groupless/api";

/** What is known about label keys: Karpenter's own tables, and what a provider adds. Plain data; extend it with `withLabels`. */
export interface LabelTables {
  /** Keys that instance types and offerings define; a pod may ask for them though its NodePool does not mention them. */
  readonly wellKnown: readonly string[];
  /** Domains, subdomains included, whose other keys users may not set. */
  readonly restrictedDomains: readonly string[];
  /** Keys users may not set. */
  readonly restricted: readonly string[];
  /** Old names of keys. */
  readonly aliases: Readonly<Record<string, string>>;
  /** By key (in its new name): other spellings of values. */
  readonly valueAliases: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** By key: the only values that make sense. */
  readonly knownValues: Readonly<Record<string, readonly string[]>>;
  /** Keys in which the offerings of an instance type differ. */
  readonly offerings: readonly string[];
}

/** Karpenter's own tables (pkg/apis/v1/labels.go). */
export const CORE_LABELS: LabelTables = {
  wellKnown: [CAPACITY_TYPE_LABEL, NODE_POOL_LABEL, ARCH_LABEL, OS_LABEL, INSTANCE_TYPE_LABEL, WINDOWS_BUILD_LABEL, REGION_LABEL, ZONE_LABEL],
  restrictedDomains: ["karpenter.sh"],
  restricted: [HOSTNAME_LABEL],
  aliases: {
    "beta.kubernetes.io/arch": ARCH_LABEL,
    "beta.kubernetes.io/instance-type": INSTANCE_TYPE_LABEL,
    "beta.kubernetes.io/os": OS_LABEL,
    "failure-domain.beta.kubernetes.io/region": REGION_LABEL,
    "failure-domain.beta.kubernetes.io/zone": ZONE_LABEL,
  },
  valueAliases: {},
  knownValues: { [CAPACITY_TYPE_LABEL]: ["on-demand", "reserved", "spot"] },
  offerings: [CAPACITY_TYPE_LABEL, ZONE_LABEL],
};

/** The tables with more entries; lists and records are joined. */
export function withLabels(tables: LabelTables, more: Partial<LabelTables>): LabelTables {
  const joined = (name: "wellKnown" | "restrictedDomains" | "restricted" | "offerings"): readonly string[] => [...new Set([...tables[name], ...(more[name] ?? [])])].sort();
  return {
    wellKnown: joined("wellKnown"),
    restrictedDomains: joined("restrictedDomains"),
    restricted: joined("restricted"),
    aliases: { ...tables.aliases, ...more.aliases },
    valueAliases: { ...tables.valueAliases, ...more.valueAliases },
    knownValues: { ...tables.knownValues, ...more.knownValues },
    offerings: joined("offerings"),
  };
}

const ofInstance = (names: string): string[] => names.split(" ").map((name) => `karpenter.k8s.aws/instance-${name}`);

/** The core's tables with what Karpenter's AWS provider registers. */
export const AWS_LABELS: LabelTables = withLabels(CORE_LABELS, {
  wellKnown: [
    ...ofInstance("accelerator-count accelerator-manufacturer accelerator-name capability-flex category cpu cpu-manufacturer cpu-sustained-clock-speed-mhz ebs-bandwidth"),
    ...ofInstance("encryption-in-transit-supported family generation gpu-count gpu-manufacturer gpu-memory gpu-name hypervisor local-nvme memory network-bandwidth size tenancy"),
    ...["id", "interruptible", "type"].map((name) => `karpenter.k8s.aws/capacity-reservation-${name}`),
    ...["id", "partition"].map((name) => `karpenter.k8s.aws/placement-group-${name}`),
    "topology.k8s.aws/zone-id",
  ],
  restrictedDomains: ["karpenter.k8s.aws"],
  knownValues: { "karpenter.k8s.aws/instance-tenancy": ["dedicated", "default"] },
});
