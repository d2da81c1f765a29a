import { EC2Client, RegisterImageCommand } from "@aws-sdk/client-ec2";
import { CreateQueueCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Fleet, awsPort, ec2Fleet, type Ec2Port, imageParameters, systemClock } from "@groupless/ec2-fleet";
import { startSsmServer } from "@groupless/ec2-fleet/moto";
import type { EC2NodeClass, NodeClaim } from "@groupless/api";
import { startMoto } from "../../../../test/moto/server.ts";
import { claim, nodeClass, settings, type as instanceType } from "../story.ts";

const credentials = { accessKeyId: "x", secretAccessKey: "y" };
const region = "us-west-2";

describe("over the wire, with the AWS SDK against moto's EC2", () => {
  let moto: Awaited<ReturnType<typeof startMoto>>;
  let ssm: Awaited<ReturnType<typeof startSsmServer>>;
  let port: Ec2Port;
  let demo: EC2NodeClass;
  let laterMs = 0;
  let fleet: Fleet;
  const clock = { nowMs: () => Date.now() + laterMs, sleep: systemClock.sleep };
  const waiting = (name: string): NodeClaim => claim(name, { createdMs: clock.nowMs() + 5000 });

  beforeAll(async () => {
    moto = await startMoto();
    const { ImageId = "" } = await new EC2Client({ region, endpoint: moto.url, credentials }).send(new RegisterImageCommand({ Name: "amazon-eks-node-al2023-x86_64-standard-1.32-v20260701", Architecture: "x86_64", RootDeviceName: "/dev/xvda" }));
    const [standard] = imageParameters({ family: "AL2023", version: "latest" }, "1.32");
    ssm = await startSsmServer((name) => (name === standard?.name ? ImageId : undefined));
    const aws = awsPort({ region, credentials, endpoint: { EC2: moto.url, SQS: moto.url, SSM: ssm.url } });
    // moto does not keep the architecture an image is registered with.
    port = {
      call: async (name, input, options) => {
        const answer = await aws.call(name, input, options);
        return name === "DescribeImages" && "Images" in answer ? { ...answer, Images: (answer.Images ?? []).map((image) => ({ Architecture: "x86_64", ...image })) } : answer;
      },
    };
    const { Subnets = [] } = await port.call("DescribeSubnets", {});
    const { SecurityGroups = [] } = await port.call("DescribeSecurityGroups", {});
    demo = { ...nodeClass, spec: { ...nodeClass.spec, subnetSelectorTerms: Subnets.map(({ SubnetId }) => ({ id: SubnetId })), securityGroupSelectorTerms: SecurityGroups.slice(0, 1).map(({ GroupId }) => ({ id: GroupId })) } };
    fleet = ec2Fleet({ ...settings, region, nodeClasses: [demo], instanceTypes: [instanceType("m5.large", 0.096), instanceType("c5.large", 0.085)], kubernetesVersion: "1.32", port, clock, consistencyMs: 0 });
  }, 600_000);

  afterAll(async () => {
    await Promise.all([moto.stop(), ssm.stop()]);
  });

  test("claims become tagged instances through one launch template and one fleet, and are listed", async () => {
    const events = await Promise.all(["a", "b", "c"].map((name) => fleet.execute({ type: "launch", nodeClaim: waiting(name) })));
    const launched = events.flat().map((event) => (event.type === "launched" ? event.instance.providerID : JSON.stringify(event)));
    expect(new Set(launched).size).toBe(3);
    for (const id of launched) expect(id).toMatch(/^aws:\/\/\/us-west-2[ab]\/i-[0-9a-f]{17}$/);
    const [listed] = await fleet.execute({ type: "list-instances" });
    expect(listed?.type === "instances" && listed.instances.map(({ providerID }) => providerID).sort()).toEqual(launched.toSorted());
    const { LaunchTemplates = [] } = await port.call("DescribeLaunchTemplates", {});
    expect(LaunchTemplates.map(({ LaunchTemplateName }) => LaunchTemplateName)).toEqual([expect.stringMatching(/^karpenter\.k8s\.aws\/\d+$/)]);
  });

  test("a template that vanished is made anew within the launch", async () => {
    const { LaunchTemplates: [template] = [] } = await port.call("DescribeLaunchTemplates", {});
    await port.call("DeleteLaunchTemplate", { LaunchTemplateName: template?.LaunchTemplateName ?? "" });
    const [event] = await fleet.execute({ type: "launch", nodeClaim: waiting("d") });
    expect(event?.type).toBe("launched");
  });

  test("describe answers come in pages that are followed", async () => {
    let token: string | undefined;
    const seen: string[] = [];
    let pages = 0;
    do {
      const page = await port.call("DescribeInstances", { MaxResults: 5, ...(token === undefined ? {} : { NextToken: token }) });
      seen.push(...(page.Reservations ?? []).flatMap(({ Instances = [] }) => Instances.map(({ InstanceId }) => InstanceId)));
      token = page.NextToken;
      pages += 1;
    } while (token !== undefined && pages < 20);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThanOrEqual(4);
  });

  test("an instance gets its name, is terminated, and is gone after; one EC2 never knew is gone too", async () => {
    const claimed = waiting("e");
    const [event] = await fleet.execute({ type: "launch", nodeClaim: claimed });
    const providerID = event?.type === "launched" ? event.instance.providerID : "";
    expect(await fleet.tag({ ...claimed, status: { providerID, nodeName: "ip-10-0-0-1" } })).toBe("done");
    const { Reservations = [] } = await port.call("DescribeInstances", { InstanceIds: [providerID.slice(providerID.lastIndexOf("/") + 1)] });
    expect(Reservations[0]?.Instances?.[0]?.Tags).toEqual(expect.arrayContaining([{ Key: "Name", Value: "ip-10-0-0-1" }, { Key: "karpenter.sh/nodeclaim", Value: "e" }]));
    expect(await fleet.execute({ type: "terminate", nodeClaim: "e", providerID })).toEqual([{ type: "terminating", nodeClaim: "e", providerID }]);
    expect(await fleet.execute({ type: "get-instance", nodeClaim: "e", providerID })).toEqual([{ type: "instance-gone", nodeClaim: "e", providerID }]);
    const unknown = "aws:///us-west-2a/i-00000000000000000";
    expect(await fleet.execute({ type: "terminate", nodeClaim: "x", providerID: unknown })).toEqual([{ type: "instance-gone", nodeClaim: "x", providerID: unknown }]);
  });

  test("what no claim knows is garbage once it is old enough; templates nothing uses are deleted", async () => {
    laterMs = 120_000;
    const kept = await fleet.execute({ type: "list-instances" });
    const [first] = kept[0]?.type === "instances" ? kept[0].instances : [];
    const providerID = first?.providerID ?? "";
    const removed = await fleet.collectGarbage(() => [{ ...waiting("a"), status: { providerID } }]);
    expect(removed).not.toContain(providerID);
    expect(removed.length).toBeGreaterThanOrEqual(3);
    expect(await fleet.removeUnusedTemplates()).toHaveLength(1);
    expect((await port.call("DescribeLaunchTemplates", {})).LaunchTemplates ?? []).toEqual([]);
  });

  test("a spot warning comes through SQS, marks the pool and is taken off the queue when done", async () => {
    const sqs = new SQSClient({ region, endpoint: moto.url, credentials });
    const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: "demo" }));
    const url = (await port.call("GetQueueUrl", { QueueName: "demo" })).QueueUrl ?? "";
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify({ version: "0", source: "aws.ec2", "detail-type": "EC2 Spot Instance Interruption Warning", time: "2026-08-01T12:00:00Z", detail: { "instance-id": "i-1" } }) }));
    const spot = { ...waiting("s"), metadata: { ...waiting("s").metadata, labels: { "node.kubernetes.io/instance-type": "m5.large", "topology.kubernetes.io/zone": "us-west-2a" } }, status: { providerID: "aws:///us-west-2a/i-1" } };
    const [received] = await fleet.receiveInterruptions(url, () => ({ nodeClaims: [spot] }));
    expect(received?.interruption.deletions).toEqual(["s"]);
    expect(Object.keys(fleet.unavailableOfferings().offerings)).toEqual(["spot:m5.large:us-west-2a"]);
    await received?.done();
    await expect(port.call("GetQueueUrl", { QueueName: "none" })).rejects.toMatchObject({ code: "QueueDoesNotExist" });
  });
});
