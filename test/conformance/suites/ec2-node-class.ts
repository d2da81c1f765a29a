import { type EC2NodeClass, ec2NodeClassHash, InputError } from "@groupless/api";
import type { InstanceType } from "@groupless/catalog";
import { describeType, knownFactsOf } from "@groupless/ec2-catalog";
import { aliasOf, amiFamily, credit, debit, describedInstance, full, isDrifted, launchTags, NO_ADDRESSES, refreshed, type Resolved, resolveCapacityReservations, resolveImages, resolvePlacementGroup, resolveSecurityGroups, resolveSubnets, type SubnetAddresses, instanceIdOf, ApiError, type CallName, type Ec2Port } from "@groupless/ec2-fleet";
import type { Suite } from "../suite.ts";
import { emulatedAccount } from "./ec2-account.ts";
import { shortType } from "./ec2-short-types.ts";

const nowOf = (args: any): number => Date.parse(args.now ?? "2026-08-01T12:00:00Z");

/** Suite `ec2/node-class`. */
export const ec2NodeClass: Suite = {
  functions: {
    subnets: (args) => status(args, "DescribeSubnets", "subnets", (port) => resolveSubnets(args.nodeClass, port)),
    securityGroups: (args) => status(args, "DescribeSecurityGroups", "securityGroups", (port) => resolveSecurityGroups(args.nodeClass, port)),
    capacityReservations: (args) => status(args, "DescribeCapacityReservations", "capacityReservations", (port) => resolveCapacityReservations(args.nodeClass, port, { nowMs: nowOf(args) })),
    placementGroup: async (args) => {
      const answer = (await status(args, "DescribePlacementGroups", "", (port) => resolvePlacementGroup(args.nodeClass, port))) as any;
      return { ...answer, status: undefined };
    },
    amis: (args) => status(args, "DescribeImages", "amis", (port) => resolveImages(args.nodeClass, port, { nowMs: nowOf(args), kubernetesVersion: args.k8sVersion ?? "1.32" })),
    hashEqual: ({ A, B, caBundleA, caBundleB }) => hash(A, caBundleA) === hash(B, caBundleB),
    launchTags: ({ nodeClass, nodeClaim, clusterName }) => {
      const tagging = launchTags(nodeClass, nodeClaim, clusterName);
      return "tags" in tagging ? tagging.tags : { error: true };
    },
    amiFamily: ({ nodeClass }) => {
      const alias = aliasOf(nodeClass);
      return { family: amiFamily(nodeClass), ...(alias === undefined ? {} : { alias }) };
    },
    drift,
    zonalSubnets,
  },
};

async function status(args: any, operation: CallName, field: string, resolve: (port: Ec2Port) => Promise<Resolved<unknown>>): Promise<unknown> {
  const { port, inputs } = emulatedAccount(args);
  const asked = (): object => ({ [operation]: inputs(operation), ...(inputs("GetParameter").length === 0 ? {} : { GetParameter: inputs("GetParameter").map((input: any) => input.Name).toSorted() }) });
  try {
    const { condition: { type, status: holds, reason }, requeueAfterMs, failure, ...resolved } = await resolve(port);
    return { ...asked(), status: (resolved.status ?? null) as unknown, condition: { type, status: holds, reason }, requeueAfterSeconds: requeueAfterMs / 1000, ...(failure === undefined ? {} : { error: true }) };
  } catch (error) {
    if (!(error instanceof ApiError || error instanceof InputError)) throw error;
    return { ...asked(), status: args.nodeClass.status?.[field] ?? null, requeueAfterSeconds: 0, error: true };
  }
}

function hash(nodeClass: EC2NodeClass, caBundle: string | undefined): string {
  return ec2NodeClassHash(nodeClass, caBundle === undefined ? {} : { caBundle });
}

async function drift({ nodeClass, nodeClaim, nodePool, instance, freshInstance, placementGroups = [], types = [], options = {} }: any): Promise<unknown> {
  // Without the pool, or its class, nothing can be told, and that is no drift.
  if (nodePool === undefined || nodeClaim.metadata.labels?.["karpenter.sh/nodepool"] === undefined || nodePool.spec.template.spec.nodeClassRef?.name !== nodeClass.metadata.name || nodeClass.metadata.deletionTimestamp !== undefined) return { reason: "" };
  const name = nodeClaim.metadata.labels["node.kubernetes.io/instance-type"];
  const facts = types.includes(name) ? knownFactsOf(name) : undefined;
  const zones = [{ name: "us-east-1a", kind: "availability-zone" as const }];
  const type = facts === undefined ? undefined : ({ ...describeType({ region: "us-east-1", zones }, { facts, zones: ["us-east-1a"] }, nodeClass), offerings: [] } as InstanceType);
  const group = await resolvePlacementGroup(nodeClass, emulatedAccount({ placementGroups }).port);
  const seen = instanceOf(instance, nodeClaim, options);
  const fresh = instanceOf(freshInstance, nodeClaim, options);
  const answer = isDrifted({ nodeClass, nodeClaim, ...(type === undefined ? {} : { type }), ...(seen === undefined ? {} : { instance: seen }), ...(fresh === undefined ? {} : { freshInstance: fresh }), ...(group.status === undefined ? {} : { placementGroupId: group.status.id }) });
  return answer.drifted === "unknown" ? { error: true } : { reason: answer.drifted ? answer.reason : "" };
}

/** The claim's instance, as a describe call for it finds it. */
function instanceOf(instance: any, nodeClaim: any, options: any): ReturnType<typeof describedInstance> | undefined {
  try {
    if (instance === undefined || instanceIdOf(nodeClaim.status?.providerID ?? "") !== instance.InstanceId || instance.State?.Name === "terminated") return undefined;
    return describedInstance(instance, options);
  } catch {
    return undefined;
  }
}

function zonalSubnets({ nodeClass, subnets, instanceTypes, steps }: any): unknown {
  const types = instanceTypes.map(shortType);
  const counts: Record<string, number> = Object.fromEntries((subnets ?? []).map((one: any) => [one.SubnetId, one.AvailableIpAddressCount]));
  let addresses: SubnetAddresses = subnets === undefined ? NO_ADDRESSES : refreshed(NO_ADDRESSES, counts);
  return steps.map(({ launch, ice, refresh }: any) => {
    if (ice !== undefined) {
      addresses = full(addresses, ice);
      return "ice";
    }
    if (refresh !== undefined) {
      for (const id of Object.keys(counts)) counts[id] = refresh[id] ?? counts[id];
      addresses = refreshed(addresses, counts);
      return "refresh";
    }
    const known = nodeClass.status?.subnets ?? [];
    if (known.length === 0) return { error: true };
    const debited = debit(addresses, known, types, launch.capacityType);
    addresses = debited.addresses;
    if (launch.chosen !== "" || launch.failed === true) {
      const Overrides = Object.values(debited.byZone).map(({ id }) => ({ InstanceType: "", SubnetId: id }));
      const answer = launch.failed === true ? undefined : { Instances: [{ InstanceIds: ["i-1"], LaunchTemplateAndOverrides: { Overrides: { SubnetId: launch.chosen } } }] };
      addresses = credit(addresses, { Type: "instant", LaunchTemplateConfigs: [{ LaunchTemplateSpecification: {}, Overrides }], TargetCapacitySpecification: { DefaultTargetCapacityType: launch.capacityType, TotalTargetCapacity: 1 }, TagSpecifications: [] }, answer, types, debited.byZone, launch.capacityType);
    }
    return Object.fromEntries(Object.values(debited.byZone).map(({ zone, id }) => [zone, id]));
  });
}

