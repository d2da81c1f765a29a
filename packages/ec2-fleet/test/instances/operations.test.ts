import { describe, expect, test } from "vitest";
import type { Node, NodeClaim, NodePool } from "@groupless/api";
import { demoted, describedInstance, type Ec2CapacityReservation, ec2Fleet, expiringClaims, garbage, garbageIntervalMs, isForceful, nodeClaimView, REPAIR_POLICIES, shiftedZoneIds, unhealthyInstances, withZonalShifts, zonalShiftEvents } from "@groupless/ec2-fleet";
import { account, claim, nodeClass, resolvedClass, settings, START_MS, type, types, virtualClock } from "../story.ts";

const running = { InstanceId: "i-1", InstanceType: "m5.large", ImageId: "ami-1", State: { Name: "running" as const }, Placement: { AvailabilityZone: "us-west-2a" }, Tags: [{ Key: "karpenter.sh/nodepool", Value: "default" }] };
const only = { CapacityReservationId: "cr-1", CapacityReservationSpecification: { CapacityReservationPreference: "capacity-reservations-only" } };
const claimed = (name: string, change: Partial<NodeClaim["metadata"]> = {}, providerID = "aws:///us-west-2a/i-1"): NodeClaim => ({ ...claim(name), metadata: { ...claim(name).metadata, ...change }, status: { providerID } });

describe("instances in the claim's words", () => {
  test("A-128 an instance in an open reservation is on-demand; one that may use nothing else is reserved, if reservations are in use", () => {
    expect(describedInstance({ ...running, ...only }).capacityType).toBe("reserved");
    expect(describedInstance({ ...running, ...only }, { reservedCapacity: false }).capacityType).toBe("on-demand");
    expect(describedInstance({ ...running, ...only, CapacityReservationSpecification: { CapacityReservationPreference: "open" } }).capacityType).toBe("on-demand");
    expect(describedInstance({ ...running, SpotInstanceRequestId: "sir-1" }).capacityType).toBe("spot");
  });

  test("A-127 the type's single-valued labels, then what the instance settles; EFA only where it was launched with it", () => {
    const efa = { ...type("m5.large", 0.1), capacity: { cpu: "2", memory: "8Gi", pods: "29", "vpc.amazonaws.com/efa": "1", "nvidia.com/gpu": "0" } };
    const view = nodeClaimView(describedInstance({ ...running, State: { Name: "shutting-down" } }), { type: efa });
    expect(view).toMatchObject({ providerID: "aws:///us-west-2a/i-1", terminating: true, labels: { "karpenter.k8s.aws/instance-family": "m5", "topology.kubernetes.io/zone": "us-west-2a", "karpenter.sh/capacity-type": "on-demand", "karpenter.k8s.aws/instance-tenancy": "default" } });
    expect(Object.keys(view.capacity ?? {})).toEqual(["cpu", "memory", "pods"]);
    expect(nodeClaimView(describedInstance({ ...running, NetworkInterfaces: [{ InterfaceType: "efa" }] }), { type: efa }).capacity?.["vpc.amazonaws.com/efa"]).toBe("1");
  });
});

