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
  const podEnis = facts.branchInterfaces ?? 0;
  const cpu = String(facts.vcpus);
  const memory = mebibytesText(amounts.memoryMiB);
  const storage = bytesText(amounts.storageBytes);
  const pods = String(amounts.pods);
  // Written whole for the many types that have no more: objects that grow are larger.
  const capacity: Record<string, string> = podEnis > 0 ? { cpu, memory, "ephemeral-storage": storage, pods, "vpc.amazonaws.com/pod-eni": String(podEnis) } : { cpu, memory, "ephemeral-storage": storage, pods };
  if (facts.gpus.length > 0) {
    set(capacity, "nvidia.com/gpu", devices(facts.gpus, "NVIDIA"));
    set(capacity, "amd.com/gpu", devices(facts.gpus, "AMD"));
    set(capacity, "habana.ai/gaudi", devices(facts.gpus, "Habana"));
  }
  const neuron = facts.neuronDevices?.[0];
  if (facts.neuronDevices !== undefined && neuron !== undefined) {
    set(capacity, "aws.amazon.com/neuron", facts.neuronDevices.reduce((sum, each) => sum + each.count, 0));
    // Karpenter counts the cores of the first kind of device only; no type has two.
    set(capacity, "aws.amazon.com/neuroncore", neuron.count * neuron.coresPerDevice);
  }
  set(capacity, "vpc.amazonaws.com/efa", efaInterfaces(facts, settings));
  // Windows nodes give pods single addresses of their first ENI, less its own.
  if (settings.traits.windowsBuild !== undefined && architectureLabel(facts) === "amd64" && facts.branchInterfaces !== undefined) set(capacity, "vpc.amazonaws.com/PrivateIPv4Address", facts.ipv4PerInterface - 1);
  return capacity;
}

function set(capacity: Record<string, string>, resource: string, amount: number): void {
  if (amount > 0) capacity[resource] = String(amount);
}

function devices(gpus: readonly Device[], manufacturer: string): number {
  return gpus.reduce((sum, gpu) => sum + (gpu.manufacturer === manufacturer ? gpu.count : 0), 0);
}

/** Interfaces the node class lists take the place of what the type could have. */
function efaInterfaces(facts: InstanceTypeFacts, settings: NodeSettings): number {
  if (settings.networkInterfaces === undefined) return facts.maxEfaInterfaces ?? 0;
  return settings.networkInterfaces.filter((each) => each.interfaceType === "efa-only").length;
}
