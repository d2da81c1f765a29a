import type { EC2NodeClass } from "@groupless/api";
import { apiErrorOf } from "../port/error-code.ts";
import type { CallOptions, Ec2Port } from "../port/ec2-port.ts";
import type { Ec2PlacementGroup } from "../port/network.ts";
import { condition, type Resolved } from "./resolved.ts";

/** A placement group as EC2 has it. */
export interface ResolvedPlacementGroup {
  readonly id: string;
  readonly name?: string;
  readonly strategy: string;
  readonly partitionCount?: number;
}

/** The placement group of a node class; without a selector there is none, and that is fine. */
export async function resolvePlacementGroup(nodeClass: EC2NodeClass, port: Ec2Port, options?: CallOptions): Promise<Resolved<ResolvedPlacementGroup>> {
  const { id = "", name = "" } = nodeClass.spec.placementGroupSelector ?? {};
  if (id === "" && name === "") return { status: undefined, condition: condition("PlacementGroupReady"), requeueAfterMs: 0 };
  let first: Ec2PlacementGroup | undefined;
  try {
    [first] = await describe(id, name, port, options);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { status: undefined, condition: condition("PlacementGroupReady", { reason: "PlacementGroupResolutionFailed", message: "Failed to resolve placement group" }), requeueAfterMs: 0, failure: error };
  }
  if (first?.GroupId === undefined) return { status: undefined, condition: condition("PlacementGroupReady", { reason: "PlacementGroupNotFound", message: `Placement group ${JSON.stringify(name === "" ? id : name)} not found` }), requeueAfterMs: 0 };
  const status = { id: first.GroupId, ...(first.GroupName === undefined ? {} : { name: first.GroupName }), strategy: first.Strategy ?? "", ...(first.PartitionCount === undefined ? {} : { partitionCount: first.PartitionCount }) };
  return { status, condition: condition("PlacementGroupReady"), requeueAfterMs: 0 };
}

async function describe(id: string, name: string, port: Ec2Port, options: CallOptions | undefined): Promise<readonly Ec2PlacementGroup[]> {
  try {
    const { PlacementGroups = [] } = await port.call("DescribePlacementGroups", { ...(id === "" ? { GroupNames: [name] } : { GroupIds: [id] }), Filters: [{ Name: "state", Values: ["available"] }] }, options);
    return PlacementGroups;
  } catch (error) {
    if (apiErrorOf(error)?.code.startsWith("InvalidPlacementGroup") === true) return [];
    throw error;
  }
}
