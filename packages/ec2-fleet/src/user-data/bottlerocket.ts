import { parse } from "smol-toml";
import type { KubeletConfiguration, Taint } from "@groupless/api";
import { UserDataError, type Bootstrap } from "./bootstrap.ts";
import { bootstrapCommands, kubernetesSettings, sorted } from "./bottlerocket-settings.ts";
import { durations } from "./kubelet-args.ts";
import { isTable, type TomlTable, type TomlValue, writeToml } from "./toml.ts";

/**
 * Bottlerocket: the custom settings, with Karpenter's own written over them. Only `[settings]` survives; unknown tables in it stay as they are.
 *
 * Karpenter pkg/providers/amifamily/bootstrap Bottlerocket.
 *
 * @throws UserDataError where the custom part is no TOML or a Kubernetes setting has another type
 */
export function bottlerocket(bootstrap: Bootstrap): string {
  const settings = customSettings(bootstrap.custom ?? "");
  const custom = tableOf(settings, "kubernetes");
  // The certificate is the cluster's or none, never a custom one.
  const kubernetes = kubernetesSettings({ ...withoutTable(kubernetesSettings(custom), "cluster-certificate"), ...overwritten(bootstrap, custom) });
  const commands = commandsOf(bootstrap, settings);
  const all = { ...withoutTable(settings, "kubernetes"), kubernetes, ...(commands === undefined ? {} : { "bootstrap-commands": commands }) };
  return writeToml({ settings: deepSorted(all, kubernetes, commands) });
}

function overwritten({ clusterName, clusterEndpoint, caBundle, labels = {}, kubelet, taints = [] }: Bootstrap, custom: TomlTable): TomlTable {
  return {
    "cluster-name": clusterName,
    "api-server": clusterEndpoint,
    ...(caBundle === undefined ? {} : { "cluster-certificate": caBundle }),
    "node-labels": { ...tableOf(custom, "node-labels"), ...labels },
    "node-taints": taintTable(taints),
    ...(kubelet === undefined ? {} : kubeletSettings(kubelet)),
  };
}

function kubeletSettings(kubelet: KubeletConfiguration): TomlTable {
  const dns = kubelet.clusterDNS?.[0];
  const entries: readonly (readonly [string, TomlValue | undefined])[] = [
    ["max-pods", big(kubelet.maxPods)],
    ["cluster-dns-ip", dns],
    ["system-reserved", kubelet.systemReserved],
    ["kube-reserved", kubelet.kubeReserved],
    ["eviction-hard", kubelet.evictionHard],
    ["eviction-soft", kubelet.evictionSoft],
    ["eviction-soft-grace-period", durations(kubelet.evictionSoftGracePeriod)],
    ["eviction-max-pod-grace-period", big(kubelet.evictionMaxPodGracePeriod)],
    ["image-gc-high-threshold-percent", kubelet.imageGCHighThresholdPercent?.toString()],
    ["image-gc-low-threshold-percent", kubelet.imageGCLowThresholdPercent?.toString()],
    ["cpu-cfs-quota-enforced", kubelet.cpuCFSQuota],
  ];
  return Object.fromEntries(entries.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
}

function taintTable(taints: readonly Taint[]): TomlTable {
  const byKey: Record<string, string[]> = {};
  for (const { key, value = "", effect } of taints) (byKey[key] ??= []).push(`${value}:${effect}`);
  return byKey;
}

function commandsOf({ instanceStorePolicy, defaultMountPaths = false }: Bootstrap, settings: TomlTable): TomlTable | undefined {
  const given = settings["bootstrap-commands"];
  if (instanceStorePolicy !== "RAID0") return given === undefined ? undefined : bootstrapCommands(tableOf(settings, "bootstrap-commands"));
  const bind = ["apiclient", "ephemeral-storage", "bind"];
  return bootstrapCommands({
    ...tableOf(settings, "bootstrap-commands"),
    "000-mount-instance-storage": {
      commands: [["apiclient", "ephemeral-storage", "init"], defaultMountPaths ? bind : [...bind, "--dirs", "/var/lib/containerd", "/var/lib/kubelet", "/var/log/pods"]],
      mode: "always",
      essential: true,
    },
  });
}

function customSettings(text: string): TomlTable {
  let root: TomlTable;
  try {
    root = parse(text, { integersAsBigInt: true }) as TomlTable;
  } catch {
    throw new UserDataError("user-data", "not TOML", { path: "spec.userData" });
  }
  return tableOf(root, "settings");
}

function tableOf(parent: TomlTable, key: string): TomlTable {
  const found = parent[key];
  if (found !== undefined && !isTable(found)) throw new UserDataError("user-data", "a table is expected", { path: `spec.userData: ${key}` });
  return found ?? {};
}

function withoutTable(table: TomlTable, key: string): TomlTable {
  return Object.fromEntries(Object.entries(table).filter(([name]) => name !== key));
}

/** Tables of unknown meaning in key order; those with an order of their own as they are. */
function deepSorted(table: TomlTable, ...ordered: readonly (TomlTable | undefined)[]): TomlTable {
  return sorted(Object.fromEntries(Object.entries(table).map(([key, value]) => [key, deepSortedValue(value, ordered)])));
}

function deepSortedValue(value: TomlValue, ordered: readonly (TomlTable | undefined)[]): TomlValue {
  if (Array.isArray(value)) return value.map((one: TomlValue) => deepSortedValue(one, ordered));
  return isTable(value) && !ordered.includes(value) ? deepSorted(value, ...ordered) : value;
}

function big(value: number | undefined): bigint | undefined {
  return value === undefined ? undefined : BigInt(value);
}
