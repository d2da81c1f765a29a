/** What a launch must know about the cluster and the account. */
export interface ClusterSettings {
  readonly region: string;
  readonly clusterName: string;
  /** Of the API server. */
  readonly clusterEndpoint?: string;
  /** The service range. */
  readonly clusterCIDR?: string;
  /** Base64. */
  readonly caBundle?: string;
  /** The address of the cluster's DNS service; IPv6 makes nodes IPv6. */
  readonly kubeDNSIP?: string;
  /** Launch into reservations only when asked to, and opt all else out of open ones. Default true. */
  readonly reservedCapacity?: boolean;
}

/** Whether nodes have IPv6 addresses. */
export function isIPv6({ kubeDNSIP }: ClusterSettings): boolean {
  return kubeDNSIP !== undefined && kubeDNSIP.includes(":") && !/^::ffff:\d+\./i.test(kubeDNSIP);
}
