import { DURATION, DURATION_OR_NEVER } from "../patterns.ts";
import { deepEqual } from "../deep-equal.ts";
import { object, type Schema, text, transition } from "../schema.ts";
import { conditions, nodeClassRef, RESOURCE_LIST, TAINTS } from "./node-template.ts";
import { requirements } from "./requirements.ts";
import type { RestrictedLabels } from "./restricted-labels.ts";

/** `karpenter.sh/v1` NodeClaim: its spec never changes. */
export function nodeClaim(restricted: RestrictedLabels): Schema {
  return object({
    spec: object(
      {
        expireAfter: text({ pattern: DURATION_OR_NEVER, default: "720h" }),
        nodeClassRef: nodeClassRef([]),
        requirements: requirements({ minValues: true, restricted: { ...restricted, nodePool: false } }),
        resources: object({ requests: RESOURCE_LIST }),
        startupTaints: TAINTS,
        taints: TAINTS,
        terminationGracePeriod: text({ pattern: DURATION }),
      },
      ["nodeClassRef", "requirements"],
      { rules: [transition("spec is immutable", deepEqual)] },
    ),
    status: object({
      allocatable: RESOURCE_LIST,
      capacity: RESOURCE_LIST,
      conditions: conditions({ lenient: true }),
      imageID: text(),
      lastPodEventTime: text({ format: "date-time" }),
      nodeName: text(),
      providerID: text(),
    }),
  }, ["spec"]);
}
