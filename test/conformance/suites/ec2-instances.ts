import { type EC2NodeClass, InputError, type NodeClaim, type NodePool } from "@groupless/api";
import type { InstanceType } from "@groupless/catalog";
import { instanceTypes, knownFactsOf, type RegionSnapshot } from "@groupless/ec2-catalog";
import { ApiError, type CloudInstance, demoted, describedInstance, ec2Fleet, expiringClaims, garbage, garbageIntervalMs, type InstanceCalls, instanceCalls, instanceIdOf, isTaggable, KARPENTER_SAFEGUARDS, missingTags, nodeClaimView, REPAIR_POLICIES, resolvePlacementGroup, TAGGED, unhealthyInstances, ZonalShiftError } from "@groupless/ec2-fleet";
import { virtualClock } from "@groupless/ec2-fleet/fake";
import { formatQuantity, isZero, parseQuantity } from "@groupless/quantity";
import type { Suite } from "../suite.ts";
import { byText } from "./ec2-account.ts";
import { cheapest } from "./ec2-launch.ts";
import { instancesAccount, type InstancesAccount } from "./ec2-instances-account.ts";

const nowMs = Date.parse("2026-08-01T12:00:00Z");
const RESERVATION = "karpenter.k8s.aws/capacity-reservation-";

/** Suite `ec2/instances`. */
export const ec2Instances: Suite = {
  functions: {
    newInstance: ({ instance, options }) => {
      const { launchedMs, ...shown } = describedInstance(instance, options ?? {});
      return { ...shown, ...(launchedMs === undefined ? {} : { launchTime: new Date(launchedMs).toISOString().replace(".000Z", "Z") }) };
    },
    parseInstanceId: ({ providerID }) => answered({}, () => ({ id: instanceIdOf(providerID) }), true),
    get: (args) => withCalls(args, async (account, calls) => answered(account.asked("DescribeInstances"), async () => {
      const instance = await calls.get(instanceIdOf(args.providerID));
      return instance === undefined ? { error: { class: "NodeClaimNotFound" } } : { nodeClaim: await claimOf(instance, args) };
    })),
    list: (args) => withCalls(args, async (account, calls) => answered(account.asked("DescribeInstances"), async () => {
      const all = await calls.list();
      const nodeClaims = await Promise.all(all.map((instance) => claimOf(instance, args)));
      return { nodeClaims: nodeClaims.toSorted((a: any, b: any) => (a.providerID < b.providerID ? -1 : 1)), cached: calls.seen };
    })),
    delete: (args) => withCalls(args, async (account, calls) => {
      const counts = args.reservations === undefined ? undefined : { ...args.reservations };
      return answered(() => ({ ...account.asked("DescribeInstances")(), ...account.asked("TerminateInstances")(), ...(counts === undefined ? {} : { reservations: counts }) }), async () => {
        const outcome = await calls.terminate(instanceIdOf(args.nodeClaim.status?.providerID ?? ""));
        const reservation = args.nodeClaim.metadata.labels?.[`${RESERVATION}id`];
        if (outcome === "gone" && counts !== undefined && reservation in counts) counts[reservation] += 1;
        return outcome === "gone" ? { error: { class: "NodeClaimNotFound" } } : {};
      });
    }),
    createNodeClaim,
    tag: (args) => withCalls(args, async (account, calls) => {
      const [claim] = args.nodeClaims as NodeClaim[];
      let annotations = { ...claim?.metadata.annotations };
      return answered(() => ({ ...account.asked("CreateTags")(), annotations }), async () => {
        const id = idOf(claim?.status?.providerID);
        if (claim === undefined || !isTaggable(claim) || id === undefined) return {};
        const instance = await calls.get(id, { skipCache: true });
        if (instance === undefined) return {};
        const tags = missingTags(claim, instance.tags, args.clusterName ?? "test-cluster");
        if (Object.keys(tags).length > 0 && (await calls.tag(id, tags)) === "gone") return {};
        annotations = { ...annotations, ...TAGGED };
        return {};
      });
    }),
    collectGarbage: (args) => withCalls(args, async (account, calls) => {
      const gone = new Set<string>();
      let requeueAfterSeconds = 0;
      const nodesLeft = (): string[] => (args.nodes ?? []).filter((node: any) => !gone.has(node.spec.providerID)).map((node: any) => node.metadata.name).toSorted();
      const terminated = (): string[] => [...new Set(account.inputs("TerminateInstances").flatMap((input: any) => input.InstanceIds))].toSorted();
      return answered(() => ({ terminated: terminated(), nodesLeft: nodesLeft(), requeueAfterSeconds }), async () => {
        const young = args.launchedSecondsAgo ?? {};
        const all = (await calls.list()).map((one) => (one.id in young ? { ...one, launchedMs: nowMs - young[one.id] * 1000 } : one));
        for (const instance of garbage(all, args.nodeClaims ?? [], nowMs)) if ((await calls.terminate(instance.id)) === "terminating") gone.add(`aws:///${instance.zone}/${instance.id}`);
        requeueAfterSeconds = garbageIntervalMs(1) / 1000;
        return {};
      });
    }),
    demoteReserved: (args) => withCalls(args, async (_account, calls) => {
      const changed = demoted(await calls.list(), args.nodeClaims ?? [], args.nodes ?? []);
      const after = (objects: readonly any[], now: readonly any[], kind: string): readonly (readonly [string, unknown])[] => objects.map((one) => [`${kind}/${one.metadata.name}`, reservationLabels((now.find((each) => each.metadata.name === one.metadata.name) ?? one).metadata.labels)]);
      return { labels: Object.fromEntries([...after(args.nodeClaims ?? [], changed.nodeClaims, "claim"), ...after(args.nodes ?? [], changed.nodes, "node")]) };
    }),
    expireBlocks: (args) => withCalls(args, async (account) => {
      const expiring = new Set((await expiringClaims(args.nodeClaims, account.port, { nowMs })).map(({ metadata }) => metadata.name));
      return { kept: args.nodeClaims.map(({ metadata }: NodeClaim) => metadata.name).filter((name: string) => !expiring.has(name)).toSorted(), ...account.asked("DescribeCapacityReservations")() };
    }),
    repairPolicies: () => REPAIR_POLICIES.map(({ type, status, tolerationMs }) => ({ type, status, tolerationSeconds: tolerationMs / 1000 })),
    instanceStatus: async (args) => {
      const account = instancesAccount(args);
      const found = await unhealthyInstances(account.port, { nowMs: Date.parse(args.now) });
      return { statuses: found.map(healthOf).toSorted(byText), ...account.asked("DescribeInstanceStatus")() };
    },
  },
  // A reservation that several claims are in is asked for once here, and once a claim by Karpenter; what is asked is the same.
  canonical: (output) => (Array.isArray(output?.DescribeCapacityReservations) ? { ...output, DescribeCapacityReservations: [...new Set(output.DescribeCapacityReservations.map((one: unknown) => JSON.stringify(one)))].toSorted() } : output),
};

