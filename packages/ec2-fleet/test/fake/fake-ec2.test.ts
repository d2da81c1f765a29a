import { describe, expect, test } from "vitest";
import { tokenBuckets } from "@groupless/ec2-fleet/fake";
import { ec2Fleet } from "@groupless/ec2-fleet";
import { account, claim, nodeClass, settings, START_MS, types, virtualClock } from "../story.ts";

describe("the fake EC2", () => {
  test("shows a launch after a while, runs it, and forgets it an hour after its end", async () => {
    const clock = virtualClock(START_MS);
    const ec2 = account(clock, { timing: { consistencyMs: 2000 } });
    const fleet = ec2Fleet({ ...settings, nodeClasses: [nodeClass], instanceTypes: types, port: ec2, clock, batching: false });
    await fleet.execute({ type: "launch", nodeClaim: claim("a") });
    const states = async (): Promise<readonly unknown[]> => ((await ec2.call("DescribeInstances", {})).Reservations ?? []).flatMap(({ Instances = [] }) => Instances.map(({ State }) => State?.Name));
    const seen = [await states()];
    for (const ms of [2000, 30_000]) {
      await clock.advance(ms);
      seen.push(await states());
    }
    await ec2.call("TerminateInstances", { InstanceIds: ec2.instances().map(({ InstanceId }) => InstanceId) });
    seen.push(await states());
    for (const ms of [30_000, 3_600_000]) {
      await clock.advance(ms);
      seen.push(await states());
    }
    expect(seen).toEqual([[], ["pending"], ["running"], ["shutting-down"], ["terminated"], []]);
  });

  test("knows a fleet by its token, and refuses the token for another request", async () => {
    const clock = virtualClock(START_MS);
    const ec2 = account(clock);
    const fleet = ec2Fleet({ ...settings, nodeClasses: [nodeClass], instanceTypes: types, port: ec2, clock, batching: false });
    await fleet.execute({ type: "launch", nodeClaim: claim("a") });
    const request = ec2.calls.find(({ name }) => name === "CreateFleet")?.input as Parameters<typeof ec2.call<"CreateFleet">>[1];
    const again = await ec2.call("CreateFleet", request);
    expect(again.Instances?.[0]?.InstanceIds).toEqual(ec2.instances().map(({ InstanceId }) => InstanceId));
    await expect(ec2.call("CreateFleet", { ...request, TargetCapacitySpecification: { ...request.TargetCapacitySpecification, TotalTargetCapacity: 2 } })).rejects.toMatchObject({ code: "IdempotentParameterMismatch" });
  });

  test("takes a spot instance back two minutes after the warning", async () => {
    const clock = virtualClock(START_MS);
    const ec2 = account(clock);
    const fleet = ec2Fleet({ ...settings, nodeClasses: [nodeClass], instanceTypes: types, port: ec2, clock, batching: false });
    await fleet.execute({ type: "launch", nodeClaim: claim("a", { capacityTypes: ["spot"] }) });
    await clock.advance(40_000);
    ec2.reclaimSpot(ec2.instances()[0]?.InstanceId ?? "");
    expect(ec2.queueSize).toBe(1);
    const state = (): unknown => ec2.instances()[0]?.State?.Name;
    await clock.advance(119_000);
    const before = state();
    await clock.advance(1000);
    expect([before, state()]).toEqual(["running", "shutting-down"]);
  });

  test("A-181 throttles as an account's token buckets do", async () => {
    const clock = virtualClock(START_MS);
    const ec2 = account(clock, { faults: tokenBuckets(clock) });
    const answered = async (calls: number): Promise<number> => (await Promise.all(Array.from({ length: calls }, () => ec2.call("DescribeSubnets", {}).then(() => 1, () => 0)))).reduce<number>((sum, one) => sum + one, 0);
    expect(await answered(150)).toBe(100);
    await clock.advance(1000);
    expect(await answered(150)).toBe(20);
  });
});
