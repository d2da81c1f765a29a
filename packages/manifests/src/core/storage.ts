import { integer, listOf, oneOf, open, type Schema, text } from "../crd/schema.ts";
import { METADATA } from "./metadata.ts";
import { RESOURCES } from "./quantities.ts";
import { NODE_SELECTOR } from "./selectors.ts";

export const PERSISTENT_VOLUME_CLAIM: Schema = open(
  { metadata: METADATA, spec: open({ volumeName: text(), storageClassName: text(), accessModes: listOf(text()), resources: open({ requests: RESOURCES }) }), status: open({ phase: text() }) },
  ["metadata"],
);

export const PERSISTENT_VOLUME: Schema = open(
  {
    metadata: METADATA,
    spec: open({
      capacity: RESOURCES,
      storageClassName: text(),
      nodeAffinity: open({ required: NODE_SELECTOR }),
      csi: open({ driver: text({ minLength: 1 }), volumeHandle: text() }, ["driver"]),
      awsElasticBlockStore: open({ volumeID: text() }, ["volumeID"]),
      local: open({ path: text() }, ["path"]),
      hostPath: open({ path: text() }, ["path"]),
    }),
  },
  ["metadata"],
);

export const STORAGE_CLASS: Schema = open(
  {
    metadata: METADATA,
    provisioner: text({ minLength: 1 }),
    volumeBindingMode: { ...oneOf("Immediate", "WaitForFirstConsumer"), default: "Immediate" },
    allowedTopologies: listOf(open({ matchLabelExpressions: listOf(open({ key: text({ minLength: 1 }), values: listOf(text(), { minItems: 1 }) }, ["key", "values"])) })),
  },
  ["metadata", "provisioner"],
);

export const CSI_NODE: Schema = open(
  { metadata: METADATA, spec: open({ drivers: listOf(open({ name: text({ minLength: 1 }), nodeID: text(), topologyKeys: listOf(text()), allocatable: open({ count: integer(0) }) }, ["name"])) }, ["drivers"]) },
  ["metadata", "spec"],
);

export const VOLUME_ATTACHMENT: Schema = open({ metadata: METADATA, spec: open({ attacher: text(), nodeName: text({ minLength: 1 }), source: open({ persistentVolumeName: text() }) }, ["nodeName", "source"]) }, ["metadata", "spec"]);
