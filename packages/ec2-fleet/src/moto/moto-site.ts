import type { EC2Client } from "@aws-sdk/client-ec2";
import type { IAMClient } from "@aws-sdk/client-iam";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Ec2Image } from "../port/image.ts";
import type { Ec2SecurityGroup, Ec2Subnet } from "../port/network.ts";
import type { Tag } from "../port/tag.ts";
import type { IdNames } from "./id-names.ts";

/** What stands in an account before anything is launched; made by calls that this package's own port does not know. */
export interface MotoSite {
  /** Makes what is not there yet, and tags what is. */
  provide(wanted: { readonly subnets?: readonly Ec2Subnet[]; readonly securityGroups?: readonly Ec2SecurityGroup[]; readonly images?: readonly Ec2Image[] }): Promise<void>;
  /** Puts a message into the queue of a name, which is made if need be. */
  send(queueName: string, body: string): Promise<void>;
  makeQueue(queueName: string): Promise<void>;
  /** Makes an IAM role, unless it is there. */
  makeRole(name: string): Promise<void>;
  close(): void;
}

const credentials = { accessKeyId: "moto", secretAccessKey: "moto" };

/** The AWS SDK's way to a moto server's networks, images and queues. */
export async function motoSite(url: string, region: string, ids: IdNames): Promise<MotoSite> {
  const [ec2, sqs, iam] = await Promise.all([import("@aws-sdk/client-ec2"), import("@aws-sdk/client-sqs"), import("@aws-sdk/client-iam")]);
  const client: EC2Client = new ec2.EC2Client({ region, endpoint: url, credentials });
  const queues: SQSClient = new sqs.SQSClient({ region, endpoint: url, credentials });
  const roles: IAMClient = new iam.IAMClient({ region, endpoint: url, credentials });
  const tagged = new Map<string, string>();
  let vpc: string | undefined;
  let networks = 0;

  const tag = async (id: string, tags: readonly Tag[]): Promise<void> => {
    const text = JSON.stringify(tags);
    if (tags.length === 0 || tagged.get(id) === text) return;
    await client.send(new ec2.CreateTagsCommand({ Resources: [ids.toTheirs(id)], Tags: tags.map(({ Key, Value = "" }) => ({ Key, Value })) }));
    tagged.set(id, text);
  };
  const inVpc = async (): Promise<string> => (vpc ??= (await client.send(new ec2.CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }))).Vpc?.VpcId ?? "");

  return {
    provide: async ({ subnets = [], securityGroups = [], images = [] }) => {
      for (const { SubnetId, AvailabilityZone, Tags = [] } of subnets) {
        if (!ids.has(SubnetId)) {
          const { Subnet } = await client.send(new ec2.CreateSubnetCommand({ VpcId: await inVpc(), CidrBlock: `10.0.${32 * networks++}.0/19`, AvailabilityZone }));
          ids.name(SubnetId, Subnet?.SubnetId ?? "");
        }
        await tag(SubnetId, Tags);
      }
      for (const { GroupId, GroupName = GroupId, Tags = [] } of securityGroups) {
        if (!ids.has(GroupId)) ids.name(GroupId, (await client.send(new ec2.CreateSecurityGroupCommand({ VpcId: await inVpc(), GroupName, Description: GroupName }))).GroupId ?? "");
        await tag(GroupId, Tags);
      }
      for (const { ImageId, Name = ImageId } of images) {
        if (!ids.has(ImageId)) ids.name(ImageId, (await client.send(new ec2.RegisterImageCommand({ Name, RootDeviceName: "/dev/xvda" }))).ImageId ?? "");
      }
    },
    makeRole: async (RoleName) => {
      try {
        await roles.send(new iam.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: "{}" }));
      } catch (error) {
        if (!(error instanceof iam.EntityAlreadyExistsException)) throw error;
      }
    },
    makeQueue: async (QueueName) => void (await queues.send(new sqs.CreateQueueCommand({ QueueName }))),
    send: async (QueueName, MessageBody) => {
      const { QueueUrl } = await queues.send(new sqs.CreateQueueCommand({ QueueName }));
      await queues.send(new sqs.SendMessageCommand({ QueueUrl, MessageBody }));
    },
    close: () => {
      client.destroy();
      queues.destroy();
      roles.destroy();
    },
  };
}
