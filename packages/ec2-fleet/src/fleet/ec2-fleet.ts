import { type EC2NodeClass, ec2NodeClassHash, EC2_NODE_CLASS_HASH_VERSION, InputError, type NodeClaim, NODE_POOL_LABEL } from "@groupless/api";
import type { InstanceType, UnavailableOfferings } from "@groupless/catalog";
import type { Instance, ProviderAction, ProviderEvent } from "@groupless/lifecycle";
import type { CloudInstance } from "../instances/instance.ts";
import { nodeClaimView } from "../instances/node-claim-view.ts";
import { garbage } from "../instances/garbage.ts";
import { instanceIdOf, providerIdOf } from "../instances/provider-id.ts";
import { listedZonalShifts, shiftedZoneIds, withZonalShifts, type ZonalShifts } from "../instances/zonal-shift.ts";
import { isTaggable, missingTags, TAG_INTERVAL_MS } from "../instances/tagging.ts";
import { type InterruptionContext, type Received, receiveInterruptions } from "../interruption/queue-poller.ts";
import { GROWING_BACK_OFF, NOTHING_OUT_OF_STOCK, rememberStockOuts, type StockOutMemory, type StockOuts } from "../launch/stock-out.ts";
import { NO_ADDRESSES, refreshed } from "../launch/subnet-addresses.ts";
import type { PlacementGroup } from "../launch/launch-plan.ts";
import type { LaunchRefusal } from "../launch/refusal.ts";
import { INSTANCE_PROFILE_ANNOTATION, NODE_CLASS_HASH_ANNOTATION, NODE_CLASS_HASH_VERSION_ANNOTATION, NODE_CLASS_TAG } from "../node-class/label.ts";
import { resolvePlacementGroup } from "../node-class/placement-group.ts";
import { systemClock } from "../port/clock.ts";
import type { CallOptions } from "../port/ec2-port.ts";
import { awsPort } from "../port/aws-port.ts";
import { withoutStockOuts } from "./availability.ts";
import { FLEET_WINDOW, INSTANCE_WINDOW } from "./batcher.ts";
import type { Current, FleetOptions } from "./fleet-options.ts";
import { instanceCalls } from "./instance-calls.ts";
import { launcher, type LaunchState } from "./launcher.ts";
import { nodeClassCache } from "./node-classes.ts";
import { DEFAULT_RETRIES, resilientPort } from "./resilient-port.ts";
import { ALL_SAFEGUARDS } from "./safeguards.ts";

/** The provider side of a cluster at EC2. */
export interface Fleet {
  /**
   * Does what the action says and answers with what came of it. Safe to repeat: a launch already made gives the same instance again.
   *
   * @throws the signal's reason where it is aborted before EC2 was asked; ApiError or LostResponseError where a describe or terminate call fails for good; ZonalShiftError for an instance in a zone that traffic is shifted away from
   */
  execute(action: ProviderAction, options?: CallOptions): Promise<readonly ProviderEvent[]>;
  /** The node class with its status as AWS has it now. */
  nodeClass(name: string, options?: CallOptions): Promise<EC2NodeClass | undefined>;
  /** What is out of stock, for the packer's catalogs. */
  unavailableOfferings(): UnavailableOfferings;
  /** The same with what makes it grow, to hand to another process. */
  stockOuts(): StockOutMemory;
  /** Instances left in capacity reservations, by id, launches since counted in. */
  reservationCounts(): Readonly<Record<string, number>>;
  /** Takes in what an interruption says is out of stock. */
  learn(stockOuts: Partial<StockOuts>): void;
  /**
   * Terminates the cluster's instances that no claim knows; their provider ids. Claims are read after the instances were listed.
   * Nodes with these provider ids can be deleted.
   */
  collectGarbage(nodeClaims: () => readonly NodeClaim[], options?: CallOptions): Promise<readonly string[]>;
  /** Gives a claim's instance the tags it lacks, at most one call a second; `done` asks for the claim's `TAGGED` annotations. */
  tag(nodeClaim: NodeClaim, options?: CallOptions): Promise<"done" | "gone" | "not-due">;
  /** Receives interruption messages and takes in what they say is out of stock. */
  receiveInterruptions(queueUrl: string, context: () => InterruptionContext, options?: CallOptions): Promise<readonly Received[]>;
  /**
   * Asks ARC which zones traffic is shifted away from, every `ZONAL_SHIFT_CHECK_MS`; answers {@link Fleet.shiftedZoneIds}. Needs `@aws-sdk/client-arc-zonal-shift` beside this package.
   *
   * @throws ApiError `ResourceNotFoundException` for a cluster that is not registered with ARC
   */
  refreshZonalShifts(options?: CallOptions): Promise<readonly string[]>;
  /** Ids of zones that traffic is shifted away from now, for the packer's catalogs: what the options say, and what ARC said last. */
  shiftedZoneIds(): readonly string[];
  /** Takes over the launch templates of an earlier process, so that they are cleaned up too. */
  adoptTemplates(options?: CallOptions): Promise<void>;
  /** Deletes launch templates that nothing used for a minute; their names. */
  removeUnusedTemplates(options?: CallOptions): Promise<readonly string[]>;
}

