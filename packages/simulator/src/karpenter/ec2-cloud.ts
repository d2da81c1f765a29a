import { type EC2NodeClass, InputError, INSTANCE_TYPE_LABEL } from "@groupless/api";
import { type InstanceType, type UnavailableOfferings, withoutExpired } from "@groupless/catalog";
import { instanceTypes, type RegionSnapshot } from "@groupless/ec2-catalog";
import { type CallInput, describedInstance, type Ec2Instance, type Ec2Port, ec2Fleet, instanceIdOf, isDrifted, NOTHING_OUT_OF_STOCK, receiveInterruptions, rememberStockOuts, type StockOutMemory } from "@groupless/ec2-fleet";
import { type Ec2AccountMaker, fakeEc2 } from "@groupless/ec2-fleet/fake";
import type { ProviderEvent } from "@groupless/lifecycle";
import { withSpotPrices } from "./priced-types.ts";
import type { Chance } from "../chance/chance.ts";
import { hash32 } from "../clock/random.ts";
import type { World } from "../controllers/world.ts";
import type { CapacityPool, ClusterSpec } from "../story/story.ts";
import { account } from "./account.ts";
import type { Cloud } from "./cloud.ts";
import { recordedCall } from "./recorded-call.ts";

// Nodes join by these; nothing here listens.
const SERVICES = { clusterEndpoint: "https://cluster.invalid", clusterCIDR: "10.100.0.0/16", kubeDNSIP: "10.100.0.10", caBundle: "Q0E=" } as const;

