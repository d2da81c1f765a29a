import { durationOrNeverMs, InputError, type KubeObject, nameOf } from "@groupless/api";
import type { LifecycleReason } from "../reason.ts";

/** A duration field of an object: its milliseconds, undefined where it is absent, `Never` or no duration. */
export interface Length {
  readonly ms: number | undefined;
  readonly reasons: readonly LifecycleReason[];
}

/** Reads a duration field; one that does not parse counts as absent and is told as a reason, since a pass never throws. */
export function lengthMs(text: string | undefined, object: KubeObject, path: string): Length {
  try {
    return { ms: durationOrNeverMs(text), reasons: [] };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { ms: undefined, reasons: [{ code: "field-invalid", canResolve: false, object: `${object.kind}/${nameOf(object)}`, path, value: text ?? "" }] };
  }
}
