import type { Bootstrap } from "./bootstrap.ts";
import { kubeletArgs } from "./kubelet-args.ts";
import { looksLikeMime, part, readMime, SHELL_SCRIPT, writeMime, type MimePart } from "./mime.ts";

/** Amazon Linux 2: the custom parts first, then a call of the image's bootstrap script. Karpenter pkg/providers/amifamily/bootstrap EKS. */
export function al2(bootstrap: Bootstrap): string {
  const { custom = "" } = bootstrap;
  return writeMime([...(custom === "" ? [] : customParts(custom)), part(SHELL_SCRIPT, bootstrapScript(bootstrap))]);
}

function customParts(custom: string): readonly MimePart[] {
  return looksLikeMime(custom) ? readMime(custom) : [part(SHELL_SCRIPT, custom)];
}

function bootstrapScript(bootstrap: Bootstrap): string {
  const { clusterName, clusterEndpoint, caBundle, kubelet, instanceStorePolicy } = bootstrap;
  const dns = kubelet?.clusterDNS?.[0];
  const options = [
    ...(dns !== undefined && !isIPv4(dns) ? ["--ip-family ipv6"] : []),
    ...(dns === undefined ? [] : [`--dns-cluster-ip '${dns}'`]),
    ...(kubelet?.maxPods === undefined ? [] : ["--use-max-pods false"]),
    `--kubelet-extra-args '${kubeletArgs(bootstrap).join(" ")}'`,
    ...(instanceStorePolicy === "RAID0" ? ["--local-disks raid0"] : []),
  ];
  return [
    "#!/bin/bash -xe\n",
    "exec > >(tee /var/log/user-data.log|logger -t user-data -s 2>/dev/console) 2>&1\n",
    `/etc/eks/bootstrap.sh '${clusterName}' --apiserver-endpoint '${clusterEndpoint}' ${caBundle === undefined ? "" : `--b64-cluster-ca '${caBundle}'`}`,
    ...options.map((option) => ` \\\n${option}`),
  ].join("");
}

/** An IPv4 address, also one written as IPv6 (`::ffff:10.0.0.1`). */
export function isIPv4(address: string): boolean {
  return /^(?:::ffff:)?\d{1,3}(?:\.\d{1,3}){3}$/i.test(address);
}