/** EC2 as the autoscaler meets it: `ec2Fleet` against a stateful fake, or another account, on the virtual clock. */
export function ec2Cloud(world: World, spec: ClusterSpec, region: RegionSnapshot, luck: Chance, { make }: Ec2AccountMaker = { make: fakeEc2 }): Cloud {
  const { clock, server, recorder, latencies } = world;
  const chance = world.random.stream("ec2");
  let version = spec.kubernetesVersion;
  const exhausted: { readonly pool: CapacityPool; readonly untilMs: number }[] = [];
  const isExhausted = ({ type, zone, capacityType }: { readonly type: string; readonly zone: string; readonly capacityType: string }): boolean =>
    exhausted.some(({ pool, untilMs }) => clock.nowMs() < untilMs && (pool.instanceType ?? type) === type && (pool.zone ?? zone) === zone && (pool.capacityType ?? capacityType) === capacityType);
  const fake = make({ clock, seed: hash32(chance.uuid()), timing: { startMs: latencies.launchMs, stopMs: latencies.terminateMs }, capacity: (pool) => (luck.hasCapacity(pool, clock.nowMs()) && !isExhausted(pool) ? undefined : 0), cluster: { version }, ...(luck.faults === undefined ? {} : { faults: luck.faults }) });
  const holdings = account(fake, region);
  holdings.publish(version, clock.nowMs());
  const types = new Map<string, { readonly key: string; readonly types: readonly InstanceType[] }>();
  const priced = new Map<string, { readonly listed: readonly InstanceType[]; readonly version: number; readonly types: readonly InstanceType[] }>();

  let announced: StockOutMemory = NOTHING_OUT_OF_STOCK;
  const terminated = new Set<string>();
  const port: Ec2Port = {
    call: async (name, input, options) => {
      const output = await fake.call(name, input, options);
      if (name === "TerminateInstances") for (const id of (input as CallInput<"TerminateInstances">).InstanceIds) terminated.add(id);
      recordedCall(name, input, output, recorder, region, luck.spotPrices === undefined ? undefined : { prices: luck.spotPrices, nowMs: clock.nowMs() });
      if (name === "CreateFleet") await clock.sleep(latencies.fleetMs);
      return output;
    },
  };

  const typesOf = (nodeClass: EC2NodeClass): readonly InstanceType[] => {
    const listed = listedTypes(nodeClass);
    const { spotPrices } = luck;
    if (spotPrices === undefined) return listed;
    const version = spotPrices.version(clock.nowMs());
    const known = priced.get(nodeClass.metadata.name);
    if (known?.listed === listed && known.version === version) return known.types;
    const now = withSpotPrices(listed, spotPrices, clock.nowMs());
    priced.set(nodeClass.metadata.name, { listed, version, types: now });
    return now;
  };
  const listedTypes = (nodeClass: EC2NodeClass): readonly InstanceType[] => {
    const unavailable = together(fleet.unavailableOfferings(), withoutExpired(announced.marks, clock.nowMs()));
    // Subnets come with the most free addresses first: their order says nothing about types.
    const subnets = (nodeClass.status?.subnets ?? []).map(({ id }) => id).sort();
    const key = JSON.stringify([nodeClass.spec, subnets, nodeClass.status?.capacityReservations, unavailable]);
    const known = types.get(nodeClass.metadata.name);
    if (known?.key === key) return known.types;
    const made = instanceTypes(region, nodeClass, isEmpty(unavailable) ? {} : { unavailable, nowMs: clock.nowMs() });
    types.set(nodeClass.metadata.name, { key, types: made });
    return made;
  };
  const machineOf = (id: string): Ec2Instance | undefined => (fake.instance === undefined ? fake.instances().find(({ InstanceId }) => InstanceId === id) : fake.instance(id));
  const bare = ({ status: _, ...nodeClass }: EC2NodeClass): EC2NodeClass => nodeClass;

  const fleet = ec2Fleet({
    region: spec.region,
    clusterName: spec.name,
    ...SERVICES,
    // Without their status, so that they are resolved anew: the API server's copy may be minutes old.
    nodeClasses: () => server.list("EC2NodeClass").map(bare),
    instanceTypes: typesOf,
    kubernetesVersion: () => version,
    port,
    clock,
    random: () => chance.next(),
  });

  return {
    execute: (action) => fleet.execute(action),
    resolve: async (nodeClass) => {
      holdings.provideFor(nodeClass);
      const resolved = await fleet.nodeClass(nodeClass.metadata.name);
      if (resolved === undefined) throw new InputError("no-such-object", `there is no EC2NodeClass ${nodeClass.metadata.name}`);
      return { ...nodeClass, ...(resolved.status === undefined ? {} : { status: resolved.status }) };
    },
    instanceTypes: typesOf,
    drift: (nodeClaim, nodeClass) => {
      const type = typesOf(nodeClass).find(({ name }) => name === nodeClaim.metadata.labels?.[INSTANCE_TYPE_LABEL]);
      const machine = machineOf(instanceIdOf(nodeClaim.status?.providerID ?? ""));
      const instance = machine === undefined ? undefined : describedInstance(machine, { reservedCapacity: true });
      const drift = isDrifted({ nodeClass, nodeClaim, ...(type === undefined ? {} : { type }), ...(instance === undefined ? {} : { instance }) });
      return drift.drifted === true ? drift.reason : "";
    },
    announcements: async () => {
      const { QueueUrl = "" } = await port.call("GetQueueUrl", { QueueName: spec.name });
      const events: ProviderEvent[] = [];
      for (const { interruption, done } of await receiveInterruptions(port, QueueUrl, () => ({ nodeClaims: server.list("NodeClaim"), nodes: server.list("Node") }))) {
        announced = rememberStockOuts(announced, interruption.stockOuts, clock.nowMs());
        events.push(...interruption.events);
        await done();
      }
      return events;
    },
    setKubernetesVersion: (next) => {
      version = next;
      holdings.publish(next, clock.nowMs());
      fake.set({ cluster: { version } });
    },
    exhaust: (pool, untilMs) => void exhausted.push({ pool, untilMs }),
    versionOf: holdings.versionOf,
    reclaim: (instanceID) => fake.reclaimSpot(instanceID),
    wasReclaimed: (instanceID) => !terminated.has(instanceID),
    running: () => fake.instances().flatMap(({ InstanceId, State, Placement }) => (State?.Name === "pending" || State?.Name === "running" ? [{ providerID: `aws:///${Placement?.AvailabilityZone ?? ""}/${InstanceId}` }] : [])),
    collectGarbage: (nodeClaims) => fleet.collectGarbage(nodeClaims),
    isAlive: (instanceID) => {
      const state = machineOf(instanceID)?.State?.Name;
      return state === "pending" || state === "running";
    },
  };
}

function together(a: UnavailableOfferings, b: UnavailableOfferings): UnavailableOfferings {
  return { offerings: { ...a.offerings, ...b.offerings }, capacityTypes: { ...a.capacityTypes, ...b.capacityTypes }, subnets: { ...a.subnets, ...b.subnets } };
}

const isEmpty = (marks: UnavailableOfferings): boolean => Object.values(marks).every((each) => Object.keys(each as object).length === 0);
