import { contradictionReadsAsAbsent } from "./contradiction-reads-as-absent.ts";
import type { Deviation } from "./deviation.ts";
import { existsBesideNotIn } from "./exists-beside-not-in.ts";
import { notInDefinesTheKey } from "./not-in-defines-the-key.ts";
import { relaxedTermCountsAnew } from "./relaxed-term-counts-anew.ts";

/** Where Karpenter 1.14, and so the profile `"karpenter-1.14"`, departs from Kubernetes' definitions on what the arbitraries makes. */
export const karpenterDeviations: readonly Deviation[] = Object.freeze([contradictionReadsAsAbsent, existsBesideNotIn, notInDefinesTheKey, relaxedTermCountsAnew]);
