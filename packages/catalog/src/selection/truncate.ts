import type { Reason } from "@groupless/api";
import type { LabelTables } from "@groupless/requirements";
import type { InstanceType } from "../instance-type/instance-type.ts";
import { flexibility } from "./min-values.ts";
import { orderByPrice } from "./price-order.ts";
import { defaultLabels, type RequirementList } from "./requirement-lists.ts";

/** So few types do not have the values that `minValues` asks for. */
export interface TooFewValues extends Reason {
  readonly code: "min-values";
  /** By key, how many values the kept types have. */
  readonly unsatisfied: Readonly<Record<string, number>>;
  readonly maxInstanceTypes: number;
}

export interface TruncateOptions {
  /** `BestEffort` keeps the cheapest whatever `minValues` asks. Default `Strict`. */
  readonly minValuesPolicy?: "Strict" | "BestEffort";
  /** Which labels are well known; default Karpenter's own. */
  readonly labels?: LabelTables;
}

/** The cheapest types, as many as a launch may name, in price order; or why that would not be flexible enough. */
export function truncate(types: readonly InstanceType[], requirements: RequirementList, maxInstanceTypes: number, options: TruncateOptions = {}): readonly InstanceType[] | TooFewValues {
  const { labels = defaultLabels, minValuesPolicy = "Strict" } = options;
  const kept = orderByPrice(types, requirements, labels).slice(0, maxInstanceTypes);
  if (minValuesPolicy === "BestEffort") return kept;
  const { satisfied, unsatisfied } = flexibility(kept, requirements, labels);
  return satisfied ? kept : { code: "min-values", canResolve: false, unsatisfied, maxInstanceTypes };
}

/** The refusal in English. */
export function explain(reason: TooFewValues): string {
  const keys = Object.entries(reason.unsatisfied).map(([key, count]) => `${key} (${count})`);
  return `the ${reason.maxInstanceTypes} cheapest instance types have too few values of ${keys.join(", ")}`;
}
