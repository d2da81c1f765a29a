import type { AMIFamily, EC2NodeClass } from "@groupless/api";

/** How nodes of an AMI family behave where the catalog depends on it. Source: Karpenter, pkg/providers/amifamily. */
export interface AmiFamilyTraits {
  readonly family: AMIFamily;
  /** The memory that kubelet reserves follows from the ENIs of the type, whatever the pod limit is set to. */
  readonly eniLimitedMemoryOverhead: boolean;
  readonly podsPerCore: boolean;
  /** Pods are limited by the addresses of the ENIs; otherwise to 110. */
  readonly eniLimitedPods: boolean;
  /** Device whose volume holds the pods' ephemeral storage. */
  readonly ephemeralDevice?: string;
  /** Its size unless the node class maps it, in GiB. */
  readonly ephemeralGiB: number;
  /** Value of `node.kubernetes.io/windows-build`. */
  readonly windowsBuild?: string;
}

// What EC2 puts on the root device of a custom image is not known: no device, 20 GiB.
const custom = { eniLimitedMemoryOverhead: true, podsPerCore: true, eniLimitedPods: true, ephemeralGiB: 20 };
const linux = { ...custom, ephemeralDevice: "/dev/xvda" };
const windows = { eniLimitedMemoryOverhead: false, podsPerCore: true, eniLimitedPods: false, ephemeralDevice: "/dev/sda1", ephemeralGiB: 50 };

const traits: Readonly<Record<AMIFamily, AmiFamilyTraits>> = {
  AL2: { family: "AL2", ...linux },
  AL2023: { family: "AL2023", ...linux },
  Bottlerocket: { family: "Bottlerocket", eniLimitedMemoryOverhead: false, podsPerCore: false, eniLimitedPods: true, ephemeralDevice: "/dev/xvdb", ephemeralGiB: 20 },
  Custom: { family: "Custom", ...custom },
  Windows2019: { family: "Windows2019", ...windows, windowsBuild: "10.0.17763" },
  Windows2022: { family: "Windows2022", ...windows, windowsBuild: "10.0.20348" },
  Windows2025: { family: "Windows2025", ...windows, windowsBuild: "10.0.26100" },
};

/**
 * The AMI family of a node class: `amiFamily`, else the family its alias names, else `Custom`.
 *
 * @example
 * ```ts
 * import { amiFamilyOf } from "@groupless/ec2-catalog";
 * amiFamilyOf({ spec: { amiSelectorTerms: [{ alias: "al2@latest" }] } }); // => "AL2"
 * ```
 */
export function amiFamilyOf(nodeClass: { readonly spec: Pick<EC2NodeClass["spec"], "amiFamily"> & Partial<Pick<EC2NodeClass["spec"], "amiSelectorTerms">> }): AMIFamily {
  if (nodeClass.spec.amiFamily !== undefined) return nodeClass.spec.amiFamily;
  const alias = nodeClass.spec.amiSelectorTerms?.find((term) => term.alias !== undefined && term.alias !== "")?.alias;
  const named = alias?.split("@")[0]?.toLowerCase();
  return (Object.keys(traits) as AMIFamily[]).find((family) => family.toLowerCase() === named) ?? "Custom";
}

/** The traits of a family; of one that is not known, AL2's, as Karpenter has it. */
export function amiFamilyTraits(family: AMIFamily): AmiFamilyTraits {
  return traits[family] ?? traits.AL2;
}
