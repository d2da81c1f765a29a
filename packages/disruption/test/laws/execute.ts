import type { KubeObject, NodeClaim, Pod } from "@groupless/api";
import { nameOf } from "@groupless/api";
import type { Cluster } from "@groupless/bin-packer";
import type { Command } from "../../src/command.ts";
import { node } from "../cluster-fixture.ts";

/** The cluster after a command: its nodes gone, the cheapest of what it allows launched, pods where it put them. */
export function execute(cluster: Cluster, command: Command, serial: number): Cluster {
  const gone = new Set(command.sourceNodes);
  const place = new Map<string, string>();
  const launched: KubeObject[] = [];
  for (const [i, { instanceTypes, requirements, pods }] of command.replacements.entries()) {
    const name = `r${serial}-${i}`;
    const capacityTypes = requirements.find(({ key }) => key === "karpenter.sh/capacity-type")?.values ?? ["on-demand"];
    launched.push(...node(name, { size: instanceTypes[0] ?? "2xlarge", capacityType: capacityTypes.includes("spot") ? "spot" : "on-demand" }));
    for (const pod of pods) place.set(pod, name);
  }
  for (const { node: name, pods } of command.existingNodes) for (const pod of pods) place.set(pod, name);
  const objects = cluster.objects.flatMap((object): readonly KubeObject[] => {
    if (object.kind === "Node" && gone.has(object.metadata.name)) return [];
    if (object.kind === "NodeClaim" && gone.has((object as NodeClaim).status?.nodeName ?? "")) return [];
    if (object.kind !== "Pod") return [object];
    return moved(object, gone, place);
  });
  return { ...cluster, objects: [...objects, ...launched] };
}

function moved(pod: Pod, gone: ReadonlySet<string>, place: ReadonlyMap<string, string>): readonly Pod[] {
  const target = place.get(nameOf(pod));
  if (target !== undefined) return [{ ...pod, spec: { ...pod.spec, nodeName: target }, status: { ...pod.status, phase: "Running", conditions: [{ type: "Ready", status: "True" }] } }];
  return gone.has(pod.spec.nodeName ?? "") ? [] : [pod];
}
