import { describe, expect, test } from "vitest";
import { ec2NodeClassHash, type EC2NodeClass, type NodeClaim } from "@groupless/api";
import { clusterProfiles, deleteInstanceProfile, dryRunType, ec2Fleet, ensureInstanceProfile, finalizeNodeClass, type FleetLogEvent, unusedProfiles, validateNodeClass, withHash } from "@groupless/ec2-fleet";
import { publishedImages } from "@groupless/ec2-fleet/fake";
import { account, claim, nodeClass, resolvedClass, settings, START_MS, type, types, virtualClock } from "../story.ts";

const owner = { region: "us-west-2", clusterName: "demo" };
const withRole = (role: string): EC2NodeClass => {
  const spec = { ...nodeClass.spec, role };
  delete (spec as { instanceProfile?: string }).instanceProfile;
  return { ...nodeClass, spec };
};

describe("instance profiles", () => {
  test("A-150 a role gets a tagged profile under the cluster's path, another role another one; the same role always the same", async () => {
    const ec2 = account(virtualClock(START_MS));
    const first = await ensureInstanceProfile(withRole("team/nodes"), owner, ec2);
    expect(await ensureInstanceProfile(withRole("team/nodes"), owner, ec2)).toBe(first);
    const second = await ensureInstanceProfile(withRole("other"), owner, ec2);
    expect(second).not.toBe(first);
    const [profile] = await clusterProfiles(owner, ec2);
    expect(profile).toMatchObject({ InstanceProfileName: first, Path: "/karpenter/us-west-2/demo/class-1/", Roles: [{ RoleName: "nodes" }], Tags: expect.arrayContaining([{ Key: "kubernetes.io/cluster/demo", Value: "owned" }]) });
    expect(await ensureInstanceProfile(nodeClass, owner, ec2)).toBe("demo-nodes");
  });

  test("A-150 a profile that cannot be given its role is taken back; a launch uses the profile of the class's role", async () => {
    const clock = virtualClock(START_MS);
    const broken = account(clock, { faults: (call) => (call === "AddRoleToInstanceProfile" ? { kind: "refused", code: "NoSuchEntity" } : undefined) });
    await expect(ensureInstanceProfile(withRole("missing"), owner, broken)).rejects.toMatchObject({ code: "NoSuchEntity" });
    expect(await clusterProfiles(owner, broken)).toEqual([]);
    const ec2 = account(clock);
    const fleet = ec2Fleet({ ...settings, nodeClasses: [withRole("nodes")], instanceTypes: types, port: ec2, clock, batching: false });
    expect((await fleet.execute({ type: "launch", nodeClaim: claim("a") }))[0]).toMatchObject({ type: "launched", instance: { annotations: { "karpenter.k8s.aws/instance-profile-name": expect.stringMatching(/^demo_\d+$/) } } });
  });

  test("A-151 profiles that no class has and no claim was launched with go an hour after they were replaced", async () => {
    const ec2 = account(virtualClock(START_MS));
    const names = [await ensureInstanceProfile(withRole("a"), owner, ec2), await ensureInstanceProfile(withRole("b"), owner, ec2), await ensureInstanceProfile(withRole("c"), owner, ec2)];
    const all = await clusterProfiles(owner, ec2);
    const launchedWith: NodeClaim = { ...claim("x"), metadata: { ...claim("x").metadata, annotations: { "karpenter.k8s.aws/instance-profile-name": names[1] ?? "" } } };
    const current = { ...withRole("c"), status: { instanceProfile: names[2] ?? "" } };
    const unused = (replacedMs: number): readonly string[] => unusedProfiles(all, [current], [launchedWith], { nowMs: START_MS, replacedMs: { [names[0] ?? ""]: replacedMs } }).map(({ InstanceProfileName }) => InstanceProfileName);
    expect([unused(START_MS - 3_599_999), unused(START_MS - 3_600_000)]).toEqual([[], [names[0]]]);
    for (const profile of all) await deleteInstanceProfile(profile, ec2);
    expect(await clusterProfiles(owner, ec2)).toEqual([]);
  });
});

