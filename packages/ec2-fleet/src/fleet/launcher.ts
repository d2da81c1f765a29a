import { CAPACITY_TYPE_LABEL, type EC2NodeClass, type NodeClaim, timeMs } from "@groupless/api";
import type { InstanceType } from "@groupless/catalog";
import { amount } from "../launch/amount.ts";
import type { ClusterSettings } from "../launch/cluster.ts";
import { contentHash } from "../launch/content-hash.ts";
import { refusalOf, reservationAt, stockOutsOf } from "../launch/fleet-answer.ts";
import { type LaunchPlan, type PlacementGroup, planLaunch } from "../launch/launch-plan.ts";
import { launchReason } from "../launch/launch-reason.ts";
import type { LaunchRefusal } from "../launch/refusal.ts";
import { allows, requirementSet } from "../launch/requirement-set.ts";
import { type BackOff, rememberStockOuts, type StockOutMemory } from "../launch/stock-out.ts";
import { credit, full, type SubnetAddresses } from "../launch/subnet-addresses.ts";
import { type CloudInstance, describedInstance, launchedInstance } from "../instances/instance.ts";
import { CLUSTER_NAME_TAG, EFA_RESOURCE } from "../node-class/label.ts";
import { apiErrorOf, classifyError } from "../port/error-code.ts";
import { LostResponseError } from "../port/api-error.ts";
import type { Clock } from "../port/clock.ts";
import type { CreateFleetError, CreateFleetInput, FleetInstances } from "../port/create-fleet.ts";
import type { CallOptions, Ec2Port } from "../port/ec2-port.ts";
import { pages } from "../port/pages.ts";
import { batcher, type BatchWindow } from "./batcher.ts";
import { assigned, claimKey, LAUNCH_TAG, launchRecord, MOST_CLAIMS_A_LAUNCH, recordedInstance } from "../instances/launch-record.ts";
import type { FleetLog } from "./log-event.ts";
import type { Safeguards } from "./safeguards.ts";
import { templateStore, type TemplateStore } from "./template-store.ts";

/** What launches share and change. */
export interface LaunchState {
  addresses: SubnetAddresses;
  stockOuts: StockOutMemory;
  /** Instances left in capacity reservations, by id. */
  readonly reservations: Map<string, number>;
}

export interface LauncherOptions {
  readonly port: Ec2Port;
  readonly clock: Clock;
  readonly log: FleetLog;
  readonly cluster: ClusterSettings;
  readonly window: BatchWindow | undefined;
  readonly safeguards: Safeguards;
  readonly backOff: BackOff;
  readonly minValuesPolicy: "Strict" | "BestEffort";
  /** EC2 shows what it has done after at most so long, in milliseconds. */
  readonly consistencyMs: number;
  readonly state: LaunchState;
}

export interface LaunchWork {
  readonly nodeClass: EC2NodeClass;
  readonly nodeClaim: NodeClaim;
  readonly instanceTypes: readonly InstanceType[];
  readonly placementGroup?: PlacementGroup;
}

export type LaunchResult = { readonly instance: CloudInstance } | { readonly refusal: LaunchRefusal };

export interface Launcher {
  launch(work: LaunchWork, options?: CallOptions): Promise<LaunchResult>;
  readonly templates: TemplateStore;
}

interface FleetShare {
  readonly fleet?: FleetInstances;
  readonly id?: string;
  readonly errors: readonly CreateFleetError[];
}

