import { describe, expect, test } from "vitest";
import type { AMIFamily, EC2NodeClass } from "@groupless/api";
import { aliasOf, amiFamily, type Ec2CapacityReservation, type Ec2Image, imageFor, imageParameters, resolveCapacityReservations, resolveImages, resolvePlacementGroup, resolveSecurityGroups, resolveSubnets } from "@groupless/ec2-fleet";
import { publishedImages } from "@groupless/ec2-fleet/fake";
import { account, nodeClass, START_MS, type, virtualClock } from "../story.ts";

const withSpec = (spec: Partial<EC2NodeClass["spec"]>): EC2NodeClass => ({ ...nodeClass, spec: { ...nodeClass.spec, ...spec } });
const at = { nowMs: START_MS, kubernetesVersion: "1.32" };

describe("subnets and security groups", () => {
  const tags = (...pairs: readonly (readonly [string, string])[]): { Key: string; Value: string }[] => pairs.map(([Key, Value]) => ({ Key, Value }));
  const subnets = [
    { SubnetId: "subnet-1", AvailabilityZone: "us-west-2a", AvailabilityZoneId: "usw2-az1", AvailableIpAddressCount: 10, Tags: tags(["a", "1"], ["b", "2"]) },
    { SubnetId: "subnet-2", AvailabilityZone: "us-west-2b", AvailabilityZoneId: "usw2-az2", AvailableIpAddressCount: 90, Tags: tags(["a", "1"]) },
    { SubnetId: "subnet-3", AvailabilityZone: "us-west-2c", AvailabilityZoneId: "usw2-az3", AvailableIpAddressCount: 90, Tags: tags(["c", "x"]) },
  ];
  const found = async (terms: EC2NodeClass["spec"]["subnetSelectorTerms"]): Promise<readonly string[] | undefined> => (await resolveSubnets(withSpec({ subnetSelectorTerms: terms }), account(virtualClock(START_MS), { subnets, pageSize: 1 }))).status?.map(({ id }) => id);

  test("A-097 A-152 terms are alternatives, tags of one term must all fit, ids go into one query; most free addresses come first", async () => {
    expect(await found([{ tags: { a: "1" } }])).toEqual(["subnet-2", "subnet-1"]);
    expect(await found([{ tags: { a: "1", b: "2" } }])).toEqual(["subnet-1"]);
    expect(await found([{ tags: { c: "*" } }, { id: "subnet-1" }, { id: "subnet-2" }])).toEqual(["subnet-2", "subnet-3", "subnet-1"]);
    expect(await found([{ tags: { none: "*" } }])).toBeUndefined();
  });

  test("A-098 A-152 groups are found by tag, id or name, and listed by id", async () => {
    const securityGroups = [{ GroupId: "sg-3", GroupName: "gamma", Tags: tags(["a", "1"]) }, { GroupId: "sg-1", GroupName: "alpha" }, { GroupId: "sg-2", GroupName: "beta" }];
    const groups = async (terms: EC2NodeClass["spec"]["securityGroupSelectorTerms"]): Promise<unknown> => (await resolveSecurityGroups(withSpec({ securityGroupSelectorTerms: terms }), account(virtualClock(START_MS), { securityGroups }))).status?.map(({ id }) => id);
    expect(await groups([{ tags: { a: "1" } }, { name: "alpha" }, { id: "sg-2", name: "ignored" }])).toEqual(["sg-1", "sg-2", "sg-3"]);
  });
});

