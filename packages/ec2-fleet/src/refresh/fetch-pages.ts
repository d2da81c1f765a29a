import { type Clock, systemClock } from "../port/clock.ts";
import type { Page, RefreshCall, RefreshItems, RefreshPort } from "./refresh-port.ts";

/** What a refresh has done so far; one event a page, a wait, or a call that is given up. */
export type RefreshProgress =
  | { readonly type: "page"; readonly call: RefreshCall; readonly pages: number; readonly items: number; readonly done: boolean }
  | { readonly type: "retry"; readonly call: RefreshCall; readonly attempt: number; readonly afterMs: number; readonly errorCode: string }
  | { readonly type: "failed"; readonly call: RefreshCall; readonly errorCode: string };

export interface FetchOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: RefreshProgress) => void) | undefined;
  readonly clock?: Clock;
  /** 0 to 1, spreads waits. Default Math.random. */
  readonly random?: () => number;
  /** Attempts a page. Default 8: EC2's buckets refill within seconds. */
  readonly attempts?: number;
}

const baseMs = 250;
const maxMs = 20_000;

/** All pages of a call, in order; waits and asks again where AWS throttles or fails, twice as long each time. */
export async function fetchPages<Call extends RefreshCall>(port: RefreshPort, call: Call, options: FetchOptions = {}): Promise<readonly (readonly RefreshItems[Call][])[]> {
  const { onProgress = () => {} } = options;
  const pages: (readonly RefreshItems[Call][])[] = [];
  let items = 0;
  let token: string | undefined;
  do {
    const page = await fetchPage(port, call, token, options);
    pages.push(page.items);
    items += page.items.length;
    token = page.nextToken === "" ? undefined : page.nextToken;
    onProgress({ type: "page", call, pages: pages.length, items, done: token === undefined });
  } while (token !== undefined);
  return pages;
}

async function fetchPage<Call extends RefreshCall>(port: RefreshPort, call: Call, token: string | undefined, options: FetchOptions): Promise<Page<RefreshItems[Call]>> {
  const { signal, clock = systemClock, random = Math.random, attempts = 8, onProgress = () => {} } = options;
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    try {
      return await port.page(call, token, signal);
    } catch (error) {
      if (signal?.aborted === true || attempt >= attempts || !mayPass(error)) throw error;
      const afterMs = Math.floor((0.5 + random() / 2) * Math.min(maxMs, baseMs * 2 ** (attempt - 1)));
      onProgress({ type: "retry", call, attempt, afterMs, errorCode: errorCode(error) });
      await clock.sleep(afterMs, signal);
    }
  }
}

/** The service's code of an error, else its name. */
export function errorCode(error: unknown): string {
  return error instanceof Error ? ((error as { code?: unknown }).code?.toString() ?? error.name) : "Unknown";
}

const throttles: ReadonlySet<string> = new Set(["RequestLimitExceeded", "Throttling", "ThrottlingException", "ThrottledException", "TooManyRequestsException", "RequestThrottled", "RequestThrottledException", "SlowDown", "EC2ThrottledException"]);
const broken: ReadonlySet<string> = new Set(["ECONNRESET", "ECONNREFUSED", "EPIPE", "ETIMEDOUT", "TimeoutError", "NetworkingError"]);

/** Throttled, the server's fault, or no answer: asking again may do. */
function mayPass(error: unknown): boolean {
  const code = errorCode(error);
  const { $fault: fault, $metadata: metadata } = error as { $fault?: string; $metadata?: { httpStatusCode?: number } };
  return throttles.has(code) || throttles.has((error as Error).name) || broken.has(code) || fault === "server" || metadata?.httpStatusCode === 429 || (metadata?.httpStatusCode ?? 0) >= 500;
}