/**
 * Launches, asks after and terminates a cluster's EC2 instances. Nothing of AWS is loaded before the first call.
 *
 * @example
 * const fleet = ec2Fleet({ region: "us-west-2", clusterName: "prod", nodeClasses, instanceTypes });
 * for (const action of actions) events.push(...(await fleet.execute(action)));
 */
export function ec2Fleet(options: FleetOptions): Fleet {
  const { clock = systemClock, log = () => undefined, random = Math.random, batching = true } = options;
  const port = resilientPort(options.port ?? awsPort({ region: options.region }), { clock, random, log, retries: options.retries ?? DEFAULT_RETRIES });
  const state: LaunchState = { addresses: NO_ADDRESSES, stockOuts: options.stockOuts ?? NOTHING_OUT_OF_STOCK, reservations: new Map(Object.entries(options.reservationCounts ?? {})) };
  const launches = launcher({
    port,
    clock,
    log,
    cluster: options,
    window: batching ? FLEET_WINDOW : undefined,
    safeguards: { ...ALL_SAFEGUARDS, ...options.safeguards },
    backOff: options.backOff ?? GROWING_BACK_OFF,
    minValuesPolicy: options.minValuesPolicy ?? "Strict",
    consistencyMs: options.consistencyMs ?? 5000,
    state,
  });
  let shifts: ZonalShifts = {};
  let clusterArn: string | undefined;
  const shifted = (): readonly string[] => [...new Set([...current(options.shiftedZoneIds ?? []), ...shiftedZoneIds(shifts, clock.nowMs())])].sort();
  const instances = instanceCalls({ port, clock, window: batching ? INSTANCE_WINDOW : undefined, clusterName: options.clusterName, reservedCapacity: options.reservedCapacity ?? true, shiftedZoneIds: shifted });
  const resolve = nodeClassCache(port, clock, { region: options.region, clusterName: options.clusterName }, (free) => void (state.addresses = refreshed(state.addresses, free)));

  let nextTagMs = 0;

  function learn(stockOuts: Partial<StockOuts>): void {
    state.stockOuts = rememberStockOuts(state.stockOuts, stockOuts, clock.nowMs(), options.backOff ?? GROWING_BACK_OFF);
    for (const id of stockOuts.reservations ?? []) if (state.reservations.has(id)) state.reservations.set(id, 0);
  }

  async function nodeClass(name: string, callOptions: CallOptions = {}): Promise<EC2NodeClass | undefined> {
    const given = current(options.nodeClasses).find(({ metadata }) => metadata.name === name);
    if (given === undefined || given.metadata.deletionTimestamp !== undefined) return undefined;
    return given.status?.subnets === undefined ? resolve(given, await kubernetesVersion(callOptions), callOptions) : given;
  }

  async function kubernetesVersion(callOptions: CallOptions): Promise<string> {
    if (options.kubernetesVersion !== undefined) return current(options.kubernetesVersion);
    const version = (await port.call("DescribeCluster", { name: options.clusterName }, callOptions)).cluster?.version;
    if (version === undefined) throw new InputError("kubernetes-version", "EKS does not say the cluster's version", { path: "kubernetesVersion", expected: "a version such as 1.32" });
    return version;
  }

  function typesOf(forClass: EC2NodeClass, nodePool: string | undefined, placementGroupId?: string): readonly InstanceType[] {
    return typeof options.instanceTypes === "function" ? options.instanceTypes(forClass, nodePool) : withoutStockOuts(options.instanceTypes, state.stockOuts.marks, forClass, placementGroupId, clock.nowMs(), shifted());
  }

  async function placementGroupOf(forClass: EC2NodeClass, callOptions: CallOptions): Promise<PlacementGroup | undefined> {
    return forClass.spec.placementGroupSelector === undefined ? undefined : (await resolvePlacementGroup(forClass, port, callOptions)).status;
  }

  async function launch(nodeClaim: NodeClaim, callOptions: CallOptions): Promise<ProviderEvent> {
    const { name } = nodeClaim.metadata;
    const failed = (refusal: LaunchRefusal): ProviderEvent => ({ type: "launch-failed", nodeClaim: name, kind: refusal.kind, reason: refusal.reason, message: refusal.message, ...(refusal.condition === undefined ? {} : { condition: refusal.condition }) });
    const className = nodeClaim.spec.nodeClassRef.name;
    const found = await nodeClass(className, callOptions);
    const unready = found === undefined ? notFound(className) : readiness(found);
    if (unready !== undefined || found === undefined) return failed(unready ?? notFound(className));
    const pool = nodeClaim.metadata.labels?.[NODE_POOL_LABEL];
    const placementGroup = await placementGroupOf(found, callOptions);
    const group = placementGroup === undefined ? {} : { placementGroup };
    let instanceTypes: readonly InstanceType[];
    try {
      instanceTypes = typesOf(found, pool, placementGroup?.id);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return failed({ kind: "create", reason: { code: "no-catalog", canResolve: true, detail: error.message }, message: `resolving instance types, ${error.message}`, condition: { reason: "InstanceTypeResolutionFailed", message: "Error resolving instance types" } });
    }
    const result = await launches.launch({ nodeClass: found, nodeClaim, instanceTypes, ...group }, callOptions);
    if ("refusal" in result) return failed(result.refusal);
    const { instance } = result;
    if (instance.reservation !== undefined) {
      const left = state.reservations.get(instance.reservation.id);
      if (left !== undefined) state.reservations.set(instance.reservation.id, Math.max(0, left - 1));
    }
    const type = instanceTypes.find((one) => one.name === instance.type);
    const view = nodeClaimView(instance, { nodeClass: found, nodeClaim, ...group, ...(type === undefined ? {} : { type }) });
    return { type: "launched", nodeClaim: name, instance: { ...view, nodeClaim: name, annotations: launchAnnotations(found, options.caBundle) } };
  }

  /** An instance of the cluster, with what its class and the catalog add. */
  const seen = (instance: CloudInstance): Instance => {
    const ofClass = current(options.nodeClasses).find(({ metadata }) => metadata.name === instance.tags[NODE_CLASS_TAG] && metadata.deletionTimestamp === undefined);
    const type = ofClass === undefined ? undefined : typesOf(ofClass, instance.tags[NODE_POOL_LABEL]).find(({ name }) => name === instance.type);
    return nodeClaimView(instance, { ...(type === undefined ? {} : { type }), ...(ofClass === undefined ? {} : { nodeClass: ofClass }) });
  };

  return {
    nodeClass,
    unavailableOfferings: () => state.stockOuts.marks,
    stockOuts: () => state.stockOuts,
    reservationCounts: () => Object.fromEntries([...state.reservations].sort(([a], [b]) => (a < b ? -1 : 1))),
    learn,
    async collectGarbage(nodeClaims, callOptions) {
      const found = garbage(await instances.list(callOptions), nodeClaims(), clock.nowMs());
      const ended = await Promise.all(
        found.map(async (instance) => {
          if ((await instances.terminate(instance.id, callOptions)) === "gone") return [];
          log({ type: "garbage", instanceId: instance.id, ...(instance.launchedMs === undefined ? {} : { launchedMs: instance.launchedMs }) });
          return [providerIdOf(instance)];
        }),
      );
      return ended.flat();
    },
    async tag(nodeClaim, callOptions = {}) {
      if (!isTaggable(nodeClaim) || nodeClaim.status?.providerID === undefined) return "not-due";
      const id = instanceIdOf(nodeClaim.status.providerID);
      const instance = await instances.get(id, { ...callOptions, skipCache: true });
      if (instance === undefined) return "gone";
      const tags = missingTags(nodeClaim, instance.tags, options.clusterName);
      if (Object.keys(tags).length === 0) return "done";
      const dueMs = nextTagMs;
      nextTagMs = Math.max(clock.nowMs(), nextTagMs) + TAG_INTERVAL_MS;
      if (dueMs > clock.nowMs()) await clock.sleep(dueMs - clock.nowMs(), callOptions.signal);
      return (await instances.tag(id, tags, callOptions)) === "gone" ? "gone" : "done";
    },
    async receiveInterruptions(queueUrl, context, callOptions = {}) {
      const received = await receiveInterruptions(port, queueUrl, context, { ...callOptions, log });
      for (const { interruption } of received) learn(interruption.stockOuts);
      return received;
    },
    shiftedZoneIds: shifted,
    async refreshZonalShifts(callOptions = {}) {
      clusterArn ??= (await port.call("DescribeCluster", { name: options.clusterName }, callOptions)).cluster?.arn;
      if (clusterArn === undefined) throw new InputError("cluster-arn", "EKS does not say the cluster's ARN", { path: "clusterName", expected: "the name of an EKS cluster" });
      shifts = withZonalShifts(shifts, await listedZonalShifts(clusterArn, port, callOptions));
      return shifted();
    },
    adoptTemplates: (callOptions = {}) => launches.templates.adopt(options.clusterName, callOptions),
    removeUnusedTemplates: (callOptions = {}) => launches.templates.removeUnused(callOptions),
    async execute(action, callOptions = {}) {
      callOptions.signal?.throwIfAborted();
      switch (action.type) {
        case "launch":
          return [await launch(action.nodeClaim, callOptions)];
        case "list-instances":
          return [{ type: "instances", instances: (await instances.list(callOptions)).map(seen) }];
        case "get-instance": {
          const { nodeClaim, providerID } = action;
          const instance = await instances.get(instanceIdOf(providerID), { ...callOptions, skipCache: true });
          return [instance === undefined ? { type: "instance-gone", nodeClaim, providerID } : { type: "instance", nodeClaim, instance: seen(instance) }];
        }
        case "terminate": {
          const { nodeClaim, providerID } = action;
          const id = instanceIdOf(providerID);
          if ((await instances.terminate(id, callOptions)) === "gone") return [{ type: "instance-gone", nodeClaim, providerID }];
          log({ type: "terminated", instanceId: id });
          return [{ type: "terminating", nodeClaim, providerID }];
        }
      }
    },
  };
}