describe("the rounds of an operator", () => {
  test("A-172 an instance no claim knows is garbage after thirty seconds, unless it is ending or a waiting claim expects it", () => {
    const at = (seconds: number, more: object = {}): ReturnType<typeof describedInstance> => describedInstance({ ...running, LaunchTime: new Date(START_MS - seconds * 1000).toISOString(), ...more });
    expect(garbage([at(31)], [], START_MS)).toHaveLength(1);
    expect(garbage([at(30)], [], START_MS)).toEqual([]);
    expect(garbage([at(600, { State: { Name: "shutting-down" } })], [], START_MS)).toEqual([]);
    expect(garbage([at(600)], [claimed("a")], START_MS)).toEqual([]);
    expect(garbage([at(600)], [claimed("a", {}, "aws:///us-west-2b/i-1")], START_MS)).toHaveLength(1);
    expect([1, 20, 21].map(garbageIntervalMs)).toEqual([10_000, 10_000, 120_000]);
  });

  test("A-173 an instance gets the tags it lacks once its node has a name, at most one call a second, and never loses one", async () => {
    const clock = virtualClock(START_MS);
    const ec2 = account(clock);
    const fleet = ec2Fleet({ ...settings, nodeClasses: [nodeClass], instanceTypes: types, port: ec2, clock });
    const named = (await clock.drive(Promise.all(["a", "b"].map((name) => fleet.execute({ type: "launch", nodeClaim: claim(name) }))))).flat().map((event): NodeClaim => (event.type === "launched" ? { ...claim(event.nodeClaim), status: { providerID: event.instance.providerID, nodeName: `node-${event.nodeClaim}` } } : claim("none")));
    expect(await fleet.tag({ ...named[0]!, status: { providerID: named[0]?.status?.providerID ?? "" } })).toBe("not-due");
    const before = clock.nowMs();
    expect(await clock.drive(Promise.all(named.map((one) => fleet.tag(one))))).toEqual(["done", "done"]);
    expect(clock.nowMs() - before).toBeGreaterThanOrEqual(1000);
    expect(ec2.calls.filter(({ name }) => name === "CreateTags").map(({ input }) => (input as { Tags: unknown }).Tags)).toEqual(["a", "b"].map((name) => [{ Key: "Name", Value: `node-${name}` }, { Key: "karpenter.sh/nodeclaim", Value: name }]));
    expect(await clock.drive(fleet.tag({ ...named[0]!, metadata: { ...named[0]!.metadata, annotations: {} } }))).toBe("done");
    expect(ec2.calls.filter(({ name }) => name === "CreateTags")).toHaveLength(2);
  });

  test("A-174 a claim and its registered node whose instance fell back to on-demand say so", () => {
    const labels = { "karpenter.sh/capacity-type": "reserved", "karpenter.k8s.aws/capacity-reservation-id": "cr-1", "karpenter.k8s.aws/capacity-reservation-type": "default", "karpenter.k8s.aws/capacity-reservation-interruptible": "false" };
    const node = (registered: string): Node => ({ apiVersion: "v1", kind: "Node", metadata: { name: "n", labels: { ...labels, "karpenter.sh/registered": registered } }, spec: { providerID: "aws:///us-west-2a/i-1" } });
    const after = demoted([describedInstance(running)], [claimed("a", { labels })], [node("true")]);
    expect(after.nodeClaims[0]?.metadata.labels).toEqual({ "karpenter.sh/capacity-type": "on-demand", "karpenter.k8s.aws/capacity-reservation-interruptible": "false" });
    expect(after.nodes).toHaveLength(1);
    expect(demoted([describedInstance(running)], [claimed("a", { labels })], [node("false")]).nodes).toEqual([]);
    expect(demoted([describedInstance({ ...running, ...only })], [claimed("a", { labels })], []).nodeClaims).toEqual([]);
  });

  test("A-175 claims in a capacity block that ends within forty minutes go", async () => {
    const block = (minutes: number): Ec2CapacityReservation => ({ CapacityReservationId: "cr-1", State: "active", ReservationType: "capacity-block", EndDate: new Date(START_MS + minutes * 60_000).toISOString() });
    const expiring = async (minutes: number): Promise<number> => (await expiringClaims([claimed("a", { labels: { "karpenter.k8s.aws/capacity-reservation-id": "cr-1" } }), claimed("b")], account(virtualClock(START_MS), { capacityReservations: [block(minutes)] }), { nowMs: START_MS })).length;
    expect([await expiring(41), await expiring(40), await expiring(-1)]).toEqual([0, 1, 0]);
  });

  test("A-169 A-170 failed checks count after two minutes and call for force, scheduled events count at once and do not; an instance is reported once", async () => {
    const ec2 = account(virtualClock(START_MS));
    const impaired = (seconds: number): object => ({ Status: "impaired", Details: [{ Name: "reachability", Status: "failed", ImpairedSince: new Date(START_MS - seconds * 1000).toISOString() }] });
    ec2.set({ statuses: [{ InstanceId: "i-1", InstanceStatus: impaired(120), SystemStatus: impaired(300) }, { InstanceId: "i-2", InstanceStatus: impaired(119) }, { InstanceId: "i-3", Events: [{ Code: "system-reboot" }] }] as never });
    const found = await unhealthyInstances(ec2, { nowMs: START_MS });
    expect(found.map((one) => [one.instanceId, one.details.length, isForceful(one)])).toEqual([["i-1", 2, true], ["i-3", 1, false]]);
  });

  test("A-179 nodes are replaced for conditions that last: thirty minutes, ten for accelerators", () => {
    expect(REPAIR_POLICIES.map(({ type: name, status, tolerationMs }) => `${name}=${status} ${tolerationMs / 60_000}`)).toEqual(["Ready=False 30", "Ready=Unknown 30", "AcceleratedHardwareReady=False 10", "StorageReady=False 30", "NetworkingReady=False 30", "KernelReady=False 30", "ContainerRuntimeReady=False 30"]);
  });
});

