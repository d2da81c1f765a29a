import type { EC2NodeClass, EC2NodeClassStatus } from "@groupless/api";
import type { CallOptions, Ec2Port } from "../port/ec2-port.ts";
import { pages } from "../port/pages.ts";
import { condition, MINUTE_MS, type Resolved } from "./resolved.ts";
import { filterSets } from "./selector-filters.ts";

type SecurityGroups = NonNullable<EC2NodeClassStatus["securityGroups"]>;

/** The security groups of a node class, by id. */
export async function resolveSecurityGroups(nodeClass: EC2NodeClass, port: Ec2Port, options?: CallOptions): Promise<Resolved<SecurityGroups>> {
  const terms = nodeClass.spec.securityGroupSelectorTerms ?? [];
  const found = new Map<string, SecurityGroups[number]>();
  for (const Filters of filterSets(terms, [["group-id", ({ id }) => id], ["group-name", ({ name }) => name]])) {
    for (const { SecurityGroups = [] } of await pages(port, "DescribeSecurityGroups", { Filters, MaxResults: 500 }, options)) {
      for (const { GroupId, GroupName } of SecurityGroups) found.set(GroupId, { id: GroupId, ...(GroupName === undefined ? {} : { name: GroupName }) });
    }
  }
  const none = found.size === 0 && terms.length > 0;
  return {
    status: none ? undefined : [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    condition: condition("SecurityGroupsReady", none ? { reason: "SecurityGroupsNotFound", message: "SecurityGroupSelector did not match any SecurityGroups" } : undefined),
    requeueAfterMs: none ? MINUTE_MS : 5 * MINUTE_MS,
  };
}