async function withCalls(args: any, use: (account: InstancesAccount, calls: InstanceCalls) => unknown): Promise<unknown> {
  const account = instancesAccount({ ...args, instances: args.cachedInstances ?? args.instances });
  const clock = virtualClock(nowMs);
  const calls = instanceCalls({ port: account.port, clock, window: undefined, clusterName: args.clusterName ?? "test-cluster", reservedCapacity: args.reservedCapacity ?? true, shiftedZoneIds: () => args.shiftedZoneIds ?? [] });
  if (args.cachedInstances !== undefined) {
    for (const { InstanceId } of args.cachedInstances) await calls.get(InstanceId);
    account.become(args.instances);
  }
  return use(account, calls);
}

/** What was asked, with the answer or the class of the error. */
async function answered(asked: object | (() => object), answer: () => unknown, bare = false): Promise<unknown> {
  const seen = (): object => (typeof asked === "function" ? asked() : asked);
  try {
    const given = await answer();
    return { ...seen(), ...(given as object) };
  } catch (error) {
    if (!(error instanceof ApiError || error instanceof InputError || error instanceof ZonalShiftError)) throw error;
    return { ...seen(), error: bare ? true : { class: "Error" } };
  }
}

/** An instance as the provider shows it: with its pool's types and its class's zones and groups, where these exist. */
async function claimOf(instance: CloudInstance, args: any): Promise<unknown> {
  const classNamed = (name: string | undefined): EC2NodeClass | undefined => (args.nodeClasses ?? []).find((one: EC2NodeClass) => one.metadata.name === name && one.metadata.deletionTimestamp === undefined);
  const pool = (args.nodePools ?? []).find((one: NodePool) => one.metadata.name === instance.tags["karpenter.sh/nodepool"]) as NodePool | undefined;
  const poolClass = classNamed(pool?.spec.template.spec.nodeClassRef?.name);
  const type = poolClass === undefined ? undefined : catalog(args, poolClass).find(({ name }) => name === instance.type);
  if (poolClass !== undefined && type === undefined) throw new InputError("instance-type", "unknown type");
  const nodeClass = classNamed(instance.tags["karpenter.k8s.aws/ec2nodeclass"]);
  const group = nodeClass === undefined ? undefined : (await resolvePlacementGroup(nodeClass, instancesAccount(args).port)).status;
  return shown(nodeClaimView(instance, { ...(type === undefined ? {} : { type }), ...(nodeClass === undefined ? {} : { nodeClass }), ...(group === undefined ? {} : { placementGroup: group }) }));
}

function shown({ labels, annotations = {}, providerID, imageID, terminating = false, capacity, allocatable }: ReturnType<typeof nodeClaimView>): unknown {
  const notes = Object.fromEntries(Object.entries(annotations).map(([key, value]) => [key, key === "karpenter.k8s.aws/ec2nodeclass-hash" ? "HASH" : value]));
  return { labels, providerID, imageID, terminating, ...(Object.keys(notes).length === 0 ? {} : { annotations: notes }), ...(capacity === undefined ? {} : { capacity: quantities(capacity), allocatable: quantities(allocatable ?? {}) }) };
}

