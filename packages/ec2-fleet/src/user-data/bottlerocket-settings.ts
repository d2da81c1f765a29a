import { UserDataError } from "./bootstrap.ts";
import { isTable, type TomlTable, type TomlValue } from "./toml.ts";

type Shape = "string" | "int" | "uint32" | "bool" | "strings" | "string map" | "strings map" | "pods" | "providers" | "numa options";

/** The settings of `[settings.kubernetes]` Karpenter knows, in the order it writes them; it drops others. */
const kubernetes: Readonly<Record<string, Shape>> = {
  "api-server": "string", "cloud-provider": "string", "cluster-certificate": "string", "cluster-name": "string", "cluster-dns-ip": "string", "credential-providers": "providers",
  "node-labels": "string map", "node-taints": "strings map", "max-pods": "int", "static-pods": "pods", "eviction-hard": "string map", "eviction-soft": "string map",
  "eviction-soft-grace-period": "string map", "eviction-max-pod-grace-period": "int", "kube-reserved": "string map", "system-reserved": "string map", "allowed-unsafe-sysctls": "strings",
  "server-tls-bootstrap": "bool", "registry-qps": "int", "registry-burst": "int", "event-qps": "int", "event-burst": "int", "kube-api-qps": "int", "kube-api-burst": "int",
  "container-log-max-size": "string", "container-log-max-files": "int", "cpu-manager-policy": "string", "cpu-manager-policy-options": "strings", "cpu-manager-reconcile-period": "string",
  "memory-manager-policy": "string", "topology-manager-scope": "string", "topology-manager-policy": "string", "topology-manager-policy-options": "numa options",
  "image-gc-high-threshold-percent": "string", "image-gc-low-threshold-percent": "string", "ids-per-pod": "int", "cpu-cfs-quota-enforced": "bool", "shutdown-grace-period": "string",
  "shutdown-grace-period-for-critical-pods": "string", "cluster-domain": "string", "seccomp-default": "bool", "pod-pids-limit": "int", "device-ownership-from-security-context": "bool",
  "single-process-oom-kill": "bool", "container-log-max-workers": "int", "container-log-monitor-interval": "string", "hostname-override-source": "string", "log-level": "uint32",
};

/**
 * The known settings of a `[settings.kubernetes]` table, in writing order, without empty lists and maps.
 *
 * @throws UserDataError where a value has another type than the setting
 */
export function kubernetesSettings(given: TomlTable): TomlTable {
  return structure(given, kubernetes, "settings.kubernetes");
}

/** `[settings.bootstrap-commands]`: every command with all its fields. */
export function bootstrapCommands(given: TomlTable): TomlTable {
  return eachSorted(given, (command, path) => {
    const { commands = [], mode = "", essential = false } = command;
    check(Array.isArray(commands) && commands.every((words) => matches(words, "strings")) && typeof mode === "string" && typeof essential === "boolean", path);
    return { commands, mode, essential };
  }, "settings.bootstrap-commands");
}

function structure(given: TomlTable, shapes: Readonly<Record<string, Shape>>, path: string): TomlTable {
  const found = Object.entries(shapes).flatMap(([key, shape]): (readonly [string, TomlValue])[] => {
    const value = given[key];
    if (value === undefined) return [];
    const clean = cleaned(value, shape, `${path}.${key}`);
    return isBare(clean) ? [] : [[key, clean]];
  });
  return Object.fromEntries(found);
}

function cleaned(value: TomlValue, shape: Shape, path: string): TomlValue {
  if (shape === "pods") return eachSorted(value, (pod, at) => structure(pod, { enabled: "bool", manifest: "string" }, at), path);
  if (shape === "providers") {
    return eachSorted(value, (provider, at) => {
      const { enabled, "image-patterns": patterns = [], ...rest } = provider;
      check((enabled === undefined || typeof enabled === "boolean") && matches(patterns, "strings"), at);
      const { "cache-duration": cache, environment } = structure(rest, { "cache-duration": "string", environment: "string map" }, at);
      return { ...(enabled === undefined ? {} : { enabled }), ...(cache === undefined ? {} : { "cache-duration": cache }), "image-patterns": patterns, ...(environment === undefined ? {} : { environment }) };
    }, path);
  }
  if (shape === "numa options") {
    check(isTable(value), path);
    return structure(value as TomlTable, { "prefer-closest-numa-nodes": "bool", "max-allowable-numa-nodes": "int" }, path);
  }
  check(matches(value, shape), path);
  return isTable(value) ? sorted(value) : value;
}

function matches(value: TomlValue, shape: Shape): boolean {
  switch (shape) {
    case "string":
      return typeof value === "string";
    case "int":
      return typeof value === "bigint";
    case "uint32":
      return typeof value === "bigint" && value >= 0n && value < 1n << 32n;
    case "bool":
      return typeof value === "boolean";
    case "strings":
      return Array.isArray(value) && value.every((one) => typeof one === "string");
    case "string map":
      return isTable(value) && Object.values(value).every((one) => typeof one === "string");
    case "strings map":
      return isTable(value) && Object.values(value).every((one) => matches(one, "strings"));
    default:
      return isTable(value);
  }
}

function eachSorted(value: TomlValue, clean: (one: TomlTable, path: string) => TomlTable, path: string): TomlTable {
  check(isTable(value), path);
  return Object.fromEntries(
    Object.entries(sorted(value as TomlTable)).map(([key, one]) => {
      check(isTable(one), `${path}.${key}`);
      return [key, clean(one as TomlTable, `${path}.${key}`)];
    }),
  );
}

/** The table with its keys in order. */
export function sorted(table: TomlTable): TomlTable {
  return Object.fromEntries(Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isBare(value: TomlValue): boolean {
  return (Array.isArray(value) && value.length === 0) || (isTable(value) && Object.keys(value).length === 0);
}

function check(holds: boolean, path: string): void {
  if (!holds) throw new UserDataError("user-data", "a setting of another type than Bottlerocket's", { path: `spec.userData: ${path}` });
}
