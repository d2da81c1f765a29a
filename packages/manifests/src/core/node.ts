import { boolean, listOf, oneOf, open, type Schema, text } from "../crd/schema.ts";
import { CONDITIONS, METADATA } from "./metadata.ts";
import { RESOURCES } from "./quantities.ts";

const TAINT: Schema = open({ key: text({ minLength: 1 }), value: text(), effect: oneOf("NoSchedule", "PreferNoSchedule", "NoExecute"), timeAdded: text({ format: "date-time" }) }, ["key", "effect"]);

/** `v1` Node. */
export const NODE: Schema = open(
  {
    metadata: METADATA,
    spec: open({ providerID: text(), taints: listOf(TAINT), unschedulable: boolean }),
    status: open({
      capacity: RESOURCES,
      allocatable: RESOURCES,
      conditions: CONDITIONS,
      volumesAttached: listOf(open({ name: text(), devicePath: text() }, ["name"])),
      addresses: listOf(open({ type: text(), address: text() }, ["type", "address"])),
    }),
  },
  ["metadata"],
);

/** `v1` Namespace. */
export const NAMESPACE: Schema = open({ metadata: METADATA }, ["metadata"]);
