import { describe, expect, test } from "vitest";
import type { ProviderEvent } from "@groupless/lifecycle";
import { batcher, type Ec2Port, ec2Fleet, instanceCalls } from "@groupless/ec2-fleet";
import { account, claim, nodeClass, settings, START_MS, types, virtualClock } from "../story.ts";

const launchAll = async (names: readonly string[], options: Parameters<typeof account>[1] = {}, more: Partial<Parameters<typeof ec2Fleet>[0]> = {}): Promise<{ readonly events: readonly ProviderEvent[]; readonly ec2: ReturnType<typeof account>; readonly fleet: ReturnType<typeof ec2Fleet> }> => {
  const clock = virtualClock(START_MS);
  const ec2 = account(clock, options);
  const fleet = ec2Fleet({ ...settings, nodeClasses: [nodeClass], instanceTypes: types, port: ec2, clock, ...more });
  const events = (await clock.drive(Promise.all(names.map((name) => fleet.execute({ type: "launch", nodeClaim: claim(name) }))))).flat();
  return { events, ec2, fleet };
};

describe("gathering requests", () => {
  test("A-114 equal launches share one CreateFleet, unequal ones do not", async () => {
    const clock = virtualClock(START_MS);
    const ec2 = account(clock);
    const fleet = ec2Fleet({ ...settings, nodeClasses: [nodeClass], instanceTypes: types, port: ec2, clock });
    await clock.drive(Promise.all([claim("a"), claim("b"), claim("c", { capacityTypes: ["spot"] })].map((nodeClaim) => fleet.execute({ type: "launch", nodeClaim }))));
    const fleets = ec2.calls.filter(({ name }) => name === "CreateFleet").map(({ input }) => (input as { TargetCapacitySpecification: { TotalTargetCapacity: number } }).TargetCapacitySpecification.TotalTargetCapacity);
    expect(fleets.toSorted()).toEqual([1, 2]);
  });

  test("A-115 A-120 of a fleet fulfilled in part, those left out hear of the errors and are out of capacity", async () => {
    const { events, ec2 } = await launchAll(["a", "b", "c"], { faults: (call) => (call === "CreateFleet" ? { kind: "partial", atMost: 2 } : undefined) });
    expect(events.map(({ type }) => type).toSorted()).toEqual(["launch-failed", "launched", "launched"]);
    expect(events.find(({ type }) => type === "launch-failed")).toMatchObject({ kind: "insufficient-capacity", reason: { code: "out-of-capacity", errorCodes: ["InsufficientInstanceCapacity"] } });
    expect(ec2.instances()).toHaveLength(2);
  });

  test("a fleet that gives too few instances and no error is a failure to be retried, not a crash", async () => {
    const { events } = await launchAll(["a"], { faults: (call) => (call === "CreateFleet" ? { kind: "partial", atMost: 0, silent: true } : undefined) });
    expect(events).toMatchObject([{ type: "launch-failed", kind: "create", reason: { code: "too-few-instances" }, condition: { reason: "LaunchFailed" } }]);
  });

  test("A-116 a refused call fails every launch that shared it", async () => {
    const { events } = await launchAll(["a", "b"], { faults: (call) => (call === "CreateFleet" ? { kind: "refused", code: "UnauthorizedOperation", message: "no" } : undefined) });
    expect(events).toMatchObject(["a", "b"].map((nodeClaim) => ({ nodeClaim, type: "launch-failed", condition: { reason: "Unauthorized", message: expect.stringContaining("Error creating fleet request") } })));
  });

  test("A-117 A-118 instances are asked after and terminated together, and one by one where one of them is unknown", async () => {
    const { ec2, events } = await launchAll(["a", "b"]);
    const clock = virtualClock(START_MS);
    const calls = instanceCalls({ port: ec2, clock, window: { idleMs: 100, maxMs: 1000, maxItems: 500 }, clusterName: "demo" });
    const ids = events.map((event) => (event.type === "launched" ? event.instance.providerID.split("/").at(-1)! : ""));
    const count = (name: string): number => ec2.calls.filter((one) => one.name === name).length;
    const described = count("DescribeInstances");
    expect((await clock.drive(Promise.all(ids.map((id) => calls.get(id))))).map((one) => one?.id)).toEqual(ids);
    expect(count("DescribeInstances") - described).toBe(1);
    expect(await clock.drive(Promise.all([...ids, "i-unknown"].map((id) => calls.terminate(id))))).toEqual(["terminating", "terminating", "gone"]);
    expect(count("TerminateInstances")).toBe(1);
  });

  test("A-119 a window closes when nothing came for a while, at the latest after its length, or when full", async () => {
    const clock = virtualClock(0);
    const ran: (readonly [number, number])[] = [];
    const add = batcher<number, number>({ clock, window: { idleMs: 35, maxMs: 100, maxItems: 5 }, keyOf: () => "", run: async (batch) => (ran.push([clock.nowMs(), batch.length]), batch) });
    const all: Promise<number>[] = [add(0)];
    for (let n = 1; n <= 5; n++) {
      await clock.advance(30);
      all.push(add(n));
    }
    await clock.advance(200);
    all.push(...[10, 11, 12, 13, 14].map((n) => add(n)));
    await clock.advance(0);
    expect(ran).toEqual([[100, 4], [185, 2], [350, 5]]);
    expect(await clock.drive(Promise.all(all))).toEqual([0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14]);
  });

  test("a request aborted while it waits is left out; its signal's reason comes back", async () => {
    const clock = virtualClock(0);
    const batches: (readonly string[])[] = [];
    const add = batcher<string, string>({ clock, window: { idleMs: 35, maxMs: 1000, maxItems: 10 }, keyOf: () => "", run: async (batch) => (batches.push(batch), batch) });
    const stop = new AbortController();
    const left = add("left", { signal: stop.signal }).catch((reason: unknown) => reason);
    const kept = add("kept");
    stop.abort("enough");
    expect(await clock.drive(Promise.all([left, kept]))).toEqual(["enough", "kept"]);
    expect(batches).toEqual([["kept"]]);
  });
});

