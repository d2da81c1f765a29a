import { InputError } from "@groupless/api";
import type { ScheduledFault } from "@groupless/simulator";
import { lengthMs } from "./length.ts";

const FORM = /^(throttled|lost-request|lost-response)(?::([A-Za-z]+))?@([^+]+)\+(.+)$/;
const CALLS = ["CreateFleet", "CreateLaunchTemplate", "CreateTags", "DeleteLaunchTemplate", "DescribeInstances", "TerminateInstances"] as const;

/**
 * A fault of EC2's as the command line says it: what, of which call, from when, for how long.
 *
 * @throws InputError for a text that says no such thing
 */
export function scheduledFault(text: string): ScheduledFault {
  const [, kind, named, from = "", length = ""] = FORM.exec(text) ?? [];
  const call = CALLS.find((one) => one === named);
  if (kind === undefined || (named !== undefined && call === undefined)) {
    throw new InputError("invalid-fault", `--fault ${text}`, { expected: `throttled, lost-request or lost-response, then @START+LENGTH, e.g. throttled@10m+5m; after a colon one call of ${CALLS.join(", ")}` });
  }
  return { fromMs: lengthMs(from, "--fault"), forMs: lengthMs(length, "--fault"), ...(call === undefined ? {} : { calls: [call] }), fault: { kind: kind as "throttled" | "lost-request" | "lost-response" } };
}
