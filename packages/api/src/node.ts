import type { Condition, ObjectMeta, ResourceList } from "./object-meta.ts";
import type { Taint } from "./taint.ts";

export interface Node {
  readonly apiVersion: "v1";
  readonly kind: "Node";
  readonly metadata: ObjectMeta;
  readonly spec?: NodeSpec;
  readonly status?: NodeStatus;
}

export interface NodeSpec {
  /** `aws:///ZONE/INSTANCE-ID` on EC2. */
  readonly providerID?: string;
  readonly taints?: readonly Taint[];
  readonly unschedulable?: boolean;
}

export interface NodeStatus {
  readonly capacity?: ResourceList;
  readonly allocatable?: ResourceList;
  readonly conditions?: readonly Condition[];
  readonly volumesAttached?: readonly { readonly name: string; readonly devicePath?: string }[];
  readonly nodeInfo?: { readonly kubeletVersion?: string; readonly osImage?: string; readonly kernelVersion?: string; readonly containerRuntimeVersion?: string };
  readonly addresses?: readonly { readonly type: string; readonly address: string }[];
}
