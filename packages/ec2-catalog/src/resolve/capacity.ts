import type { ResourceList } from "@groupless/api";
import type { Device, InstanceTypeFacts } from "../facts/instance-type-facts.ts";
import { bytesText, mebibytesText } from "./amount.ts";
import { architectureLabel } from "./labels.ts";
import type { NodeSettings } from "./node-settings.ts";

/** Estimated share of a node's memory that the hypervisor and the kernel keep, unless set otherwise. */
export const DEFAULT_VM_MEMORY_OVERHEAD = 0.075;

/** Linux on Graviton keeps 64 MiB for contiguous memory. */
const armReservedMiB = 64;

/** Whole MiB a node of the type reports as its memory capacity, an estimate on the low side. */
export function memoryMiB(facts: InstanceTypeFacts, vmMemoryOverhead: number): number {
  const whole = facts.memoryMiB - (facts.architectures[0] === "arm64" ? armReservedMiB : 0);
  return whole - Math.ceil((whole * 1_048_576 * vmMemoryOverhead) / 1024 / 1024);
}

/** What a node of the type holds; resources it has none of are left out. */
export function capacityOf(facts: InstanceTypeFacts, settings: NodeSettings, amounts: { readonly memoryMiB: number; readonly storageBytes: number; readonly pods: number }): ResourceList {
  const capacity: Record<string, string> = {
    cpu: String(facts.vcpus),
    memory: mebibytesText(amounts.memoryMiB),
    "ephemeral-storage": bytesText(amounts.storageBytes),
    pods: String(amounts.pods),
  };
  const set = (resource: string, amount: number): void => {
    if (amount > 0) capacity[resource] = String(amount);
  };
  set("vpc.amazonaws.com/pod-eni", facts.branchInterfaces ?? 0);
  if (facts.gpus.length > 0) {
    set("nvidia.com/gpu", devices(facts.gpus, "NVIDIA"));
    set("amd.com/gpu", devices(facts.gpus, "AMD"));
    set("habana.ai/gaudi", devices(facts.gpus, "Habana"));
  }
  const neuron = facts.neuronDevices?.[0];
  if (facts.neuronDevices !== undefined && neuron !== undefined) {
    set("aws.amazon.com/neuron", facts.neuronDevices.reduce((sum, each) => sum + each.count, 0));
    // Karpenter counts the cores of the first kind of device only; no type has two.
    set("aws.amazon.com/neuroncore", neuron.count * neuron.coresPerDevice);
  }
  set("vpc.amazonaws.com/efa", efaInterfaces(facts, settings));
  // Windows nodes give pods single addresses of their first ENI, less its own.
  if (settings.traits.windowsBuild !== undefined && architectureLabel(facts) === "amd64" && facts.branchInterfaces !== undefined) set("vpc.amazonaws.com/PrivateIPv4Address", facts.ipv4PerInterface - 1);
  return capacity;
}

function devices(gpus: readonly Device[], manufacturer: string): number {
  return gpus.reduce((sum, gpu) => sum + (gpu.manufacturer === manufacturer ? gpu.count : 0), 0);
}

/** Interfaces the node class lists take the place of what the type could have. */
function efaInterfaces(facts: InstanceTypeFacts, settings: NodeSettings): number {
  if (settings.networkInterfaces === undefined) return facts.maxEfaInterfaces ?? 0;
  return settings.networkInterfaces.filter((each) => each.interfaceType === "efa-only").length;
}