describe("zonal shifts", () => {
  const shift = { awayFrom: "usw2-az1", expiresMs: START_MS + 60_000, applied: true };

  test("A-176 a shift counts while it is applied and has not expired; one no longer listed lingers as long as others are", () => {
    const known = withZonalShifts({}, [shift, { ...shift, awayFrom: "usw2-az2", applied: false }]);
    expect([shiftedZoneIds(known, START_MS), shiftedZoneIds(known, START_MS + 60_000)]).toEqual([["usw2-az1"], []]);
    const other = withZonalShifts(known, [{ ...shift, awayFrom: "usw2-az3" }]);
    expect(shiftedZoneIds(other, START_MS)).toEqual(["usw2-az1", "usw2-az3"]);
    expect(withZonalShifts(other, [])).toEqual({});
  });

  test("A-176 pools that can launch in the zone are told of its shift and of its end, others are not", () => {
    const pool = (name: string, requirements: NodePool["spec"]["template"]["spec"]["requirements"] = []): NodePool => ({ apiVersion: "karpenter.sh/v1", kind: "NodePool", metadata: { name }, spec: { template: { spec: { nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "default" }, requirements } }, disruption: { consolidateAfter: "0s" } } });
    const pools = [pool("any"), pool("b-only", [{ key: "topology.kubernetes.io/zone", operator: "In", values: ["us-west-2b"] }]), pool("not-az1", [{ key: "topology.k8s.aws/zone-id", operator: "NotIn", values: ["usw2-az1"] }])];
    expect(zonalShiftEvents([], ["usw2-az1", "usw2-az9"], pools, [resolvedClass])).toEqual([{ object: "NodePool/any", eventType: "Warning", reason: "ZonalShiftActive", message: "Zonal shift detected: offerings in zone us-west-2a (usw2-az1) are unavailable for this NodePool" }]);
    expect(zonalShiftEvents(["usw2-az1"], [], pools, [resolvedClass])).toEqual([{ object: "NodePool/any", eventType: "Normal", reason: "ZonalShiftCleared", message: "Zonal shift cleared: offerings in zone us-west-2a (usw2-az1) are restored for this NodePool" }]);
    expect(zonalShiftEvents(["usw2-az1"], ["usw2-az1"], pools, [resolvedClass])).toEqual([]);
  });

  test("A-176 the fleet asks ARC for the shifts of its cluster, goes by them until they expire, and forgets them when ARC lists none", async () => {
    const clock = virtualClock(START_MS);
    const ec2 = account(clock, { cluster: { arn: "arn:aws:eks:us-west-2:111122223333:cluster/demo" } });
    const fleet = ec2Fleet({ ...settings, nodeClasses: [nodeClass], instanceTypes: types, port: ec2, clock, shiftedZoneIds: ["usw2-az4"] });
    await expect(clock.drive(fleet.refreshZonalShifts())).rejects.toMatchObject({ code: "ResourceNotFoundException" });
    const listed = (awayFrom: string, appliedStatus = "APPLIED"): { readonly awayFrom: string; readonly appliedStatus: string; readonly expiryTime: string } => ({ awayFrom, appliedStatus, expiryTime: new Date(clock.nowMs() + 60_000).toISOString() });
    ec2.set({ zonalShifts: [listed("usw2-az1"), listed("usw2-az2", "NOT_APPLIED")] });
    expect(await clock.drive(fleet.refreshZonalShifts())).toEqual(["usw2-az1", "usw2-az4"]);
    expect(ec2.calls.filter(({ name }) => name === "GetManagedResource").at(-1)?.input).toEqual({ resourceIdentifier: "arn:aws:eks:us-west-2:111122223333:cluster/demo" });
    await clock.advance(60_001);
    expect(fleet.shiftedZoneIds()).toEqual(["usw2-az4"]);
    ec2.set({ zonalShifts: [listed("usw2-az3")] });
    expect(await clock.drive(fleet.refreshZonalShifts())).toEqual(["usw2-az3", "usw2-az4"]);
    ec2.set({ zonalShifts: [] });
    expect(await clock.drive(fleet.refreshZonalShifts())).toEqual(["usw2-az4"]);
    expect(ec2.calls.filter(({ name }) => name === "DescribeCluster")).toHaveLength(1);
  });

  test("A-176 nothing is launched into a zone that traffic is shifted away from, and again once it is not", async () => {
    const clock = virtualClock(START_MS);
    const ec2 = account(clock);
    let shifted: readonly string[] = [];
    const fleet = ec2Fleet({ ...settings, nodeClasses: [nodeClass], instanceTypes: types, port: ec2, clock, batching: false, shiftedZoneIds: () => shifted });
    const zoneOf = async (name: string): Promise<string | undefined> => {
      const [event] = await clock.drive(fleet.execute({ type: "launch", nodeClaim: claim(name) }));
      return event?.type === "launched" ? event.instance.labels["topology.k8s.aws/zone-id"] : event?.type;
    };
    const first = (await zoneOf("a")) ?? "";
    shifted = [first];
    expect(await zoneOf("b")).not.toBe(first);
    shifted = [];
    expect(await zoneOf("c")).toBe(first);
  });

  test("A-131 A-176 a fleet that is told of a shift leaves the zone's instances alone", async () => {
    const clock = virtualClock(START_MS);
    const ec2 = account(clock);
    let shifted: readonly string[] = [];
    const fleet = ec2Fleet({ ...settings, nodeClasses: [nodeClass], instanceTypes: types, port: ec2, clock, batching: false, shiftedZoneIds: () => shifted });
    const [launched] = await clock.drive(fleet.execute({ type: "launch", nodeClaim: claim("a") }));
    if (launched?.type !== "launched") throw new Error("nothing was launched");
    shifted = [launched.instance.labels["topology.k8s.aws/zone-id"] ?? ""];
    await expect(fleet.execute({ type: "terminate", nodeClaim: "a", providerID: launched.instance.providerID })).rejects.toThrow("traffic is shifted away");
    shifted = [];
    expect(await clock.drive(fleet.execute({ type: "terminate", nodeClaim: "a", providerID: launched.instance.providerID }))).toMatchObject([{ type: "terminating" }]);
  });
});
