import { describe, expect, test } from "vitest";
import { ec2Fleet, LostResponseError, ZonalShiftError, instanceCalls } from "@groupless/ec2-fleet";
import type { Fault } from "@groupless/ec2-fleet/fake";
import { account, claim, nodeClass, settings, START_MS, types, virtualClock } from "../story.ts";

const first = (call: string, fault: Fault) => (name: string, n: number): Fault | undefined => (name === call && n === 0 ? fault : undefined);

describe("a launch whose outcome is not known", () => {
  test("is repeated with the same token, and launches once", async () => {
    const clock = virtualClock(START_MS);
    const ec2 = account(clock, { faults: first("CreateFleet", { kind: "lost-response" }) });
    const fleet = ec2Fleet({ ...settings, nodeClasses: [nodeClass], instanceTypes: types, port: ec2, clock, random: () => 0.5 });
    const [event] = await clock.drive(fleet.execute({ type: "launch", nodeClaim: claim("a") }));
    expect(event?.type).toBe("launched");
    expect(ec2.instances()).toHaveLength(1);
    const tokens = ec2.calls.filter(({ name }) => name === "CreateFleet").map(({ input }) => (input as { ClientToken: string }).ClientToken);
    expect(tokens).toHaveLength(2);
    expect(new Set(tokens).size).toBe(1);
  });

  test("is found by its record after a restart, whichever claims it was launched with", async () => {
    const clock = virtualClock(START_MS);
    const ec2 = account(clock, { timing: { consistencyMs: 3000 } });
    const before = ec2Fleet({ ...settings, nodeClasses: [nodeClass], instanceTypes: types, port: ec2, clock });
    const launched = await clock.drive(Promise.all(["a", "b", "c"].map((name) => before.execute({ type: "launch", nodeClaim: claim(name) }))));
    const ids = launched.flat().map((event) => (event.type === "launched" ? event.instance.providerID : ""));
    const after = ec2Fleet({ ...settings, nodeClasses: [nodeClass], instanceTypes: types, port: ec2, clock });
    const again: string[] = [];
    for (const name of ["c", "a", "b"]) {
      const [event] = await clock.drive(after.execute({ type: "launch", nodeClaim: claim(name, { createdMs: START_MS }) }));
      again.push(event?.type === "launched" ? event.instance.providerID : "");
    }
    expect(again).toEqual([ids[2], ids[0], ids[1]]);
    expect(ec2.instances()).toHaveLength(3);
  });

  test("two requests for one claim at the same time are one launch", async () => {
    const clock = virtualClock(START_MS);
    const ec2 = account(clock);
    const fleet = ec2Fleet({ ...settings, nodeClasses: [nodeClass], instanceTypes: types, port: ec2, clock });
    const [one, other] = await clock.drive(Promise.all([1, 2].map(() => fleet.execute({ type: "launch", nodeClaim: claim("a") }))));
    expect(other).toEqual(one);
    expect(ec2.instances()).toHaveLength(1);
  });

  test("an aborted launch has asked EC2 for nothing", async () => {
    const clock = virtualClock(START_MS);
    const ec2 = account(clock);
    const fleet = ec2Fleet({ ...settings, nodeClasses: [nodeClass], instanceTypes: types, port: ec2, clock });
    const stop = new AbortController();
    stop.abort(new Error("shutting down"));
    await expect(fleet.execute({ type: "launch", nodeClaim: claim("a") }, { signal: stop.signal })).rejects.toThrow("shutting down");
    expect(ec2.calls).toEqual([]);
  });

  test("an error that hides a lost attempt says so, with the refusal as its cause", async () => {
    const clock = virtualClock(START_MS);
    const ec2 = account(clock, { faults: (call, n) => (call === "DescribeInstances" ? (n === 0 ? { kind: "lost-response" } : { kind: "refused", code: "UnauthorizedOperation" }) : undefined) });
    const fleet = ec2Fleet({ ...settings, nodeClasses: [nodeClass], instanceTypes: types, port: ec2, clock, batching: false });
    const error = await clock.drive(fleet.execute({ type: "list-instances" }).catch((reason: unknown) => reason));
    expect(error).toBeInstanceOf(LostResponseError);
    expect((error as Error).cause).toMatchObject({ code: "UnauthorizedOperation" });
  });
});

