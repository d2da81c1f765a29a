import { QUANTITY_TEXT } from "../crd/patterns.ts";
import { mapOf, type Schema } from "../crd/schema.ts";

export const QUANTITY: Schema = { type: "quantity", pattern: QUANTITY_TEXT };

/** Resource name to quantity. */
export const RESOURCES: Schema = mapOf(QUANTITY);
