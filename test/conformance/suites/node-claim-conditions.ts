import { checkDisruptionConditions, observe } from "@groupless/lifecycle";
import type { Suite } from "../suite.ts";

/** Consolidatable and Drifted after one pass over a NodeClaim. */
export const nodeClaimConditions: Suite["functions"][string] = ({ now, nodePool, nodeClaim, instanceTypes, providerDrift }) => {
  const claim = { apiVersion: "karpenter.sh/v1", kind: "NodeClaim", ...nodeClaim };
  const observed = observe([{ apiVersion: "karpenter.sh/v1", kind: "NodePool", ...nodePool }, claim]);
  const { actions } = checkDisruptionConditions(observed, claim.metadata.name, { nowMs: Date.parse(now), instanceTypes, answers: { providerDrift } });
  const written = actions.flatMap((action) => (action.type === "update" && action.object.kind === "NodeClaim" ? [action.object] : []));
  const conditions: readonly any[] = (written.at(-1) ?? claim).status?.conditions ?? [];
  return conditions
    .filter(({ type }) => type === "Drifted" || type === "Consolidatable")
    .map(({ type, status, reason }) => ({ type, status, reason }))
    .toSorted((a, b) => (a.type < b.type ? -1 : 1));
};