describe("what a launch learns", () => {
  test("A-080 A-096 a full subnet is marked, and the pool with it", async () => {
    const { fleet } = await launchAll(["a"], { subnets: [{ SubnetId: "subnet-a", AvailabilityZone: "us-west-2a", AvailabilityZoneId: "usw2-az1", AvailableIpAddressCount: 0, Tags: [{ Key: "karpenter.sh/discovery", Value: "demo" }] }] });
    const marks = fleet.unavailableOfferings();
    expect(Object.keys(marks.subnets)).toEqual(["subnet-a"]);
    expect(Object.keys(marks.offerings)).toContain("on-demand:c5.large:us-west-2a");
  });

  test("A-121 without the role for spot all of spot is out of stock, and the claim's owner is told", async () => {
    const told: unknown[] = [];
    const clock = virtualClock(START_MS);
    const Overrides = { InstanceType: "c5.large", AvailabilityZone: "us-west-2a" };
    const ec2 = account(clock, { answer: ((name: string) => (name === "CreateFleet" ? { Instances: [], Errors: [{ ErrorCode: "AuthFailure.ServiceLinkedRoleCreationNotPermitted", ErrorMessage: "no", LaunchTemplateAndOverrides: { Overrides } }] } : undefined)) as never });
    const fleet = ec2Fleet({ ...settings, nodeClasses: [nodeClass], instanceTypes: types, port: ec2, clock, log: (event) => event.type === "spot-role-missing" && told.push(event) });
    const [event] = await clock.drive(fleet.execute({ type: "launch", nodeClaim: claim("a", { capacityTypes: ["spot"] }) }));
    expect(event).toMatchObject({ type: "launch-failed", kind: "insufficient-capacity" });
    expect(Object.keys(fleet.unavailableOfferings().capacityTypes)).toEqual(["spot"]);
    expect(told).toEqual([{ type: "spot-role-missing", nodeClaim: "a" }]);
  });

  test("A-082 what is out of stock is not asked for again, and its zone's other pools are", async () => {
    const { ec2, fleet, events } = await launchAll(["a"], { capacity: ({ type }) => (type === "c5.large" ? 0 : undefined) });
    expect(events).toMatchObject([{ type: "launched", instance: { labels: { "node.kubernetes.io/instance-type": "m5.large" } } }]);
    const clock = virtualClock(START_MS);
    expect(Object.keys(fleet.unavailableOfferings().offerings).toSorted()).toEqual(["on-demand:c5.large:us-west-2a", "on-demand:c5.large:us-west-2b"]);
    const next = ec2Fleet({ ...settings, nodeClasses: [nodeClass], instanceTypes: types, port: ec2, clock, stockOuts: fleet.stockOuts(), batching: false });
    await next.execute({ type: "launch", nodeClaim: claim("b") });
    const pools = (ec2.calls.filter(({ name }) => name === "CreateFleet").at(-1)!.input as { LaunchTemplateConfigs: { Overrides: { InstanceType: string }[] }[] }).LaunchTemplateConfigs.flatMap(({ Overrides }) => Overrides.map(({ InstanceType }) => InstanceType));
    expect(new Set(pools)).toEqual(new Set(["m5.large", "r5.large"]));
  });

  test("A-113 falling back to on-demand with few types is worth a warning", async () => {
    const warned: unknown[] = [];
    const clock = virtualClock(START_MS);
    const onDemandOnly = types.map((one) => ({ ...one, offerings: one.offerings.map((offering) => ({ ...offering, available: offering.price > 0.05 })) }));
    const fleet = ec2Fleet({ ...settings, nodeClasses: [nodeClass], instanceTypes: onDemandOnly, port: account(clock), clock, batching: false, log: (event) => event.type === "few-types-for-fallback" && warned.push(event) });
    await fleet.execute({ type: "launch", nodeClaim: claim("a", { capacityTypes: ["spot", "on-demand"] }) });
    expect(warned).toEqual([{ type: "few-types-for-fallback", nodeClaim: "a", types: 3 }]);
  });
});