describe("images", () => {
  const families: readonly AMIFamily[] = ["AL2", "AL2023", "Bottlerocket", "Windows2019", "Windows2022", "Windows2025"];

  test("A-133 every family's alias resolves to the images AWS publishes for the Kubernetes version, and another version to others", async () => {
    for (const family of families) {
      const kubernetesVersion = family === "Windows2025" ? "1.35" : "1.27";
      const named = withSpec({ amiSelectorTerms: [{ alias: `${family.toLowerCase()}@latest` }] });
      const { status = [] } = await resolveImages(named, account(virtualClock(START_MS), publishedImages(family, kubernetesVersion)), { nowMs: START_MS, kubernetesVersion });
      expect(status.length, family).toBeGreaterThan(0);
      expect([aliasOf(named), amiFamily(named)]).toEqual([{ family, version: "latest" }, family]);
      const later = publishedImages(family, family === "Windows2025" ? "1.36" : "1.28").images.map(({ ImageId }) => ImageId);
      expect(status.filter(({ id }) => later.includes(id))).toEqual([]);
    }
    expect(imageParameters({ family: "AL2", version: "v20250410" }, "1.31")[1]?.name).toBe("/aws/service/eks/optimized-ami/1.31/amazon-linux-2-arm64/amazon-eks-arm64-node-1.31-v20250410/image_id");
  });

  test("A-134 A-178 Amazon Linux 2 ends with 1.32, Windows 2025 starts with 1.35", async () => {
    const condition = async (alias: string, kubernetesVersion: string): Promise<unknown> => (await resolveImages(withSpec({ amiSelectorTerms: [{ alias }] }), account(virtualClock(START_MS)), { nowMs: START_MS, kubernetesVersion })).condition.reason;
    expect(await condition("al2@latest", "1.33")).toBe("UnsupportedAlias");
    expect(await condition("windows2025@latest", "1.34")).toBe("UnsupportedAlias");
    await expect(condition("al2@latest", "1.32")).rejects.toMatchObject({ code: "no-image-parameter" });
  });

  test("A-135 parameters that are missing are passed over, unless all are", async () => {
    const { images, parameters } = publishedImages("AL2023", "1.32");
    const [one] = Object.entries(parameters);
    const { status } = await resolveImages(nodeClass, account(virtualClock(START_MS), { images, parameters: Object.fromEntries([one!]) }), at);
    expect(status?.map(({ id }) => id)).toEqual([one?.[1]]);
  });

  const image = (ImageId: string, CreationDate: string, more: object = {}): Ec2Image => ({ ImageId, Name: ImageId, CreationDate, Architecture: "x86_64", OwnerId: "111", State: "available", ...more });
  const chosen = async (terms: EC2NodeClass["spec"]["amiSelectorTerms"], images: readonly (object & { ImageId: string })[], parameters: Record<string, string> = {}): Promise<readonly string[] | undefined> => (await resolveImages(withSpec({ amiFamily: "AL2023", amiSelectorTerms: terms }), account(virtualClock(START_MS), { images, parameters }), at)).status?.map(({ id }) => id);

  test("A-136 images are found by id, name, owner, tags and SSM parameter", async () => {
    const images = [image("ami-1", "2026-01-01T00:00:00Z"), image("ami-2", "2026-02-01T00:00:00Z", { Architecture: "arm64", Tags: [{ Key: "team", Value: "a" }] }), image("ami-3", "2026-03-01T00:00:00Z", { OwnerId: "222", ImageOwnerAlias: "other" })];
    expect(await chosen([{ id: "ami-1" }, { tags: { team: "*" } }], images)).toEqual(["ami-2", "ami-1"]);
    expect(await chosen([{ name: "ami-?" }], images)).toEqual(["ami-2", "ami-1"]);
    expect(await chosen([{ owner: "222" }], images)).toEqual(["ami-3"]);
    expect(await chosen([{ ssmParameter: "/my" }, { ssmParameter: "/missing" }, { ssmParameter: "/odd" }], images, { "/my": "ami-1", "/odd": "no image" })).toEqual(["ami-1"]);
  });

  test("A-137 of one architecture's images the newest that is not deprecated is taken, a deprecated one only if there is no other", async () => {
    const deprecated = { DeprecationTime: "2026-07-01T00:00:00Z" };
    expect(await chosen([{ owner: "111" }], [image("ami-old", "2026-01-01T00:00:00Z"), image("ami-new", "2026-06-01T00:00:00Z", deprecated)])).toEqual(["ami-old"]);
    expect(await chosen([{ owner: "111" }], [image("ami-a", "2026-01-01T00:00:00Z", deprecated), image("ami-b", "2026-02-01T00:00:00Z", deprecated)])).toEqual(["ami-b"]);
  });

  test("A-138 a type takes the first image, newest first, that it can run", () => {
    const arm = { ...type("m6g.large", 0.08), requirements: type("m6g.large", 0.08).requirements.map((one) => (one.key === "kubernetes.io/arch" ? { ...one, values: ["arm64"] } : one)) };
    const images = [{ id: "ami-arm", requirements: [{ key: "kubernetes.io/arch", operator: "In" as const, values: ["arm64"] }] }, { id: "ami-1", requirements: [] }];
    expect([imageFor(arm, images), imageFor(type("m5.large", 0.1), images), imageFor(arm, [])]).toEqual(["ami-arm", "ami-1", undefined]);
  });
});

describe("reservations and placement groups", () => {
  const reservation = (id: string, more: object = {}): Ec2CapacityReservation => ({ CapacityReservationId: id, AvailabilityZone: "us-west-2a", AvailableInstanceCount: 3, InstanceMatchCriteria: "targeted", InstanceType: "m5.large", OwnerId: "111122223333", State: "active", Tags: [{ Key: "team", Value: "a" }], ...more });

  test("A-152 A-153 A-154 reservations are found by id, tags and owner; a block is expiring in its last forty minutes; what is over is left out", async () => {
    const end = (minutes: number): { EndDate: string; ReservationType: string } => ({ EndDate: new Date(START_MS + minutes * 60_000).toISOString(), ReservationType: "capacity-block" });
    const capacityReservations = [reservation("cr-2"), reservation("cr-1", end(41)), reservation("cr-3", end(40)), reservation("cr-4", end(-1)), reservation("cr-5", { InstanceMatchCriteria: "other" }), reservation("cr-6", { OwnerId: "9" })];
    const { status, available, requeueAfterMs } = await resolveCapacityReservations(withSpec({ capacityReservationSelectorTerms: [{ tags: { team: "a" }, ownerID: "111122223333" }, { id: "cr-9" }] }), account(virtualClock(START_MS), { capacityReservations }), { nowMs: START_MS });
    expect(status?.map(({ id, state }) => [id, state])).toEqual([["cr-1", "active"], ["cr-2", "active"], ["cr-3", "expiring"]]);
    expect(available["cr-2"]).toBe(3);
    expect(requeueAfterMs).toBe(60_000);
  });

  test("A-152 A-164 a placement group is found by id or name; one that is not available does not exist", async () => {
    const ec2 = account(virtualClock(START_MS), { placementGroups: [{ GroupId: "pg-1", GroupName: "one", State: "available", Strategy: "partition", PartitionCount: 3 }, { GroupId: "pg-2", GroupName: "two", State: "deleting", Strategy: "spread" }] });
    const of = async (selector: { id?: string; name?: string }): Promise<unknown> => (await resolvePlacementGroup(withSpec({ placementGroupSelector: selector }), ec2)).status;
    expect(await of({ name: "one" })).toEqual({ id: "pg-1", name: "one", strategy: "partition", partitionCount: 3 });
    expect([await of({ id: "pg-2" }), await of({ id: "pg-9" })]).toEqual([undefined, undefined]);
  });
});
