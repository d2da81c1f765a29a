import { durationMs, InputError } from "@groupless/api";

/**
 * A length of time from the command line in milliseconds: a Go duration, or whole days such as `30d`.
 *
 * @throws InputError `invalid-duration` that names the option
 */
export function lengthMs(text: string, option: string): number {
  const days = /^(\d{1,6}(?:\.\d+)?)d$/.exec(text)?.[1];
  if (days !== undefined) return Number(days) * 86_400_000;
  try {
    return durationMs(text);
  } catch (error) {
    throw new InputError("invalid-duration", `${option} is "${text}"`, { expected: "a length of time such as 90s, 12h or 30d" }, { cause: error });
  }
}
