import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError, type NodeClaim } from "@groupless/api";
import { ec2Fleet, handleMessage, parseMessage } from "@groupless/ec2-fleet";
import { account, claim, nodeClass, settings, START_MS, types, virtualClock } from "../story.ts";

const event = (detailType: string, detail: object, source = "aws.ec2"): string => JSON.stringify({ version: "0", source, "detail-type": detailType, time: "2026-08-01T12:00:00Z", detail });
const spot = event("EC2 Spot Instance Interruption Warning", { "instance-id": "i-1" });
const labels = { "node.kubernetes.io/instance-type": "m5.large", "topology.kubernetes.io/zone": "us-west-2a", "karpenter.k8s.aws/capacity-reservation-id": "cr-1" };
const onInstance = (name: string, change: Partial<NodeClaim["metadata"]> = {}): NodeClaim => ({ ...claim(name), metadata: { ...claim(name).metadata, labels, ...change }, status: { providerID: "aws:///us-west-2a/i-1" } });

describe("interruption messages", () => {
  test("A-166 each kind of event says what is to happen to the claims on its instances", () => {
    const comes = (body: string): unknown => {
      const { deletions, reports } = handleMessage(parseMessage(body), [onInstance("a")]);
      return [deletions, reports.map(({ eventType, reason }) => `${eventType} ${reason}`)];
    };
    expect(comes(spot)).toEqual([["a"], ["Warning SpotInterrupted", "Warning TerminatingOnInterruption"]]);
    expect(comes(event("EC2 Instance Rebalance Recommendation", { "instance-id": "i-1" }))).toEqual([[], ["Normal SpotRebalanceRecommendation"]]);
    expect(comes(event("EC2 Instance State-change Notification", { "instance-id": "i-1", state: "stopping" }))).toEqual([["a"], ["Warning InstanceStopping", "Warning TerminatingOnInterruption"]]);
    expect(comes(event("EC2 Instance State-change Notification", { "instance-id": "i-1", state: "running" }))).toEqual([[], []]);
    expect(comes(event("AWS Health Event", { service: "EC2", eventTypeCategory: "scheduledChange", affectedEntities: [{ entityValue: "i-0" }, { entityValue: "i-1" }] }, "aws.health"))).toEqual([["a"], ["Warning InstanceUnhealthy", "Warning TerminatingOnInterruption"]]);
    expect(comes(event("EC2 Spot Instance Interruption Warning", { "instance-id": "i-9" }))).toEqual([[], []]);
  });

  test("A-167 A-168 a spot warning marks the pool, a reservation's the reservation, also for claims already going", () => {
    const going = onInstance("a", { deletionTimestamp: "2026-08-01T00:00:00Z" });
    expect(handleMessage(parseMessage(spot), [going])).toMatchObject({ deletions: [], stockOuts: { pools: [{ instanceType: "m5.large", zone: "us-west-2a", capacityType: "spot" }], reservations: [] } });
    expect(handleMessage(parseMessage(event("EC2 Capacity Reservation Instance Interruption Warning", { "instance-id": "i-1" })), [onInstance("a")]).stockOuts).toEqual({ pools: [], reservations: ["cr-1"] });
  });

  test("for the lifecycle, an interruption is an event on the claim", () => {
    expect(handleMessage(parseMessage(spot), [onInstance("a")]).events).toEqual([{ type: "interrupted", nodeClaim: "a", providerID: "aws:///us-west-2a/i-1", kind: "spot-interruption", startMs: Date.parse("2026-08-01T12:00:00Z") }]);
  });

  test("A-166 whatever a body holds, it is read, is of no interest, or is refused as bad input", () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string(), fc.json().map((detail) => event("AWS Health Event", { detail }, "aws.health"))), (body) => {
        try {
          expect(["no-op", "scheduled-change"]).toContain(parseMessage(body).kind);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { numRuns: Number(process.env["LAWS_RUNS"] ?? 200) },
    );
  });

  test("A-166 A-171 messages come until they are done with; unreadable ones are taken off at once; an error of the queue comes back", async () => {
    const clock = virtualClock(START_MS);
    const ec2 = account(clock);
    const fleet = ec2Fleet({ ...settings, nodeClasses: [nodeClass], instanceTypes: types, port: ec2, clock });
    const receive = (): ReturnType<typeof fleet.receiveInterruptions> => clock.drive(fleet.receiveInterruptions("queue", () => ({ nodeClaims: [onInstance("a")] })));
    ec2.sendMessage("not json");
    ec2.sendMessage(spot);
    const first = await receive();
    expect([first.length, ec2.queueSize]).toEqual([1, 1]);
    await clock.advance(20_000);
    const [again] = await receive();
    expect(again?.interruption.deletions).toEqual(["a"]);
    await again?.done();
    expect(ec2.queueSize).toBe(0);
    ec2.set({ faults: (call) => (call === "ReceiveMessage" ? { kind: "refused", code: "AccessDenied" } : undefined) });
    await expect(receive()).rejects.toMatchObject({ code: "AccessDenied" });
  });
});
