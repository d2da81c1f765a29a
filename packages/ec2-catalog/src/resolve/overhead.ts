import { InputError, type ResourceList } from "@groupless/api";
import type { Overhead } from "@groupless/catalog";
import type { InstanceTypeFacts } from "../facts/instance-type-facts.ts";
import { bytesText, canonicalText, mebibytesText, millicoresText } from "./amount.ts";
import type { NodeSettings } from "./node-settings.ts";
import { eniLimitedPods } from "./pods.ts";

/** Share of each further stretch of millicores that the kubelet's reservation takes. */
const cpuBands: readonly (readonly [from: number, to: number, share: number])[] = [
  [0, 1000, 0.06],
  [1000, 2000, 0.01],
  [2000, 4000, 0.005],
  [4000, Number.POSITIVE_INFINITY, 0.0025],
];

/** What a node keeps from its pods. Source: Karpenter, pkg/providers/instancetype; Bottlerocket's reservation formula. */
export function overheadOf(facts: InstanceTypeFacts, settings: NodeSettings, amounts: { readonly memoryMiB: number; readonly storageBytes: number; readonly pods: number }): Overhead {
  const { kubelet, traits } = settings;
  // The ENIs count in full here, also those that pods may not use.
  const countedPods = traits.eniLimitedMemoryOverhead ? eniLimitedPods(facts, 0, settings.networkInterfaces) : amounts.pods;
  return {
    kubeReserved: {
      cpu: millicoresText(reservedMillicores(facts.vcpus * 1000)),
      memory: mebibytesText(11 * countedPods + 255),
      "ephemeral-storage": "1Gi",
      ...canonical(kubelet.kubeReserved),
    },
    systemReserved: canonical(kubelet.systemReserved),
    evictionThreshold: {
      // Soft thresholds only warn: allocatable follows from the hard ones.
      memory: evictionText("memory", kubelet.evictionHard?.["memory.available"], amounts.memoryMiB * 1_048_576, "100Mi"),
      "ephemeral-storage": evictionText("ephemeral-storage", kubelet.evictionHard?.["nodefs.available"], amounts.storageBytes, "10%"),
    },
  };
}

/** Millicores reserved for the kubelet out of a node's, each band rounded down. */
export function reservedMillicores(millicores: number): number {
  return cpuBands.reduce((sum, [from, to, share]) => (millicores < from ? sum : sum + Math.trunc((Math.min(millicores, to) - from) * share)), 0);
}

/** A threshold in bytes; a percentage is of the capacity, rounded up, and 100 % switches the threshold off. */
function evictionText(resource: "memory" | "ephemeral-storage", signal: string | undefined, capacityBytes: number, byDefault: string): string {
  const threshold = signal ?? byDefault;
  if (!threshold.endsWith("%")) return canonicalText(resource, threshold);
  const text = threshold.slice(0, -1);
  const percent = Number(text);
  if (text.trim() === "" || !Number.isFinite(percent)) throw new InputError("bad-percentage", `got "${threshold}"`, { path: "spec.kubelet.evictionHard", expected: 'a quantity or a percentage such as "5%"' });
  return bytesText(Math.ceil((capacityBytes / 100) * (percent === 100 ? 0 : percent)));
}

function canonical(reserved: Readonly<Record<string, string>> | undefined): ResourceList {
  return Object.fromEntries(Object.entries(reserved ?? {}).map(([resource, quantity]) => [resource, canonicalText(resource, quantity)]));
}
