import { INSTANCE_TYPE_LABEL, type KubeObject, REGION_LABEL } from "@groupless/api";
import type { Cluster } from "@groupless/bin-packer";
import type { InstanceType } from "@groupless/catalog";
import { ec2WellKnownLabels, instanceTypes, type RegionSnapshot } from "@groupless/ec2-catalog";
import { parse, type Parsed } from "@groupless/manifests";
import type { Terminal } from "../cli/terminal.ts";
import { readFiles } from "./files.ts";
import { workloadPods } from "./workload-pods.ts";

/** Files as a cluster to plan for, and what the reader should know about it. */
export interface PlanInput {
  readonly cluster: Cluster;
  readonly notes: readonly string[];
}

/**
 * A cluster from manifest files: pods of workloads are made up, instance types come from the region and each pool's node class.
 *
 * @throws InputError for files that cannot be used
 */
export function planInput(files: readonly string[], region: RegionSnapshot, terminal: Pick<Terminal, "readFile">): PlanInput {
  return clusterOf(parse(readFiles(files, terminal)), region);
}

/** The cluster of parsed manifests. */
export function clusterOf({ nodePools, nodeClasses, objects, ignored, unknownFields }: Parsed, region: RegionSnapshot): PlanInput {
  const notes = ignored.map(({ kind, name }) => `${kind} ${name} plays no part and is left out`);
  for (const { object, path } of unknownFields) notes.push(`${object} has no field ${path}: it is left out, as the API server does`);
  const types: Record<string, readonly InstanceType[]> = {};
  for (const pool of nodePools) {
    const { name } = pool.spec.template.spec.nodeClassRef;
    const nodeClass = nodeClasses.find(({ metadata }) => metadata.name === name);
    if (nodeClass === undefined) notes.push(`NodePool ${pool.metadata.name} names the EC2NodeClass ${name}, which is in none of the files: the defaults of AL2023 apply`);
    types[pool.metadata.name] = instanceTypes(region, nodeClass);
  }
  const made: readonly KubeObject[] = workloadPods(objects);
  const elsewhere = objects.find(({ kind, metadata }) => kind === "Node" && metadata.labels?.[INSTANCE_TYPE_LABEL] !== undefined && metadata.labels[REGION_LABEL] !== undefined && metadata.labels[REGION_LABEL] !== region.region);
  if (elsewhere !== undefined) notes.push(`Node ${elsewhere.metadata.name} is in ${elsewhere.metadata.labels?.[REGION_LABEL] ?? ""}, the plan is for ${region.region} (--region)`);
  return { cluster: { nodePools, nodeClasses, objects: [...objects, ...made], instanceTypes: types, wellKnownLabels: ec2WellKnownLabels }, notes };
}
