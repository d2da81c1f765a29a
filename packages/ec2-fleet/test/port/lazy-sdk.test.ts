import { expect, test, vi } from "vitest";

const loaded = vi.hoisted(() => [] as string[]);
const client = vi.hoisted(() => (service: string) => {
  loaded.push(service);
  const Client = class {
    send(): Promise<unknown> {
      return Promise.resolve({ Reservations: [], $metadata: { requestId: "r" } });
    }
  };
  const Command = class {};
  return { [`${service}Client`]: Client, DescribeInstancesCommand: Command };
});

vi.mock("@aws-sdk/client-ec2", () => client("EC2"));
vi.mock("@aws-sdk/client-ssm", () => client("SSM"));
vi.mock("@aws-sdk/client-sqs", () => client("SQS"));
vi.mock("@aws-sdk/client-pricing", () => client("Pricing"));
vi.mock("@aws-sdk/client-iam", () => client("IAM"));
vi.mock("@aws-sdk/client-eks", () => client("EKS"));

test("no module of the AWS SDK is loaded by importing the package or making a fleet, and only the called service's by a call", async () => {
  const { ec2Fleet } = await import("@groupless/ec2-fleet");
  const fleet = ec2Fleet({ region: "us-west-2", clusterName: "demo", nodeClasses: [], instanceTypes: [], batching: false });
  expect(loaded).toEqual([]);
  expect(await fleet.execute({ type: "list-instances" })).toEqual([{ type: "instances", instances: [] }]);
  expect(loaded).toEqual(["EC2"]);
});

test("A-176 of ARC's client, which is installed beside the package, its absence is told by name", async () => {
  const { awsPort } = await import("@groupless/ec2-fleet");
  const asked = awsPort({ region: "us-west-2" }).call("GetManagedResource", { resourceIdentifier: "arn:aws:eks:us-west-2:111122223333:cluster/demo" });
  await expect(asked).rejects.toMatchObject({ code: "NoZonalShiftClient", message: expect.stringContaining("@aws-sdk/client-arc-zonal-shift is not installed") });
});
