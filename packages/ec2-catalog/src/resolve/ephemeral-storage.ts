import type { InstanceTypeFacts } from "../facts/instance-type-facts.ts";
import { bytesOf } from "./amount.ts";
import type { NodeSettings } from "./node-settings.ts";

const GiB = 1024 ** 3;
/** Volume size where nothing says otherwise: EC2 launches node volumes of 20 GiB. */
const defaultGiB = 20;

/**
 * Bytes of ephemeral storage of a node, in this order: RAID0 over the instance store, the mapping marked as root volume,
 * the mapping of the family's ephemeral device (of the custom family the last one), the family's default.
 *
 * Source: Karpenter, pkg/providers/instancetype.
 */
export function ephemeralStorageBytes(facts: InstanceTypeFacts, settings: NodeSettings): number {
  const { traits, blockDeviceMappings: mappings } = settings;
  if (settings.raid0 && facts.instanceStorage !== undefined) return facts.instanceStorage.totalGB * 1e9;
  if (mappings.length > 0) {
    const root = mappings.find((mapping) => mapping.rootVolume === true)?.ebs?.volumeSize;
    if (root !== undefined) return bytesOf(root);
    if (traits.family === "Custom") {
      const last = mappings.at(-1)?.ebs?.volumeSize;
      return last === undefined ? defaultGiB * GiB : bytesOf(last);
    }
    const mapped = mappings.find((mapping) => mapping.deviceName === traits.ephemeralDevice)?.ebs?.volumeSize;
    if (mapped !== undefined) return bytesOf(mapped);
  }
  return traits.ephemeralGiB * GiB;
}