function quantities(list: Readonly<Record<string, string>>): unknown {
  return Object.fromEntries(Object.entries(list).map(([name, text]) => [name, parseQuantity(text)] as const).filter(([, quantity]) => !isZero(quantity)).map(([name, quantity]) => [name, formatQuantity(quantity, name === "memory" || name === "ephemeral-storage" ? "BinarySI" : "DecimalSI")]));
}

function catalog(args: any, nodeClass: EC2NodeClass): readonly InstanceType[] {
  const zones = [...new Set((Object.values(args.instanceTypeZones ?? {}) as string[][]).flat())].toSorted();
  const types = (args.types as string[]).flatMap((name) => {
    const facts = knownFactsOf(name);
    const onDemand = args.onDemandPrices?.[name];
    const spot = args.spotPrices?.[name];
    if (facts === undefined) return [];
    return [{ facts, zones: args.instanceTypeZones?.[name] ?? [], ...(onDemand === undefined ? {} : { onDemand: { perHour: onDemand, source: "supplied" as const } }), ...(spot === undefined ? {} : { spot: Object.fromEntries(Object.entries(spot).map(([zone, perHour]) => [zone, { perHour: perHour as number, source: "supplied" as const }])) }) }];
  });
  const region: RegionSnapshot = { format: 1, region: args.region ?? "us-east-1", takenOn: "2026-08-01", source: "", currency: "USD", zones: zones.map((name) => ({ name, kind: "availability-zone" })), types, leftOut: [] };
  const group = nodeClass.spec.placementGroupSelector && (args.placementGroups ?? []).find((one: any) => one.GroupName === nodeClass.spec.placementGroupSelector?.name || one.GroupId === nodeClass.spec.placementGroupSelector?.id);
  return instanceTypes(region, nodeClass, { nowMs, reservationCounts: args.reservations ?? {}, reservedCapacity: args.reservedCapacity ?? true, shiftedZoneIds: args.shiftedZoneIds ?? [], ...(group ? { placementGroup: { id: group.GroupId, strategy: group.Strategy, ...(group.PartitionCount == null ? {} : { partitionCount: group.PartitionCount }) } } : {}) });
}

async function createNodeClaim(args: any): Promise<unknown> {
  const account = instancesAccount(args, cheapest);
  const fleet = ec2Fleet({ region: args.region ?? "us-east-1", clusterName: args.clusterName ?? "test-cluster", clusterEndpoint: args.clusterEndpoint, clusterCIDR: args.clusterCIDR, kubeDNSIP: args.kubeDNSIP, ...(args.caBundle === undefined ? {} : { caBundle: args.caBundle }), reservedCapacity: args.reservedCapacity ?? true, nodeClasses: args.nodeClasses ?? [], instanceTypes: (nodeClass) => catalog(args, nodeClass), kubernetesVersion: "1.32", port: account.port, clock: virtualClock(nowMs), batching: false, safeguards: KARPENTER_SAFEGUARDS, reservationCounts: args.reservations ?? {}, retries: { attempts: 1, baseMs: 0, maxMs: 0 } });
  const [event] = await fleet.execute({ type: "launch", nodeClaim: args.nodeClaim });
  const reservations = args.reservations === undefined ? {} : { reservations: fleet.reservationCounts() };
  if (event?.type === "launched") return { nodeClaim: shown(event.instance), ...reservations };
  if (event?.type !== "launch-failed") throw new Error("no answer");
  const events = event.reason.code === "node-class-not-found" ? { events: ["Warning "] } : {};
  const classes = { "insufficient-capacity": "InsufficientCapacity", "node-class-not-ready": "NodeClassNotReady", create: "CreateError" } as const;
  return { ...reservations, ...events, error: { class: classes[event.kind], ...(event.kind === "create" ? { reason: event.condition?.reason, reasonMessage: event.condition?.message } : {}) } };
}

function reservationLabels(labels: Readonly<Record<string, string>> = {}): unknown {
  return Object.fromEntries(["karpenter.sh/capacity-type", `${RESERVATION}id`, `${RESERVATION}type`, `${RESERVATION}interruptible`].flatMap((key) => (labels[key] === undefined ? [] : [[key, labels[key]]])));
}

function healthOf({ instanceId, impairedSinceMs, details }: Awaited<ReturnType<typeof unhealthyInstances>>[number]): unknown {
  const time = (ms: number | undefined): string => (ms === undefined ? "0001-01-01T00:00:00Z" : new Date(ms).toISOString().replace(".000Z", "Z"));
  const categories = { "instance-status": "InstanceStatus", "system-status": "SystemStatus", "event-status": "EventStatus" } as const;
  return { InstanceID: instanceId, Overall: "impaired", ImpairedSince: time(impairedSinceMs), Details: details.map((one) => ({ Category: categories[one.category], Name: one.name, ImpairedSince: time(one.impairedSinceMs), Status: "failed" })) };
}

function idOf(providerID: string | undefined): string | undefined {
  try {
    return instanceIdOf(providerID ?? "");
  } catch {
    return undefined;
  }
}
