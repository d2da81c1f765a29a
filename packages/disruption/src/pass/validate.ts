import { InputError, NODE_POOL_LABEL } from "@groupless/api";
import type { Prepared } from "@groupless/bin-packer";
import { type Candidate, candidateOf } from "../candidates/candidate.ts";
import { clusterView } from "../cluster/cluster-view.ts";
import type { Command } from "../command.ts";
import { karpenterMethods } from "../methods/karpenter-methods.ts";
import type { Method } from "../methods/method.ts";
import type { ValidationFailure } from "../methods/proposal.ts";
import { NoNodePoolsError } from "../simulation/simulate.ts";
import { commandOf } from "./command-of.ts";
import type { PassOptions } from "./method-report.ts";
import { validated } from "./validation.ts";

/** What is left of a command in a changed cluster, or why nothing is. */
export type ValidatedCommand = { readonly command: Command } | { readonly failure: ValidationFailure };

/**
 * Whether a command still holds in the cluster as it is by now: its nodes are still candidates, budgets still let them go, and their pods would
 * still go to a node of a type that was chosen. Of empty nodes those that still are remain; of others all or nothing. Prices are not looked at again.
 *
 * @throws InputError `unknown-method` if the command's method is not among `methods`
 */
export function validate(command: Command, prepared: Prepared, options: PassOptions & { readonly methods?: readonly Method[] } = {}): ValidatedCommand {
  const method = (options.methods ?? karpenterMethods).find(({ name }) => name === command.method);
  if (method === undefined) throw new InputError("unknown-method", `no method ${command.method}`, { path: "command.method", expected: "the name of one of the methods" });
  const candidates = command.sourceNodes.map((name) => candidateNow(prepared, name));
  const there = candidates.filter((candidate) => candidate !== undefined);
  const validation = method.reason === "Empty" ? "survivors" : "all";
  if (validation === "all" && there.length !== candidates.length) return { failure: "churn" };
  const { replacements, existingNodes, estimatedSavings } = command;
  try {
    const outcome = validated({ candidates: there, replacements, existingNodes, estimatedSavings, validation }, method, prepared, options, () => undefined);
    return "failure" in outcome ? outcome : { command: commandOf(method, outcome.proposal) };
  } catch (error) {
    if (error instanceof NoNodePoolsError) return { failure: "scheduling" };
    throw error;
  }
}

function candidateNow(prepared: Prepared, name: string): Candidate | undefined {
  const view = clusterView(prepared);
  const record = view.nodeOf.get(name);
  const pool = record?.labels[NODE_POOL_LABEL] ?? "";
  const [nodePool, types] = [view.nodePools.get(pool), view.instanceTypes(pool)];
  return record?.nodeClaim === undefined || record.node === undefined || nodePool === undefined || types === undefined ? undefined : candidateOf(record, nodePool, types);
}