/** Launches claims: once each, whatever happens between a call and its answer. */
export function launcher({ port, clock, log, cluster, window, safeguards, backOff, minValuesPolicy, consistencyMs, state }: LauncherOptions): Launcher {
  const templates = templateStore(port, clock, log);
  const startedMs = clock.nowMs();
  /** Launches that gave an instance in this process, by claim: asked for again they give it again. */
  const launched = new Map<string, CloudInstance>();
  /** When a launch of the claim was last sent without its outcome becoming known. */
  const uncertainSinceMs = new Map<string, number>();
  /** Claims of which EC2 has said whether they were launched before this process. */
  const asked = new Set<string>();
  /** Launches of the claim that EC2 answered without an instance. */
  const attempts = new Map<string, number>();

  const createFleet = batcher<{ readonly request: CreateFleetInput; readonly nodeClaim: NodeClaim }, FleetShare>({
    clock,
    window,
    // Requests are all written by one function, each field in its place.
    keyOf: ({ request }) => JSON.stringify(request),
    ...(safeguards.tagOnCreate ? { maxGroup: MOST_CLAIMS_A_LAUNCH } : {}),
    run: async (batch) => {
      const claims = batch.map(({ nodeClaim }) => nodeClaim);
      const [first] = batch;
      if (first === undefined) return [];
      const keys = claims.map(claimKey).sort();
      const token = contentHash([keys, keys.map((key) => attempts.get(key) ?? 0)]);
      const request = {
        ...first.request,
        ...(safeguards.clientToken ? { ClientToken: token } : {}),
        TargetCapacitySpecification: { ...first.request.TargetCapacitySpecification, TotalTargetCapacity: batch.length },
        TagSpecifications: safeguards.tagOnCreate ? first.request.TagSpecifications.map((one) => ({ ...one, Tags: one.ResourceType === "instance" ? [...one.Tags, ...launchRecord(token, claims)] : one.Tags })) : first.request.TagSpecifications,
      };
      for (const key of keys) uncertainSinceMs.set(key, clock.nowMs());
      const { Instances = [], Errors = [] } = await port.call("CreateFleet", request);
      const made = Instances.flatMap((fleet) => fleet.InstanceIds.map((id) => ({ fleet, id })));
      const whose = assigned(made, ({ id }) => id, claims);
      return claims.map((claim) => {
        const key = claimKey(claim);
        uncertainSinceMs.delete(key);
        return { ...whose.get(key), errors: Errors };
      });
    },
  });

  async function launchOnce(work: LaunchWork, options: CallOptions): Promise<LaunchResult> {
    const { nodeClaim } = work;
    const planned = planLaunch({ ...work, cluster, addresses: state.addresses, minValuesPolicy });
    state.addresses = planned.addresses;
    const needed = "plan" in planned ? planned.plan.templates : (planned.templates ?? []);
    if ("plan" in planned) warnOfFewTypes(nodeClaim, planned.plan);
    try {
      for (const template of needed) await templates.ensure(template, options);
    } catch (error) {
      options.signal?.throwIfAborted();
      return { refusal: callRefusal(error, "Error getting launch template configs") };
    }
    if ("refusal" in planned) return { refusal: planned.refusal };
    const { plan } = planned;
    let share: FleetShare;
    try {
      share = await createFleet({ request: plan.request, nodeClaim }, options);
    } catch (error) {
      state.addresses = credit(state.addresses, plan.request, undefined, plan.types, plan.byZone, plan.capacityType);
      settle(error, claimKey(nodeClaim));
      if (apiErrorOf(error) === undefined && !(error instanceof LostResponseError)) throw error;
      if (classifyError(error).launchTemplateNotFound) {
        templates.forget(plan.templates.map(({ request }) => request.LaunchTemplateName));
        throw error;
      }
      return { refusal: callRefusal(error, "Error creating fleet request") };
    }
    state.addresses = credit(state.addresses, plan.request, share.fleet === undefined ? {} : { Instances: [share.fleet] }, plan.types, plan.byZone, plan.capacityType);
    learn(share.errors, plan, nodeClaim);
    if (share.fleet === undefined || share.id === undefined) {
      attempts.set(claimKey(nodeClaim), (attempts.get(claimKey(nodeClaim)) ?? 0) + 1);
      return { refusal: refusalOf(share.errors) };
    }
    const { AvailabilityZone: zone = "" } = share.fleet.LaunchTemplateAndOverrides?.Overrides ?? {};
    const type = share.fleet.InstanceType ?? share.fleet.LaunchTemplateAndOverrides?.Overrides?.InstanceType ?? "";
    const reservation = plan.capacityType === "reserved" ? reservationAt(plan.types, type, zone) : undefined;
    const instance = launchedInstance(share.fleet, share.id, { capacityType: plan.capacityType, tenancy: plan.tenancy, tags: plan.tags, launchedMs: clock.nowMs(), ...(reservation === undefined ? {} : { reservation }), efaCount: efaCount(work, plan, type) });
    return { instance };
  }

  /** What a failed CreateFleet says of its effect: a refusal had none, a failure of the service may have had. */
  function settle(error: unknown, key: string): void {
    const api = apiErrorOf(error);
    // It may have taken effect as late as now, and shows that much later.
    if (api === undefined || error instanceof LostResponseError) return void uncertainSinceMs.set(key, clock.nowMs());
    // The token was used before for another request: that launch is to be looked for, and the next one is to have a token of its own.
    if (api.code === "IdempotentParameterMismatch") attempts.set(key, (attempts.get(key) ?? 0) + 1);
    else uncertainSinceMs.delete(key);
  }

  function warnOfFewTypes(nodeClaim: NodeClaim, plan: LaunchPlan): void {
    const claim = requirementSet(nodeClaim.spec.requirements);
    if (plan.capacityType === "on-demand" && allows(claim, CAPACITY_TYPE_LABEL, "spot") && allows(claim, CAPACITY_TYPE_LABEL, "on-demand") && plan.types.length < 5) log({ type: "few-types-for-fallback", nodeClaim: nodeClaim.metadata.name, types: plan.types.length });
  }

  function learn(errors: readonly CreateFleetError[], plan: LaunchPlan, nodeClaim: NodeClaim): void {
    for (const { ErrorCode = "", ErrorMessage = "", LaunchTemplateAndOverrides } of errors) {
      const { AvailabilityZone: zone = "", InstanceType: instanceType = "" } = LaunchTemplateAndOverrides?.Overrides ?? {};
      const zoneId = plan.byZone[zone]?.zoneID;
      log({ type: "fleet-error", errorCode: ErrorCode, reason: launchReason(`${ErrorCode}: ${ErrorMessage}`).reason, zone, ...(zoneId === undefined ? {} : { zoneId }), instanceType, capacityType: plan.capacityType });
    }
    const stockOuts = stockOutsOf(errors, plan);
    state.stockOuts = rememberStockOuts(state.stockOuts, stockOuts, clock.nowMs(), backOff);
    for (const subnet of stockOuts.subnets) state.addresses = full(state.addresses, subnet);
    for (const id of stockOuts.reservations) state.reservations.set(id, 0);
    if (stockOuts.spotRoleMissing) log({ type: "spot-role-missing", nodeClaim: nodeClaim.metadata.name });
  }

  /** The instance of an earlier launch of the claim, whose outcome this process does not know. */
  async function recovered(nodeClaim: NodeClaim, options: CallOptions): Promise<CloudInstance | undefined> {
    const key = claimKey(nodeClaim);
    const sinceMs = uncertainSinceMs.get(key) ?? (isOlder(nodeClaim) && !asked.has(key) ? startedMs : undefined);
    if (sinceMs === undefined || !safeguards.describeBeforeRetry) return undefined;
    const waitMs = sinceMs + consistencyMs - clock.nowMs();
    if (waitMs > 0) await clock.sleep(waitMs, options.signal);
    const found = await pages(port, "DescribeInstances", { Filters: [{ Name: "tag-key", Values: [LAUNCH_TAG] }, { Name: `tag:${CLUSTER_NAME_TAG}`, Values: [cluster.clusterName] }], MaxResults: 1000 }, options);
    const instance = recordedInstance(nodeClaim, found.flatMap(({ Reservations = [] }) => Reservations.flatMap(({ Instances = [] }) => Instances)));
    uncertainSinceMs.delete(key);
    asked.add(key);
    return instance === undefined ? undefined : describedInstance(instance, cluster);
  }

  /** Whether the claim may have been launched before this process: it is older, or does not say. */
  function isOlder({ metadata: { creationTimestamp } }: NodeClaim): boolean {
    return creationTimestamp === undefined || timeMs(creationTimestamp) <= startedMs;
  }

  const underWay = new Map<string, Promise<LaunchResult>>();

  return {
    templates,
    launch(work, options = {}) {
      const key = claimKey(work.nodeClaim);
      const before = underWay.get(key);
      if (before !== undefined) return before;
      const now = launch(work, key, options).finally(() => underWay.delete(key));
      underWay.set(key, now);
      return now;
    },
  };

  async function launch(work: LaunchWork, key: string, options: CallOptions): Promise<LaunchResult> {
    const known = launched.get(key) ?? (await recovered(work.nodeClaim, options));
    if (known !== undefined) {
      if (!launched.has(key)) log({ type: "launched", nodeClaim: work.nodeClaim.metadata.name, instanceId: known.id, recovered: true });
      launched.set(key, known);
      return { instance: known };
    }
    let result: LaunchResult;
    try {
      result = await launchOnce(work, options);
    } catch (error) {
      // A template vanished between its check and the fleet: made anew once.
      if (!classifyError(error).launchTemplateNotFound) throw error;
      result = await launchOnce(work, options).catch((again: unknown) => {
        if (!classifyError(again).launchTemplateNotFound) throw again;
        return { refusal: callRefusal(again, "Launch templates not found when creating fleet request") };
      });
    }
    if ("instance" in result) {
      launched.set(key, result.instance);
      log({ type: "launched", nodeClaim: work.nodeClaim.metadata.name, instanceId: result.instance.id, recovered: false });
    } else log({ type: "launch-refused", nodeClaim: work.nodeClaim.metadata.name, code: result.refusal.reason.code });
    return result;
  }
}

function callRefusal(error: unknown, during: string): LaunchRefusal {
  const api = apiErrorOf(error);
  const text = api === undefined ? "no answer" : `api error ${api.message}`;
  const { reason, message } = launchReason(text);
  return { kind: "create", reason: { code: "fleet-refused", canResolve: true, errorCodes: [api?.code ?? "NoAnswer"] }, message: `${during.toLowerCase()}, ${text}`, condition: { reason, message: `${during}: ${message}` } };
}

function efaCount({ nodeClass, nodeClaim }: LaunchWork, plan: LaunchPlan, type: string): number {
  const configured = (nodeClass.spec.networkInterfaces ?? []).length > 0 || EFA_RESOURCE in (nodeClaim.spec.resources?.requests ?? {});
  return configured ? amount(plan.types.find(({ name }) => name === type)?.capacity[EFA_RESOURCE]) : 0;
}
