import type { Kind } from "@groupless/api";
import type { CustomKind } from "../crd/definitions.ts";
import type { Schema } from "../crd/schema.ts";
import { NAMESPACE, NODE } from "./node.ts";
import { POD, POD_TEMPLATE_OBJECT } from "./pod.ts";
import { CSI_NODE, PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM, STORAGE_CLASS, VOLUME_ATTACHMENT } from "./storage.ts";
import { DAEMON_SET, DEPLOYMENT, JOB, POD_DISRUPTION_BUDGET, REPLICA_SET, STATEFUL_SET } from "./workload.ts";

/** Kubernetes' own kinds, as far as they bear on decisions. */
export const CORE_SCHEMAS: Readonly<Record<Exclude<Kind, CustomKind>, Schema>> = {
  CSINode: CSI_NODE,
  DaemonSet: DAEMON_SET,
  Deployment: DEPLOYMENT,
  Job: JOB,
  Namespace: NAMESPACE,
  Node: NODE,
  PersistentVolume: PERSISTENT_VOLUME,
  PersistentVolumeClaim: PERSISTENT_VOLUME_CLAIM,
  Pod: POD,
  PodDisruptionBudget: POD_DISRUPTION_BUDGET,
  PodTemplate: POD_TEMPLATE_OBJECT,
  ReplicaSet: REPLICA_SET,
  StatefulSet: STATEFUL_SET,
  StorageClass: STORAGE_CLASS,
  VolumeAttachment: VOLUME_ATTACHMENT,
};
