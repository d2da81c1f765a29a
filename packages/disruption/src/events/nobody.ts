import type { DisruptionEvent } from "./disruption-event.ts";

/** Where events go that nobody listens to: whoever reports to it need not look for them. */
export function nobody(_: DisruptionEvent): void {}
