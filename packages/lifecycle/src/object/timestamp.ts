import { InputError, timeMs } from "@groupless/api";

/** Epoch milliseconds of a time field; undefined where it is absent or no time, since a pass never throws. */
export function instantOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  try {
    return timeMs(text);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}
