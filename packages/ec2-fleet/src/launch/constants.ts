import { EC2_NODE_CLASS_HASH_VERSION } from "@groupless/api";
import { UNAVAILABLE_OFFERINGS_TTL_MS } from "@groupless/catalog";
import { DISCOVERED_MEMORY_TTL_MS } from "@groupless/ec2-catalog";
import { TEMPLATE_NAME_PREFIX } from "./launch-templates.ts";

/** How long what is asked of AWS is kept, in seconds, and the names that launches use; release 1.14.1's. */
export const launchConstants: Readonly<Record<string, number | string>> = {
  availableIPAddressTTLSeconds: 300,
  capacityReservationAvailabilityTTLSeconds: 86_400,
  discoveredCapacityTTLSeconds: DISCOVERED_MEMORY_TTL_MS / 1000,
  instanceTypesTTLSeconds: 300,
  launchTemplateNamePrefix: TEMPLATE_NAME_PREFIX,
  launchTemplateTTLSeconds: 60,
  nodeClassHashVersion: EC2_NODE_CLASS_HASH_VERSION,
  ssmTTLSeconds: 86_400,
  unavailableOfferingsTTLSeconds: UNAVAILABLE_OFFERINGS_TTL_MS / 1000,
};
