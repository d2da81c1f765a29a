/**
 * How Go declares a hashed value: the struct hash depends on type names, field names, field order and integer widths, so they are written down.
 * `nillable-duration` is Karpenter's duration that may be `Never`; `quantity-text` a Kubernetes quantity hashed as its canonical text.
 */
export type Shape =
  | "string"
  | "bool"
  | "int32"
  | "int64"
  | "duration"
  | "nillable-duration"
  | "time"
  | "quantity-text"
  | { readonly map: Shape }
  | { readonly list: Shape }
  | Struct;

export interface Struct {
  readonly name: string;
  /** In Go's order. */
  readonly fields: readonly Field[];
  /** JSON names of fields that Go leaves out of the hash. */
  readonly ignored?: readonly string[];
}

export interface Field {
  readonly name: string;
  /** Its JSON name. */
  readonly json: string;
  readonly shape: Shape;
  /** A pointer is zero only when absent; a plain value also when it is `""`, 0 or a struct of zeros. */
  readonly pointer: boolean;
}

/** `field("MaxPods", "maxPods", "int32")` is a pointer field; the fourth argument false makes it a plain value. */
export function field(name: string, json: string, shape: Shape, pointer = true): Field {
  return { name, json, shape, pointer };
}