describe("validation by dry runs", () => {
  const validate = async (code?: string, call = "CreateFleet", message = ""): Promise<string> => {
    const ec2 = account(virtualClock(START_MS), { faults: (name) => (code !== undefined && name === call ? { kind: "refused", code, message } : undefined) });
    return (await validateNodeClass(resolvedClass, types, settings, ec2)).condition.reason;
  };

  test("A-155 what the caller may not do makes a class invalid, and says which call; other refusals are to be tried again", async () => {
    expect(await validate()).toBe("ValidationSucceeded");
    expect(await validate("UnauthorizedOperation")).toBe("CreateFleetAuthCheckFailed");
    expect(await validate("UnauthorizedOperation", "CreateLaunchTemplate")).toBe("CreateLaunchTemplateAuthCheckFailed");
    expect(await validate("UnauthorizedOperation", "RunInstances")).toBe("RunInstancesAuthCheckFailed");
    await expect(validate("RequestLimitExceeded")).rejects.toMatchObject({ code: "RequestLimitExceeded" });
  });

  test("A-149 user data beyond EC2's limit makes a class invalid; a launch that comes near it is logged", async () => {
    expect(await validate("InvalidUserData.Malformed", "CreateLaunchTemplate", "User data is limited to 16384 bytes")).toBe("UserDataSizeLimitExceeded");
    const clock = virtualClock(START_MS);
    const made: FleetLogEvent[] = [];
    const long = { ...nodeClass, spec: { ...nodeClass.spec, userData: `#!/bin/bash\n${"# padding\n".repeat(1450)}` } };
    const fleet = ec2Fleet({ ...settings, nodeClasses: [long], instanceTypes: types, port: account(clock), clock, batching: false, log: (event) => event.type === "launch-template-created" && made.push(event) });
    await fleet.execute({ type: "launch", nodeClaim: claim("a") });
    expect(made).toMatchObject([{ nearLimit: true }]);
  });

  test("A-156 a type with a standard image is run dry rather than one with an accelerator", () => {
    const gpu = { ...type("a1-gpu.large", 1), requirements: type("a1-gpu.large", 1).requirements.map((one) => (one.key === "karpenter.k8s.aws/instance-gpu-count" ? { key: one.key, operator: "In" as const, values: ["1"] } : one)) };
    expect([dryRunType(resolvedClass, [gpu, types[0]!])?.name, dryRunType(resolvedClass, [gpu])?.name, dryRunType(resolvedClass, [])]).toEqual(["m5.large", "a1-gpu.large", undefined]);
  });
});

describe("the life of a class", () => {
  test("A-157 a class goes once no claim uses it, and takes its profiles and launch templates along", async () => {
    const clock = virtualClock(START_MS);
    const ec2 = account(clock);
    const demo = withRole("nodes");
    const fleet = ec2Fleet({ ...settings, nodeClasses: [demo], instanceTypes: types, port: ec2, clock, batching: false });
    await fleet.execute({ type: "launch", nodeClaim: claim("a") });
    expect(await finalizeNodeClass(demo, [claim("a")], owner, ec2)).toEqual({ done: false, waitingFor: ["a"], requeueAfterMs: 600_000 });
    expect(ec2.launchTemplates).toHaveLength(1);
    expect(await finalizeNodeClass(demo, [], owner, ec2)).toEqual({ done: true });
    expect([ec2.launchTemplates, await clusterProfiles(owner, ec2)]).toEqual([[], []]);
  });

  test("A-159 claims of an older hash get the new one with the class, except those that have drifted", () => {
    const annotations = (hash: string, version: string): Record<string, string> => ({ "karpenter.k8s.aws/ec2nodeclass-hash": hash, "karpenter.k8s.aws/ec2nodeclass-hash-version": version });
    const old = (name: string, drifted = false): NodeClaim => ({ ...claim(name), metadata: { ...claim(name).metadata, annotations: annotations("old", "v4") }, status: drifted ? { conditions: [{ type: "Drifted", status: "True" }] } : {} });
    const behind = { ...nodeClass, metadata: { ...nodeClass.metadata, annotations: annotations("old", "v4") } };
    const after = withHash(behind, [old("a"), old("b", true)]);
    const hash = ec2NodeClassHash(behind);
    expect(after.nodeClass.metadata.annotations).toEqual(annotations(hash, "v5"));
    expect(after.nodeClaims.map(({ metadata }) => metadata.annotations)).toEqual([annotations(hash, "v5"), annotations("old", "v5")]);
    expect(withHash(after.nodeClass, [old("a")]).nodeClaims).toEqual([]);
  });

  test("A-139 A-138 an alias is asked for anew every minute, so an image that AWS replaced is not held on to", async () => {
    const clock = virtualClock(START_MS);
    const ec2 = account(clock);
    const fleet = ec2Fleet({ ...settings, nodeClasses: [nodeClass], instanceTypes: types, port: ec2, clock, kubernetesVersion: "1.32", batching: false });
    const images = async (): Promise<readonly string[]> => (await fleet.nodeClass("default"))?.status?.amis?.map(({ id }) => id) ?? [];
    const before = await images();
    ec2.set(publishedImages("AL2023", "1.32", { release: "20260801" }));
    expect(await images()).toEqual(before);
    await clock.advance(60_000);
    expect((await images()).filter((id) => before.includes(id))).toEqual([]);
  });

  test("A-178 the cluster's version comes from EKS where nobody says it, and decides which images an alias means", async () => {
    const clock = virtualClock(START_MS);
    const ec2 = account(clock, { cluster: { version: "1.31" }, ...publishedImages("AL2023", "1.31") });
    const fleet = ec2Fleet({ ...settings, nodeClasses: [nodeClass], instanceTypes: types, port: ec2, clock, batching: false });
    expect((await fleet.nodeClass("default"))?.status?.amis?.[0]?.name).toContain("-1.31-");
    ec2.set({ cluster: { version: "1.32" }, ...publishedImages("AL2023", "1.32") });
    expect((await fleet.nodeClass("default"))?.status?.amis?.[0]?.name).toContain("-1.32-");
  });
});
