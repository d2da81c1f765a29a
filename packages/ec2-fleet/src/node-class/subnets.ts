import type { EC2NodeClass, EC2NodeClassStatus } from "@groupless/api";
import type { CallOptions, Ec2Port } from "../port/ec2-port.ts";
import { omit } from "../port/omit.ts";
import { pages } from "../port/pages.ts";
import { condition, MINUTE_MS, type Resolved } from "./resolved.ts";
import { filterSets } from "./selector-filters.ts";

type Subnets = NonNullable<EC2NodeClassStatus["subnets"]>;

/** The subnets of a node class, most free addresses first, then by id; `freeAddresses` by id is what launches count with. */
export async function resolveSubnets(nodeClass: EC2NodeClass, port: Ec2Port, options?: CallOptions): Promise<Resolved<Subnets> & { readonly freeAddresses: Readonly<Record<string, number>> }> {
  const found = new Map<string, { readonly id: string; readonly zone: string; readonly zoneID?: string; readonly free: number }>();
  for (const Filters of filterSets(nodeClass.spec.subnetSelectorTerms ?? [], [["subnet-id", ({ id }) => id]])) {
    for (const { Subnets = [] } of await pages(port, "DescribeSubnets", { Filters, MaxResults: 500 }, options)) {
      for (const { SubnetId, AvailabilityZone = "", AvailabilityZoneId, AvailableIpAddressCount = 0 } of Subnets) {
        found.set(SubnetId, { id: SubnetId, zone: AvailabilityZone, ...(AvailabilityZoneId === undefined ? {} : { zoneID: AvailabilityZoneId }), free: AvailableIpAddressCount });
      }
    }
  }
  const sorted = [...found.values()].sort((a, b) => b.free - a.free || (a.id < b.id ? -1 : 1));
  return {
    status: sorted.length === 0 ? undefined : sorted.map((subnet) => omit(subnet, "free")),
    condition: condition("SubnetsReady", sorted.length === 0 ? { reason: "SubnetsNotFound", message: "SubnetSelector did not match any Subnets" } : undefined),
    requeueAfterMs: MINUTE_MS,
    freeAddresses: Object.fromEntries(sorted.map(({ id, free }) => [id, free])),
  };
}
