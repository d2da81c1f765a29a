import { InputError } from "@groupless/api";
import { idle, type Outcome } from "../outcome.ts";

/** The pass's outcome; a field that cannot be read makes it idle, with the reason, instead of throwing. */
export function guarded<T extends Outcome>(object: string, run: () => T, empty: T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { ...empty, ...idle, reasons: [{ code: "field-invalid", canResolve: false, object, path: error.location.path ?? "", value: error.message }] };
  }
}
