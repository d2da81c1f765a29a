import { CAPACITY_TYPE_LABEL, INSTANCE_TYPE_LABEL, isReschedulable, NODE_POOL_LABEL } from "@groupless/api";
import type { Prepared } from "@groupless/bin-packer";
import { clusterView } from "../cluster/cluster-view.ts";
import type { Command } from "../command.ts";
import { allowsCapacityType } from "../replacement/claim-requirements.ts";
import { fixed } from "./fixed.ts";

/** The fields of Karpenter's `disrupting node(s)` log line, under its names. */
export interface CommandLog {
  readonly message: "disrupting node(s)";
  readonly command: string;
  readonly decision: Command["decision"];
  readonly "disrupted-node-count": number;
  readonly "replacement-node-count": number;
  readonly "pod-count": number;
  readonly "disrupted-nodes": readonly { readonly Node: { readonly name: string }; readonly NodeClaim: { readonly name: string }; readonly "capacity-type": string; readonly "instance-type": string }[];
  readonly "replacement-nodes": readonly { readonly "capacity-type": string; readonly "instance-types"?: string }[];
}

const MOST_TYPES = 5;

/**
 * What Karpenter logs when it starts a command; `id` is the command's, a UUID in Karpenter.
 *
 * Instance types are listed for a single replacement only, the five cheapest of them.
 */
export function commandLog(command: Command, prepared: Prepared, id: string): CommandLog {
  const { nodeOf } = clusterView(prepared);
  const records = command.sourceNodes.map((name) => nodeOf.get(name)).filter((record) => record !== undefined);
  return {
    message: "disrupting node(s)",
    command: commandText(command, [...new Set(records.map(({ labels }) => labels[NODE_POOL_LABEL] ?? ""))], id),
    decision: command.decision,
    "disrupted-node-count": command.sourceNodes.length,
    "replacement-node-count": command.replacements.length,
    "pod-count": records.reduce((sum, { pods }) => sum + pods.filter(isReschedulable).length, 0),
    "disrupted-nodes": records.map(({ name, nodeClaim, labels }) => ({ Node: { name }, NodeClaim: { name: nodeClaim?.metadata.name ?? "" }, "capacity-type": labels[CAPACITY_TYPE_LABEL] ?? "", "instance-type": labels[INSTANCE_TYPE_LABEL] ?? "" })),
    "replacement-nodes": command.replacements.map(({ requirements, instanceTypes }) => {
      const capacityType = (["reserved", "spot"] as const).find((type) => allowsCapacityType(requirements, type)) ?? "on-demand";
      return { "capacity-type": capacityType, ...(command.replacements.length === 1 ? { "instance-types": typeList(instanceTypes) } : {}) };
    }),
  };
}

/** `Underutilized/ID: replace: nodepools=[a]: [n1, n2] -> [1 replacement] (savings: $1.23)`. */
function commandText({ reason, decision, sourceNodes, replacements, estimatedSavings }: Command, nodePools: readonly string[], id: string): string {
  const count = replacements.length;
  const into = count === 0 ? "" : ` -> [${count} replacement${count === 1 ? "" : "s"}]`;
  return `${reason}/${id}: ${decision}: nodepools=[${nodePools.join(",")}]: [${sourceNodes.join(", ")}]${into} (savings: $${fixed(estimatedSavings, 2)})`;
}

function typeList(instanceTypes: readonly string[]): string {
  const more = instanceTypes.length > MOST_TYPES ? ` and ${instanceTypes.length - MOST_TYPES} other(s)` : "";
  return `${instanceTypes.slice(0, MOST_TYPES).join(", ")}${more}`;
}
