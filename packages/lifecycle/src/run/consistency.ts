import type { Node, NodeClaim, QuantityText } from "@groupless/api";
import { isZero, kubernetesText, parseQuantity, type Quantity } from "@groupless/quantity";
import { isTrue, withCondition, withKnownConditions } from "../object/condition.ts";
import { nodeOf } from "../object/provider-id.ts";
import { report } from "../object/report.ts";
import type { Observed } from "../observed.ts";
import { idle, isManaged, type Outcome, type PassOptions } from "../outcome.ts";
import { guarded } from "../object/guarded.ts";

/** Claims are compared with their nodes that often, in milliseconds. */
export const CONSISTENCY_CHECK_MS = 600_000;
const SMALLEST_SHARE = 0.9;

/** Tells of nodes that are much smaller than their claims promised, which is a sign of a wrong overhead (Karpenter pkg/controllers/nodeclaim/consistency). */
export function checkConsistency(observed: Observed, name: string, options: PassOptions): Outcome {
  return guarded(`NodeClaim/${name}`, () => consistencyOf(observed, name, options), idle);
}

function consistencyOf(observed: Observed, name: string, options: PassOptions): Outcome {
  const found = observed.nodeClaims.find(({ metadata }) => metadata.name === name);
  if (found === undefined || !isManaged(found, options) || (found.status?.providerID ?? "") === "") return idle;
  const node = nodeOf(observed, found);
  if (node === undefined) return idle;
  const nodeClaim = withKnownConditions(found, options.nowMs);
  const issues = shortfalls(node, nodeClaim);
  const changed =
    issues.length > 0
      ? withCondition(nodeClaim, { type: "ConsistentStateFound", status: "False", reason: "ConsistencyCheckFailed", message: "Consistency Check Failed" }, options.nowMs)
      : isTrue(nodeClaim, "ConsistentStateFound")
        ? nodeClaim
        : withCondition(nodeClaim, { type: "ConsistentStateFound", status: "True" }, options.nowMs);
  return {
    actions: [...issues.map((issue) => report(found, "Warning", "FailedConsistencyCheck", issue)), ...(changed === found ? [] : [{ type: "update" as const, object: changed }])],
    reasons: [],
    requeueAfterMs: CONSISTENCY_CHECK_MS,
  };
}

// A node that is being deleted, or is not yet initialized, may well report less.
function shortfalls(node: Node, nodeClaim: NodeClaim): readonly string[] {
  if (nodeClaim.metadata.deletionTimestamp !== undefined || !isTrue(nodeClaim, "Initialized")) return [];
  return Object.entries(nodeClaim.spec.resources?.requests ?? {})
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([resource, requested]) => {
      const expected = quantityOrZero(nodeClaim.status?.capacity?.[resource]);
      const found = quantityOrZero(node.status?.capacity?.[resource]);
      if (isZero(quantityOrZero(requested)) || isZero(expected)) return [];
      const share = amount(found) / amount(expected);
      if (share >= SMALLEST_SHARE) return [];
      return [`expected ${kubernetesText(expected)} of resource ${resource}, but found ${kubernetesText(found)} (${(share * 100).toFixed(1)}% of expected)`];
    });
}

function quantityOrZero(text: QuantityText | undefined): Quantity {
  return parseQuantity(text ?? "0");
}

function amount({ mantissa, exponent }: Quantity): number {
  return Number(mantissa) * 10 ** exponent;
}