function current<T>(value: Current<T>): T {
  return typeof value === "function" ? (value as () => T)() : value;
}

/** What a launch writes onto its claim: what the node class was like then, for drift. */
function launchAnnotations(nodeClass: EC2NodeClass, caBundle: string | undefined): Readonly<Record<string, string>> {
  return {
    [NODE_CLASS_HASH_ANNOTATION]: hashOf(nodeClass, caBundle),
    [NODE_CLASS_HASH_VERSION_ANNOTATION]: EC2_NODE_CLASS_HASH_VERSION,
    [INSTANCE_PROFILE_ANNOTATION]: nodeClass.status?.instanceProfile ?? "",
  };
}

const hashes = new WeakMap<EC2NodeClass, { readonly caBundle: string | undefined; readonly hash: string }>();

// What has been resolved serves for a minute of launches.
function hashOf(nodeClass: EC2NodeClass, caBundle: string | undefined): string {
  const known = hashes.get(nodeClass);
  if (known !== undefined && known.caBundle === caBundle) return known.hash;
  const hash = ec2NodeClassHash(nodeClass, caBundle === undefined ? {} : { caBundle });
  hashes.set(nodeClass, { caBundle, hash });
  return hash;
}

function notFound(name: string): LaunchRefusal {
  return { kind: "insufficient-capacity", reason: { code: "node-class-not-found", canResolve: false, nodeClass: name }, message: `resolving nodeclass, ${name} not found` };
}

/** Karpenter pkg/cloudprovider Create: a class that is not ready, or whose status is of an older spec, launches nothing. */
function readiness({ metadata: { name, generation }, status }: EC2NodeClass): LaunchRefusal | undefined {
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  const refused = (kind: LaunchRefusal["kind"], detail: string, condition?: LaunchRefusal["condition"]): LaunchRefusal => ({ kind, reason: { code: "node-class-not-ready", canResolve: true, nodeClass: name, detail }, message: detail, ...(condition === undefined ? {} : { condition }) });
  if (ready?.status === "False") return refused("node-class-not-ready", ready.message ?? "");
  if (ready?.status === "Unknown") return refused("create", "resolving nodeclass readiness, nodeclass is in Ready=Unknown", { reason: "NodeClassReadinessUnknown", message: "NodeClass is in Ready=Unknown" });
  const stale = ready !== undefined && generation !== undefined && ready.observedGeneration !== generation;
  return stale ? refused("node-class-not-ready", "nodeclass status has not been reconciled against the latest spec") : undefined;
}
