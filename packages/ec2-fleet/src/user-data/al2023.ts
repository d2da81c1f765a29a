import { parseAllDocuments, stringify } from "yaml";
import { UserDataError, type Bootstrap } from "./bootstrap.ts";
import { durations, nodeLabelsArg } from "./kubelet-args.ts";
import { looksLikeMime, part, readMime, SHELL_SCRIPT, writeMime, type MimePart } from "./mime.ts";

const NODE_CONFIG = "application/node.eks.aws";

/**
 * Amazon Linux 2023: the custom parts, then a NodeConfig, last so that it wins.
 *
 * Karpenter pkg/providers/amifamily/bootstrap Nodeadm.
 *
 * @throws UserDataError `cluster-cidr` while the cluster's service range is unknown; `user-data` where the custom part or the CA bundle does not parse
 */
export function al2023(bootstrap: Bootstrap): string {
  const config = nodeConfig(bootstrap);
  return writeMime([...customParts(bootstrap.custom ?? ""), part(NODE_CONFIG, config)]);
}

function customParts(custom: string): readonly MimePart[] {
  if (custom === "") return [];
  // Only the content type of a custom part is kept.
  if (looksLikeMime(custom)) return readMime(custom).map(({ headers, content }) => part(headers["Content-Type"]?.[0] ?? "", content));
  return [part(isYamlMap(custom) ? NODE_CONFIG : SHELL_SCRIPT, custom)];
}

function isYamlMap(text: string): boolean {
  const [first] = parseAllDocuments(text, { uniqueKeys: false, version: "1.1", logLevel: "silent" });
  if (first === undefined || !("errors" in first) || first.errors.length > 0) return first === undefined;
  const value: unknown = first.toJS();
  return value === null || (typeof value === "object" && !Array.isArray(value));
}

function nodeConfig({ clusterName, clusterEndpoint, clusterCIDR = "", caBundle = "", kubelet, taints, labels = {}, instanceStorePolicy }: Bootstrap): string {
  const certificateAuthority = canonicalBase64(caBundle);
  if (clusterCIDR === "") throw new UserDataError("cluster-cidr", "the cluster's service range is not known yet", { path: "clusterCIDR" });
  const { evictionSoftGracePeriod, ...rest } = kubelet ?? {};
  const graces = durations(evictionSoftGracePeriod);
  const config = {
    ...Object.fromEntries(Object.entries({ ...rest, ...(graces === undefined ? {} : { evictionSoftGracePeriod: graces }) }).filter(([, value]) => !isEmpty(value))),
    registerWithTaints: taints?.map(({ key, value = "", effect }) => ({ key, ...(value === "" ? {} : { value }), effect })) ?? null,
  };
  const labelsArg = nodeLabelsArg(labels);
  const text = stringify(
    {
      apiVersion: "node.eks.aws/v1alpha1",
      kind: "NodeConfig",
      metadata: {},
      spec: {
        cluster: { ...present("apiServerEndpoint", clusterEndpoint), ...present("certificateAuthority", certificateAuthority), cidr: clusterCIDR, ...present("name", clusterName) },
        containerd: {},
        instance: { localStorage: instanceStorePolicy === "RAID0" ? { strategy: "RAID0" } : {} },
        kubelet: { config, ...(labelsArg === "" ? {} : { flags: [labelsArg] }) },
      },
    },
    { version: "1.1", lineWidth: 0, indentSeq: false, sortMapEntries: true, aliasDuplicateObjects: false },
  );
  return `# Karpenter Generated NodeConfig\n${text}`;
}

function present(key: string, value: string): Readonly<Record<string, string>> {
  return value === "" ? {} : { [key]: value };
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === "object" && Object.keys(value).length === 0);
}

function canonicalBase64(text: string): string {
  const compact = text.replace(/[\r\n]/g, "");
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) throw new UserDataError("user-data", "the CA bundle is not base64", { path: "caBundle" });
  return btoa(atob(compact));
}
