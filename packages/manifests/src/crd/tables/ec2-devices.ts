import { VOLUME_SIZE } from "../patterns.ts";
import { has } from "../rule-error.ts";
import { boolean, integer, listOf, object, oneOf, rule, type Schema, text } from "../schema.ts";

const EBS: Schema = object(
  {
    deleteOnTermination: boolean,
    encrypted: boolean,
    iops: integer(),
    kmsKeyID: text(),
    snapshotID: text(),
    throughput: integer(),
    volumeInitializationRate: integer(100, 300),
    volumeSize: text({ pattern: VOLUME_SIZE }),
    volumeType: oneOf("standard", "io1", "io2", "gp2", "sc1", "st1", "gp3"),
  },
  [],
  {
    rules: [
      rule("snapshotID or volumeSize must be defined", (self) => has(self, "snapshotID") || has(self, "volumeSize")),
      rule("snapshotID must be set when volumeInitializationRate is set", (self) => !has(self, "volumeInitializationRate") || (has(self, "snapshotID") && self.snapshotID !== "")),
    ],
  },
);

export const BLOCK_DEVICE_MAPPINGS: Schema = listOf(object({ deviceName: text(), ebs: EBS, rootVolume: boolean }), {
  maxItems: 50,
  rules: [rule("must have only one blockDeviceMappings with rootVolume", (self) => self.filter((item: any) => item.rootVolume === true).length <= 1)],
});

interface Interface {
  readonly networkCardIndex: number;
  readonly deviceIndex: number;
  readonly interfaceType: string;
}

export const NETWORK_INTERFACES: Schema = listOf(object({ deviceIndex: integer(0), interfaceType: oneOf("interface", "efa-only"), networkCardIndex: integer(0) }, ["deviceIndex", "interfaceType", "networkCardIndex"]), {
  maxItems: 150,
  rules: [
    rule("networkInterfaces must include a primary interface with interfaceType='interface'", (self: readonly Interface[]) => self.length === 0 || self.some((item) => item.deviceIndex === 0 && item.networkCardIndex === 0 && item.interfaceType === "interface")),
    rule("networkInterfaces must not have duplicate networkCardIndex and deviceIndex pairs, and can have at most one efa device per network card", (self: readonly Interface[]) =>
      self.every(
        (item) =>
          self.filter((other) => other.networkCardIndex === item.networkCardIndex && other.deviceIndex === item.deviceIndex).length === 1 &&
          (item.interfaceType !== "efa-only" || self.filter((other) => other.networkCardIndex === item.networkCardIndex && other.interfaceType === "efa-only").length === 1),
      ),
    ),
  ],
});
