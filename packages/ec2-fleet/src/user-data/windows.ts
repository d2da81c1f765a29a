import type { Bootstrap } from "./bootstrap.ts";
import { kubeletArgs } from "./kubelet-args.ts";

/** Windows Server: the custom lines, then a call of the EKS bootstrap script. Karpenter pkg/providers/amifamily/bootstrap Windows. */
export function windows(bootstrap: Bootstrap): string {
  const { clusterName, clusterEndpoint, caBundle, kubelet, custom = "" } = bootstrap;
  const args = kubeletArgs(bootstrap);
  const dns = kubelet?.clusterDNS?.[0];
  return [
    "<powershell>\n",
    custom === "" ? "" : `${custom}\n`,
    '[string]$EKSBootstrapScriptFile = "$env:ProgramFiles\\Amazon\\EKS\\Start-EKSBootstrap.ps1"\n',
    `& $EKSBootstrapScriptFile -EKSClusterName '${clusterName}' -APIServerEndpoint '${clusterEndpoint}'`,
    caBundle === undefined ? "" : ` -Base64ClusterCA '${caBundle}'`,
    ` -KubeletExtraArgs '${args.join(" ")}'`,
    dns === undefined ? "" : ` -DNSClusterIP '${dns}'`,
    "\n</powershell>",
  ].join("");
}
