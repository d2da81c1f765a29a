import type { AMIFamily } from "@groupless/api";

const forbidden = ["node-restriction.kubernetes.io", "kubernetes.io", "k8s.io"];

/**
 * The labels a kubelet may set on its own node: none of Kubernetes' domains, which node admission refuses; families whose nodes register with taints
 * also say that taints need no syncing.
 *
 * Karpenter pkg/providers/amifamily RejectForbiddenLabels, launchtemplate InjectDoNotSyncTaintsLabel.
 */
export function nodeLabels(family: AMIFamily, labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const added: Readonly<Record<string, string>> = family === "Custom" ? labels : { ...labels, "karpenter.sh/do-not-sync-taints": "true" };
  return Object.fromEntries(Object.entries(added).filter(([key]) => !isForbidden(key)));
}

function isForbidden(key: string): boolean {
  const domain = key.includes("/") ? key.slice(0, key.indexOf("/")) : "";
  return forbidden.some((one) => domain === one || domain.endsWith(`.${one}`));
}