describe("throttling", () => {
  test("waits longer each time, with jitter from the given source, and gives up with the refusal", async () => {
    const waits: number[] = [];
    const clock = virtualClock(START_MS);
    const ec2 = account(clock, { faults: (call) => (call === "CreateFleet" ? { kind: "throttled" } : undefined) });
    const fleet = ec2Fleet({ ...settings, nodeClasses: [nodeClass], instanceTypes: types, port: ec2, clock, random: () => 0.5, batching: false, log: (event) => event.type === "retry" && waits.push(event.afterMs) });
    const [event] = await clock.drive(fleet.execute({ type: "launch", nodeClaim: claim("a") }));
    expect(waits).toEqual([100, 200, 400, 800]);
    expect(event).toMatchObject({ type: "launch-failed", kind: "create", condition: { reason: "RequestLimitExceeded" } });
  });

  test("A-123 a throttled fleet error says nothing about a reservation", async () => {
    const clock = virtualClock(START_MS);
    const { reserved, withOfferings } = await import("../story.ts");
    const instanceTypes = [withOfferings(types[0]!, [reserved("cr-1", "us-west-2a", 1e-8), reserved("cr-2", "us-west-2b", 1e-8)])];
    const error = (ErrorCode: string, AvailabilityZone: string): object => ({ ErrorCode, ErrorMessage: "m", LaunchTemplateAndOverrides: { Overrides: { InstanceType: "m5.large", AvailabilityZone } } });
    const ec2 = account(clock, { answer: ((name: string) => (name === "CreateFleet" ? { Instances: [], Errors: [error("RequestLimitExceeded", "us-west-2a"), error("ReservationCapacityExceeded", "us-west-2b")] } : undefined)) as never });
    const fleet = ec2Fleet({ ...settings, nodeClasses: [nodeClass], instanceTypes, port: ec2, clock, batching: false, reservationCounts: { "cr-1": 2, "cr-2": 2 } });
    await fleet.execute({ type: "launch", nodeClaim: claim("a", { capacityTypes: ["reserved"] }) });
    expect(fleet.reservationCounts()).toEqual({ "cr-1": 2, "cr-2": 0 });
  });
});

describe("instances as last seen", () => {
  test("A-129 A-130 only the cluster's are listed, and what is no longer among them is forgotten", async () => {
    const clock = virtualClock(START_MS);
    const ec2 = account(clock, { pageSize: 1 });
    const mine = ec2Fleet({ ...settings, nodeClasses: [nodeClass], instanceTypes: types, port: ec2, clock, batching: false });
    const other = ec2Fleet({ ...settings, clusterName: "other", nodeClasses: [nodeClass], instanceTypes: types, port: ec2, clock, batching: false });
    const [a] = await mine.execute({ type: "launch", nodeClaim: claim("a") });
    await mine.execute({ type: "launch", nodeClaim: claim("b") });
    await other.execute({ type: "launch", nodeClaim: claim("x") });
    const calls = instanceCalls({ port: ec2, clock, window: undefined, clusterName: "demo" });
    expect((await calls.list()).length).toBe(2);
    expect(calls.seen).toHaveLength(2);
    const providerID = a?.type === "launched" ? a.instance.providerID : "";
    await mine.execute({ type: "terminate", nodeClaim: "a", providerID });
    await clock.advance(60_000);
    await calls.list();
    expect(calls.seen).toHaveLength(1);
  });

  test("A-131 A-132 in a zone that traffic is shifted away from nothing is terminated or tagged, and instances stay as last seen", async () => {
    const clock = virtualClock(START_MS);
    const ec2 = account(clock);
    const fleet = ec2Fleet({ ...settings, nodeClasses: [nodeClass], instanceTypes: types, port: ec2, clock, batching: false });
    await fleet.execute({ type: "launch", nodeClaim: claim("a") });
    let shifted: readonly string[] = [];
    const calls = instanceCalls({ port: ec2, clock, window: undefined, clusterName: "demo", shiftedZoneIds: () => shifted });
    const [instance] = await calls.list();
    shifted = [instance?.zoneId ?? ""];
    const asked = ec2.calls.length;
    expect(await calls.get(instance?.id ?? "", { skipCache: true })).toEqual(instance);
    await expect(calls.terminate(instance?.id ?? "")).rejects.toBeInstanceOf(ZonalShiftError);
    await expect(calls.tag(instance?.id ?? "", { a: "b" })).rejects.toBeInstanceOf(ZonalShiftError);
    expect(ec2.calls.length).toBe(asked);
  });
});

describe("readiness of the node class", () => {
  const launchWith = async (change: object): Promise<unknown> => {
    const clock = virtualClock(START_MS);
    const { resolvedClass } = await import("../story.ts");
    const fleet = ec2Fleet({ ...settings, nodeClasses: [{ ...resolvedClass, ...change }], instanceTypes: types, port: account(clock), clock, batching: false });
    return (await fleet.execute({ type: "launch", nodeClaim: claim("a") }))[0];
  };
  const ready = async (status: "True" | "False" | "Unknown", observedGeneration: number): Promise<object> => ({ status: { ...(await import("../story.ts")).resolvedClass.status, conditions: [{ type: "Ready", status, observedGeneration, message: "why" }] } });

  test("A-083 a class that is missing or going, not ready, of unknown readiness, or behind its spec launches nothing", async () => {
    expect(await launchWith({ metadata: { name: "other" } })).toMatchObject({ kind: "insufficient-capacity", reason: { code: "node-class-not-found" } });
    expect(await launchWith({ metadata: { name: "default", deletionTimestamp: "2026-08-01T00:00:00Z" } })).toMatchObject({ kind: "insufficient-capacity" });
    expect(await launchWith(await ready("False", 1))).toMatchObject({ kind: "node-class-not-ready", message: "why" });
    expect(await launchWith(await ready("Unknown", 1))).toMatchObject({ kind: "create", condition: { reason: "NodeClassReadinessUnknown" } });
    expect(await launchWith(await ready("True", 0))).toMatchObject({ kind: "node-class-not-ready" });
    expect(await launchWith(await ready("True", 1))).toMatchObject({ type: "launched" });
  });
});
