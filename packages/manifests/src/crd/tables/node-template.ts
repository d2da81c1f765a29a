import { CONDITION_REASON, CONDITION_REASON_OR_EMPTY, CONDITION_TYPE, NO_SLASH, QUALIFIED_NAME, QUANTITY_TEXT } from "../patterns.ts";
import { integer, listOf, mapOf, object, oneOf, rule, type Rule, type Schema, text } from "../schema.ts";

const notEmpty = (field: string): Rule => rule(`${field} may not be empty`, (self) => self !== "");

/** A reference to a node class; on a NodePool with rules about changing it. */
export function nodeClassRef(rules: readonly Rule[]): Schema {
  return object({ group: text({ pattern: NO_SLASH, rules: [notEmpty("group")] }), kind: text({ rules: [notEmpty("kind")] }), name: text({ rules: [notEmpty("name")] }) }, ["group", "kind", "name"], { rules });
}

export const TAINTS: Schema = listOf(
  object(
    {
      key: text({ minLength: 1, pattern: QUALIFIED_NAME }),
      // An empty value is refused: the field is left out instead.
      value: text({ pattern: QUALIFIED_NAME }),
      effect: oneOf("NoSchedule", "PreferNoSchedule", "NoExecute"),
      timeAdded: text({ format: "date-time" }),
    },
    ["effect", "key"],
  ),
);

export const RESOURCE_LIST: Schema = mapOf({ type: "int-or-string", pattern: QUANTITY_TEXT });

/** `status.conditions`. A NodeClaim's may lack reason and message; an EC2NodeClass's list is not keyed by type. */
export function conditions(options: { readonly lenient?: boolean; readonly keyed?: boolean } = {}): Schema {
  const { lenient = false, keyed = true } = options;
  return listOf(
    object(
      {
        type: text({ maxLength: 316, pattern: CONDITION_TYPE }),
        status: oneOf("True", "False", "Unknown"),
        reason: lenient ? text({ maxLength: 1024, pattern: CONDITION_REASON_OR_EMPTY }) : text({ minLength: 1, maxLength: 1024, pattern: CONDITION_REASON }),
        message: text({ maxLength: 32_768 }),
        lastTransitionTime: text({ format: "date-time" }),
        observedGeneration: integer(0),
      },
      lenient ? ["lastTransitionTime", "status", "type"] : ["lastTransitionTime", "message", "reason", "status", "type"],
    ),
    keyed ? { listType: "map" } : {},
  );
}
