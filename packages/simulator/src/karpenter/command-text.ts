import { CAPACITY_TYPE_LABEL, INSTANCE_TYPE_LABEL, type Node } from "@groupless/api";
import type { NewNodeClaim } from "@groupless/bin-packer";
import type { Command } from "@groupless/disruption";
import { nameList } from "./name-list.ts";

/** A command as Karpenter v0.33 logged it: `disrupting via drift replace, terminating 1 candidates …`. */
export function commandText({ method, decision, sourceNodes, replacements }: Command, node: (name: string) => Node | undefined): string {
  const sources = sourceNodes.map((name) => {
    const labels = node(name)?.metadata.labels ?? {};
    return `${name}/${labels[INSTANCE_TYPE_LABEL] ?? ""}/${labels[CAPACITY_TYPE_LABEL] ?? ""}`;
  });
  return `disrupting via ${methodWord(method)} ${decision}, terminating ${sources.length} candidates ${sources.join(", ")}${replacementText(replacements)}`;
}

// v0.33 spoke of drift, emptiness and consolidation; today's methods are finer.
function methodWord(method: string): string {
  const word = method.toLowerCase();
  if (word.includes("drift")) return "drift";
  return word.includes("empt") ? "emptiness" : "consolidation";
}

function replacementText(replacements: readonly NewNodeClaim[]): string {
  const [first] = replacements;
  if (first === undefined) return "";
  const types = nameList(first.instanceTypes, 5);
  if (replacements.length === 1) {
    const possible = capacityTypes(first);
    return ` and replacing with ${possible.length === 1 ? `${possible[0] ?? ""} ` : ""}node from types ${types}`;
  }
  const count = (type: string): number => replacements.filter((claim) => capacityTypes(claim).includes(type)).length;
  return ` and replacing with ${count("spot")} spot and ${count("on-demand")} on-demand, from types ${types}`;
}

const capacityTypes = ({ requirements }: NewNodeClaim): readonly string[] => requirements.find(({ key, operator }) => key === CAPACITY_TYPE_LABEL && operator === "In")?.values ?? ["spot", "on-demand"];
