import type { Condition, ObjectMeta, ResourceList } from "./object-meta.ts";
import type { PodTemplate } from "./pod.ts";

/** `autoscaling.x-k8s.io/v1beta1` CapacityBuffer: headroom expressed as pods. */
export interface CapacityBuffer {
  readonly apiVersion: "autoscaling.x-k8s.io/v1beta1";
  readonly kind: "CapacityBuffer";
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly podTemplateRef?: { readonly name: string };
    readonly scalableRef?: { readonly apiGroup?: string; readonly kind: string; readonly name: string };
    readonly replicas?: number;
    readonly percentage?: number;
    readonly limits?: ResourceList;
    readonly provisioningStrategy?: string;
  };
  readonly status?: {
    readonly replicas?: number;
    readonly podTemplateRef?: { readonly name: string };
    readonly podTemplateGeneration?: number;
    readonly provisioningStrategy?: string;
    readonly conditions?: readonly Condition[];
  };
}

/** `v1` PodTemplate object, which a CapacityBuffer may refer to. */
export interface PodTemplateObject {
  readonly apiVersion: "v1";
  readonly kind: "PodTemplate";
  readonly metadata: ObjectMeta;
  readonly template: PodTemplate;
}
