import type { InstanceType } from "@groupless/catalog";
import { bytesOf } from "./amount.ts";

/** One value of a gauge. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Karpenter's gauges of instance types: vCPUs and memory of each. Source: pkg/providers/instancetype. */
export function instanceTypeSamples(types: readonly InstanceType[]): readonly Sample[] {
  return types.flatMap(({ name, capacity }) => [
    { name: "karpenter_cloudprovider_instance_type_cpu_cores", labels: { instance_type: name }, value: Number(capacity["cpu"]) },
    { name: "karpenter_cloudprovider_instance_type_memory_bytes", labels: { instance_type: name }, value: bytesOf(capacity["memory"] ?? "0") },
  ]);
}
