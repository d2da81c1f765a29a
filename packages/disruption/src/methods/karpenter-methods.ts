import { drift } from "./drift.ts";
import { emptiness } from "./emptiness.ts";
import type { Method } from "./method.ts";
import { multiNodeConsolidation } from "./multi-node.ts";
import { singleNodeConsolidation } from "./single-node.ts";
import { staticDrift } from "./static-drift.ts";

/** Karpenter's methods, in the order in which they take turns. */
export const karpenterMethods: readonly Method[] = [emptiness, staticDrift, drift, multiNodeConsolidation, singleNodeConsolidation];
