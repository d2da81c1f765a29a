import { type AMIFamily, InputError, type KubeletConfiguration, type Taint } from "@groupless/api";

/** What a node's first script is made of. */
export interface Bootstrap {
  readonly family: AMIFamily;
  readonly clusterName: string;
  readonly clusterEndpoint: string;
  /** The service range; nodes of AL2023 cannot start without it. */
  readonly clusterCIDR?: string;
  /** Base64, as in a kubeconfig. */
  readonly caBundle?: string;
  readonly kubelet?: KubeletConfiguration;
  readonly taints?: readonly Taint[];
  readonly labels?: Readonly<Record<string, string>>;
  /** The node class's own user data. */
  readonly custom?: string;
  readonly instanceStorePolicy?: "RAID0";
  /** Bottlerocket only: the image mounts the instance store without being told where. */
  readonly defaultMountPaths?: boolean;
}

/**
 * User data that cannot be rendered: the custom part does not parse, or a fact about the cluster is missing.
 * `code` is `user-data` or `cluster-cidr`; the message never quotes the user data.
 */
export class UserDataError extends InputError {
  override readonly name: string = "UserDataError";
}
