import { nodeClassLabelKey } from "@groupless/requirements";
import { withLabels } from "../object/metadata.ts";
import { nodeClaimOf } from "../object/provider-id.ts";
import type { Observed } from "../observed.ts";
import { idle, isManaged, type Outcome, type PassOptions } from "../outcome.ts";

/** Labels a claim with its node class, as claims of older versions are not (Karpenter pkg/controllers/nodeclaim/hydration). */
export function hydrateNodeClaim(observed: Observed, name: string, options: PassOptions): Outcome {
  const nodeClaim = observed.nodeClaims.find(({ metadata }) => metadata.name === name);
  if (nodeClaim === undefined || !isManaged(nodeClaim, options)) return idle;
  const { nodeClassRef } = nodeClaim.spec;
  const labelled = withLabels(nodeClaim, { [nodeClassLabelKey(nodeClassRef)]: nodeClassRef.name });
  return labelled === nodeClaim ? idle : { actions: [{ type: "update", object: labelled }], reasons: [] };
}

/** Labels a node with the node class of its claim (Karpenter pkg/controllers/node/hydration). */
export function hydrateNode(observed: Observed, name: string, options: PassOptions): Outcome {
  const node = observed.nodes.find(({ metadata }) => metadata.name === name);
  const nodeClaim = node === undefined ? undefined : nodeClaimOf(observed, node);
  if (node === undefined || nodeClaim === undefined || !isManaged(nodeClaim, options)) return idle;
  const { nodeClassRef } = nodeClaim.spec;
  const labelled = withLabels(node, { [nodeClassLabelKey(nodeClassRef)]: nodeClassRef.name });
  return labelled === node ? idle : { actions: [{ type: "update", object: labelled }], reasons: [] };
}
