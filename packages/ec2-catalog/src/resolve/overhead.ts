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

/**
 * Tells what nodes keep from their pods. Source: Karpenter, pkg/providers/instancetype; Bottlerocket's reservation formula.
 *
 * @throws {InputError} an invalid quantity or percentage of the kubelet configuration
 */
export function overheadMaker({ kubelet, traits, networkInterfaces }: NodeSettings): (facts: InstanceTypeFacts, amounts: { readonly memoryMiB: number; readonly storageBytes: number; readonly pods: number }) => Overhead {
  const kubeReserved = canonical(kubelet.kubeReserved);
  const systemReserved = canonical(kubelet.systemReserved);
  // Soft thresholds only warn: allocatable follows from the hard ones.
  const memory = threshold("memory", kubelet.evictionHard?.["memory.available"] ?? "100Mi");
  const storage = threshold("ephemeral-storage", kubelet.evictionHard?.["nodefs.available"] ?? "10%");
  // Few types differ in all of this: equal overheads are made once and shared.
  const known = new Map<string, Map<number, Overhead>>();
  let same = new Map<number, Overhead>();
  let [lastMemory, lastStorage] = ["", ""];
  return (facts, amounts) => {
    // The ENIs count in full here, also those that pods may not use.
    const countedPods = traits.eniLimitedMemoryOverhead ? eniLimitedPods(facts, 0, networkInterfaces) : amounts.pods;
    const memoryText = memory(amounts.memoryMiB * 1_048_576);
    const storageText = storage(amounts.storageBytes);
    // Thresholds are mostly those of the type before; below them, pods are far fewer than the factor.
    if (memoryText !== lastMemory || storageText !== lastStorage) {
      const thresholds = `${memoryText} ${storageText}`;
      same = known.get(thresholds) ?? new Map();
      known.set(thresholds, same);
      [lastMemory, lastStorage] = [memoryText, storageText];
    }
    const id = facts.vcpus * 1e6 + countedPods;
    let found = same.get(id);
    if (found === undefined) {
      found = {
        kubeReserved: { cpu: millicoresText(reservedMillicores(facts.vcpus * 1000)), memory: mebibytesText(11 * countedPods + 255), "ephemeral-storage": "1Gi", ...kubeReserved },
        systemReserved,
        evictionThreshold: { memory: memoryText, "ephemeral-storage": storageText },
      };
      same.set(id, deepFrozen(found));
    }
    return found;
  };
}

function deepFrozen(overhead: Overhead): Overhead {
  for (const list of Object.values(overhead)) Object.freeze(list);
  return Object.freeze(overhead);
}

/** Millicores reserved for the kubelet out of a node's, each band rounded down. */
export function reservedMillicores(millicores: number): number {
  return cpuBands.reduce((sum, [from, to, share]) => (millicores < from ? sum : sum + Math.trunc((Math.min(millicores, to) - from) * share)), 0);
}

/** A threshold by capacity in bytes; a percentage is of the capacity, rounded up, and 100 % switches the threshold off. */
function threshold(resource: "memory" | "ephemeral-storage", signal: string): (capacityBytes: number) => string {
  if (!signal.endsWith("%")) {
    const quantity = canonicalText(resource, signal);
    return () => quantity;
  }
  const text = signal.slice(0, -1);
  const percent = Number(text);
  if (text.trim() === "" || !Number.isFinite(percent)) throw new InputError("bad-percentage", `got "${signal}"`, { path: "spec.kubelet.evictionHard", expected: 'a quantity or a percentage such as "5%"' });
  const known = new Map<number, string>();
  return (capacityBytes) => {
    let found = known.get(capacityBytes);
    if (found === undefined) known.set(capacityBytes, (found = bytesText(Math.ceil((capacityBytes / 100) * (percent === 100 ? 0 : percent)))));
    return found;
  };
}

function canonical(reserved: Readonly<Record<string, string>> | undefined): ResourceList {
  return Object.fromEntries(Object.entries(reserved ?? {}).map(([resource, quantity]) => [resource, canonicalText(resource, quantity)]));
}
