import { expect, test } from "vitest";
import { ec2Fleet } from "@groupless/ec2-fleet";
import { account, claim, nodeClass, settings, START_MS, types, virtualClock } from "../story.ts";

test("A-127 a launch answers with the instance in the claim's words: provider id, image, type and zone labels, capacity, drift annotations", async () => {
  const clock = virtualClock(START_MS);
  const ec2 = account(clock);
  const fleet = ec2Fleet({ ...settings, nodeClasses: [nodeClass], instanceTypes: types, port: ec2, clock });
  const [event] = await clock.drive(fleet.execute({ type: "launch", nodeClaim: claim("a") }));
  expect(event).toMatchObject({ type: "launched", nodeClaim: "a", instance: { providerID: expect.stringMatching(/^aws:\/\/\/us-west-2a\/i-/), labels: { "node.kubernetes.io/instance-type": "c5.large", "topology.kubernetes.io/zone": "us-west-2a", "topology.k8s.aws/zone-id": "usw2-az1", "karpenter.sh/capacity-type": "on-demand" } } });
  expect(ec2.instances()).toHaveLength(1);
  const again = await clock.drive(fleet.execute({ type: "launch", nodeClaim: claim("a") }));
  expect(again).toEqual([event]);
  expect(ec2.instances()).toHaveLength(1);
});

test("A-114 claims that need the same are launched by one CreateFleet", async () => {
  const clock = virtualClock(START_MS);
  const ec2 = account(clock);
  const fleet = ec2Fleet({ ...settings, nodeClasses: [nodeClass], instanceTypes: types, port: ec2, clock });
  const events = await clock.drive(Promise.all(["a", "b", "c"].map((name) => fleet.execute({ type: "launch", nodeClaim: claim(name) }))));
  expect(new Set(events.flat().map((event) => event.type === "launched" && event.instance.providerID)).size).toBe(3);
  expect(ec2.calls.filter(({ name }) => name === "CreateFleet")).toHaveLength(1);
});

test("A terminated instance is shutting down, and later gone", async () => {
  const clock = virtualClock(START_MS);
  const ec2 = account(clock);
  const fleet = ec2Fleet({ ...settings, nodeClasses: [nodeClass], instanceTypes: types, port: ec2, clock, batching: false });
  const [launched] = await fleet.execute({ type: "launch", nodeClaim: claim("a") });
  const { providerID } = (launched as { instance: { providerID: string } }).instance;
  expect(await fleet.execute({ type: "terminate", nodeClaim: "a", providerID })).toEqual([{ type: "terminating", nodeClaim: "a", providerID }]);
  await clock.advance(60_000);
  expect(await fleet.execute({ type: "terminate", nodeClaim: "a", providerID })).toEqual([{ type: "instance-gone", nodeClaim: "a", providerID }]);
});
