import { describe, expect, test } from "vitest";
import { ec2NodeClassHash, type EC2NodeClass } from "@groupless/api";
import { describedInstance, type Drift, type DriftInput, isDrifted } from "@groupless/ec2-fleet";
import { claim, resolvedClass, types } from "../story.ts";

const HASH = "karpenter.k8s.aws/ec2nodeclass-hash";
const VERSION = "karpenter.k8s.aws/ec2nodeclass-hash-version";
const launched = { ...claim("a"), status: { imageID: "ami-1", providerID: "aws:///us-west-2a/i-1" } };
const instance = describedInstance({ InstanceId: "i-1", ImageId: "ami-1", InstanceType: "m5.large", SubnetId: "subnet-a", SecurityGroups: [{ GroupId: "sg-1" }], Placement: { AvailabilityZone: "us-west-2a" }, State: { Name: "running" } });
const reservedInstance = { ...instance, capacityType: "reserved" as const, reservation: { id: "cr-1", type: "default", interruptible: false } };

function drift(change: Partial<DriftInput> = {}): Drift["drifted"] | string {
  const answer = isDrifted({ nodeClass: resolvedClass, nodeClaim: launched, type: types[0]!, instance, ...change });
  return answer.drifted === true ? answer.reason : answer.drifted === "unknown" ? answer.because.code : false;
}

const withStatus = (status: Partial<NonNullable<EC2NodeClass["status"]>>): EC2NodeClass => ({ ...resolvedClass, status: { ...resolvedClass.status, ...status } });

describe("drift", () => {
  test("A-160 A-158 the static hash decides first, and only where both sides have one of the same version", () => {
    const hashed = (spec: Partial<EC2NodeClass["spec"]>, version = "v5"): EC2NodeClass => ({ ...resolvedClass, metadata: { ...resolvedClass.metadata, annotations: { [HASH]: ec2NodeClassHash({ ...resolvedClass, spec: { ...resolvedClass.spec, ...spec } }), [VERSION]: version } } });
    const nodeClaim = { ...launched, metadata: { ...launched.metadata, annotations: { [HASH]: ec2NodeClassHash(resolvedClass), [VERSION]: "v5" } } };
    expect(drift({ nodeClass: hashed({}), nodeClaim })).toBe(false);
    expect(drift({ nodeClass: hashed({ tags: { a: "b" } }), nodeClaim })).toBe("NodeClassDrift");
    expect(drift({ nodeClass: hashed({ tags: { a: "b" } }, "v4"), nodeClaim })).toBe(false);
    expect(drift({ nodeClass: hashed({ subnetSelectorTerms: [{ id: "subnet-z" }] }), nodeClaim })).toBe(false);
  });

  test("A-161 an image that is not the type's any more is drift; what cannot be told is not", () => {
    expect(drift({ nodeClass: withStatus({ amis: [{ id: "ami-2", requirements: [] }] }) })).toBe("AMIDrift");
    expect(drift({ nodeClass: withStatus({ amis: [] }) })).toBe("no-images");
    expect(drift({ nodeClaim: { ...launched, status: {} } })).toBe("no-image-on-claim");
    expect(isDrifted({ nodeClass: resolvedClass, nodeClaim: launched }).drifted).toBe("unknown");
  });

  test("A-162 security groups must be the same set, the subnet among the class's; an empty status is not drift", () => {
    expect(drift({ nodeClass: withStatus({ securityGroups: [{ id: "sg-1" }, { id: "sg-2" }] }) })).toBe("SecurityGroupDrift");
    expect(drift({ nodeClass: withStatus({ subnets: [{ id: "subnet-b", zone: "us-west-2b" }] }) })).toBe("SubnetDrift");
    expect([drift({ nodeClass: withStatus({ securityGroups: [] }) }), drift({ nodeClass: withStatus({ subnets: [] }) })]).toEqual(["no-security-groups", "no-subnets"]);
  });

  test("A-163 a reservation the class no longer selects is drift, unless the instance has meanwhile fallen back to on-demand", () => {
    expect(drift({ instance: reservedInstance })).toBe("CapacityReservationDrift");
    expect(drift({ instance: reservedInstance, freshInstance: instance })).toBe(false);
    const selected = withStatus({ capacityReservations: [{ id: "cr-1", availabilityZone: "us-west-2a", instanceType: "m5.large", instanceMatchCriteria: "targeted", ownerID: "1", reservationType: "default", state: "active" }] });
    expect(drift({ nodeClass: selected, instance: reservedInstance })).toBe(false);
  });

  test("A-164 another placement group, one where none was, or none where one was, is drift", () => {
    const inGroup = { ...launched, metadata: { ...launched.metadata, labels: { "karpenter.k8s.aws/placement-group-id": "pg-1" } } };
    expect([drift({ nodeClaim: inGroup, placementGroupId: "pg-1" }), drift({ nodeClaim: inGroup, placementGroupId: "pg-2" }), drift({ nodeClaim: inGroup }), drift({ placementGroupId: "pg-1" })]).toEqual([false, "PlacementGroupDrift", "PlacementGroupDrift", "PlacementGroupDrift"]);
  });

  test("without an instance only what needs none is told, if that is asked for", () => {
    expect(isDrifted({ nodeClass: resolvedClass, nodeClaim: launched, type: types[0]!, withoutInstance: true })).toEqual({ drifted: false });
    expect(isDrifted({ nodeClass: resolvedClass, nodeClaim: launched, type: types[0]! }).drifted).toBe("unknown");
  });
});
