import { apiErrorOf } from "../port/error-code.ts";
import { LostResponseError } from "../port/api-error.ts";
import type { Clock } from "../port/clock.ts";
import type { CallOptions, Ec2Port } from "../port/ec2-port.ts";
import type { FleetLog } from "./log-event.ts";

export interface RetryPolicy {
  /** Attempts in all. */
  readonly attempts: number;
  readonly baseMs: number;
  readonly maxMs: number;
}

/** Five attempts over a few seconds, as the AWS SDKs' standard mode has three. */
export const DEFAULT_RETRIES: RetryPolicy = { attempts: 5, baseMs: 200, maxMs: 20_000 };

const throttling = new Set(["RequestLimitExceeded", "Throttling", "ThrottlingException", "ThrottledException", "TooManyRequestsException", "RequestThrottled", "RequestThrottledException", "SlowDown", "EC2ThrottledException", "PriorRequestNotComplete"]);

/**
 * A port that waits and asks again: where AWS throttles or fails (back-off doubling, with full jitter), and where no answer came and asking again is harmless.
 * Every attempt is logged. Where any attempt may have taken effect, the error is a {@link LostResponseError}, whatever the last one was refused for; the refusal is its cause.
 */
export function resilientPort(port: Ec2Port, { clock, random, log, retries = DEFAULT_RETRIES }: { readonly clock: Clock; readonly random: () => number; readonly log: FleetLog; readonly retries?: RetryPolicy }): Ec2Port {
  return {
    async call(name, input, options = {}) {
      let uncertain = false;
      for (let attempt = 1; ; attempt++) {
        options.signal?.throwIfAborted();
        const startMs = clock.nowMs();
        const done = (outcome: "answered" | "refused" | "lost" | "aborted", errorCode?: string): void => log({ type: "call", call: name, attempt, outcome, durationMs: clock.nowMs() - startMs, ...(errorCode === undefined ? {} : { errorCode }) });
        try {
          const output = await port.call(name, input, options);
          done("answered");
          return output;
        } catch (error) {
          const code = apiErrorOf(error)?.code ?? (error instanceof LostResponseError ? "NoAnswer" : "Unknown");
          done(options.signal?.aborted === true ? "aborted" : error instanceof LostResponseError ? "lost" : "refused", code);
          uncertain ||= mayHaveHappened(error);
          if (attempt >= retries.attempts || options.signal?.aborted === true || !worthAnother(error)) throw uncertain && !(error instanceof LostResponseError) ? new LostResponseError(`${name}: an earlier attempt may have taken effect`, { cause: error }) : error;
          const afterMs = Math.floor(random() * Math.min(retries.maxMs, retries.baseMs * 2 ** (attempt - 1)));
          log({ type: "retry", call: name, attempt, afterMs, errorCode: code });
          await pause(clock, afterMs, options);
        }
      }
    },
  };
}

function mayHaveHappened(error: unknown): boolean {
  return error instanceof LostResponseError || apiErrorOf(error)?.fault === "server";
}

/**
 * Throttling, the service's own failures, and silence. Every call may be made twice: describing changes nothing, tagging and terminating twice is as once, the second
 * create of a template is refused as a duplicate, and a fleet carries a token by which EC2 knows it again.
 */
function worthAnother(error: unknown): boolean {
  const api = apiErrorOf(error);
  return api === undefined ? error instanceof LostResponseError : throttling.has(api.code) || api.fault === "server";
}

async function pause(clock: Clock, ms: number, { signal }: CallOptions): Promise<void> {
  if (ms > 0) await clock.sleep(ms, signal);
}
