import type { Taint } from "@groupless/api";
import type { Bootstrap } from "./bootstrap.ts";
import { goDuration } from "./go-duration.ts";

/**
 * The kubelet's command line, in the order Karpenter writes it; entries of maps are sorted by key, where Karpenter leaves them in random order.
 *
 * Karpenter pkg/providers/amifamily/bootstrap kubeletExtraArgs.
 */
export function kubeletArgs({ kubelet, taints = [], labels = {} }: Bootstrap): readonly string[] {
  const args = [nodeLabelsArg(labels), `--register-with-taints=${quote(taints.map(taintText).join(","))}`];
  if (kubelet !== undefined) {
    args.push(
      scalar("max-pods", kubelet.maxPods),
      scalar("pods-per-core", kubelet.podsPerCore),
      map("system-reserved", kubelet.systemReserved, "="),
      map("kube-reserved", kubelet.kubeReserved, "="),
      map("eviction-hard", kubelet.evictionHard, "<"),
      map("eviction-soft", kubelet.evictionSoft, "<"),
      map("eviction-soft-grace-period", durations(kubelet.evictionSoftGracePeriod), "="),
      scalar("eviction-max-pod-grace-period", kubelet.evictionMaxPodGracePeriod),
      scalar("image-gc-high-threshold", kubelet.imageGCHighThresholdPercent),
      scalar("image-gc-low-threshold", kubelet.imageGCLowThresholdPercent),
      scalar("cpu-cfs-quota", kubelet.cpuCFSQuota),
    );
  }
  return args.filter((arg) => arg !== "");
}

/** `--node-labels="a=1,b=2"`, sorted; empty without labels. */
export function nodeLabelsArg(labels: Readonly<Record<string, string>>): string {
  return map("node-labels", labels, "=");
}

/** The durations of a map in Go's canonical form. */
export function durations(of: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> | undefined {
  return of && Object.fromEntries(Object.entries(of).map(([key, text]) => [key, goDuration(text)]));
}

function scalar(name: string, value: number | boolean | undefined): string {
  return value === undefined ? "" : `--${name}=${value}`;
}

function map(name: string, values: Readonly<Record<string, string>> | undefined, separator: string): string {
  const keys = Object.keys(values ?? {}).sort();
  return keys.length === 0 ? "" : `--${name}=${quote(keys.map((key) => `${key}${separator}${values?.[key]}`).join(","))}`;
}

function taintText({ key, value = "", effect }: Taint): string {
  return value === "" ? `${key}:${effect}` : `${key}=${value}:${effect}`;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