describe("launch templates", () => {
  test("A-101 a template is made once, kept while it is used, adopted from an earlier process, and deleted a minute after its last use", async () => {
    const clock = virtualClock(START_MS);
    const ec2 = account(clock);
    const fleet = ec2Fleet({ ...settings, nodeClasses: [nodeClass], instanceTypes: types, port: ec2, clock, batching: false });
    for (const name of ["a", "b"]) await fleet.execute({ type: "launch", nodeClaim: claim(name) });
    expect(ec2.calls.filter(({ name }) => name === "CreateLaunchTemplate")).toHaveLength(1);
    await clock.advance(59_000);
    expect(await fleet.removeUnusedTemplates()).toEqual([]);
    const later = ec2Fleet({ ...settings, nodeClasses: [nodeClass], instanceTypes: types, port: ec2, clock, batching: false });
    await later.adoptTemplates();
    await clock.advance(60_000);
    expect(await later.removeUnusedTemplates()).toHaveLength(1);
    expect(ec2.launchTemplates).toEqual([]);
  });

  test("A-102 a template that EC2 lost is made again, once, within the launch", async () => {
    const clock = virtualClock(START_MS);
    const ec2 = account(clock);
    const fleet = ec2Fleet({ ...settings, nodeClasses: [nodeClass], instanceTypes: types, port: ec2, clock, batching: false });
    await fleet.execute({ type: "launch", nodeClaim: claim("a") });
    for (const LaunchTemplateName of ec2.launchTemplates) await ec2.call("DeleteLaunchTemplate", { LaunchTemplateName });
    expect(await fleet.execute({ type: "launch", nodeClaim: claim("b") })).toMatchObject([{ type: "launched" }]);
    const never: Ec2Port = { call: (name, input, options) => (name === "CreateFleet" ? ec2.call(name, { ...(input as object), LaunchTemplateConfigs: [{ LaunchTemplateSpecification: { LaunchTemplateName: "lost" }, Overrides: [{ InstanceType: "m5.large" }] }] } as never, options) : ec2.call(name, input, options)) };
    const stuck = ec2Fleet({ ...settings, nodeClasses: [nodeClass], instanceTypes: types, port: never, clock, batching: false });
    expect(await stuck.execute({ type: "launch", nodeClaim: claim("c") })).toMatchObject([{ type: "launch-failed", kind: "create", condition: { message: expect.stringContaining("Launch templates not found when creating fleet request") } }]);
  });
});
