import type { CallName } from "../port/ec2-port.ts";
import { SERVICES, type Service } from "../port/services.ts";

/** An IAM policy document. */
export interface PolicyDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly PolicyStatement[];
}

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface PolicyOptions {
  readonly region: string;
  readonly clusterName: string;
  /** Twelve digits. */
  readonly accountId: string;
  /** `aws`, `aws-cn`, `aws-us-gov`. Default `aws`. */
  readonly partition?: string;
  /** The role of the nodes, which instances are launched with. */
  readonly nodeRoleArn: string;
  /** Of the interruption queue; without it nothing about queues is allowed. */
  readonly queueArn?: string;
  /** Whether the fleet makes instance profiles itself, from a node class's `role`. Default false. */
  readonly manageInstanceProfiles?: boolean;
  /** Whether the fleet asks ARC which zones traffic is shifted away from. Default false. */
  readonly zonalShift?: boolean;
}

const prefixes: Readonly<Record<Service, string>> = { EC2: "ec2", SSM: "ssm", SQS: "sqs", Pricing: "pricing", IAM: "iam", EKS: "eks", ARCZonalShift: "arc-zonal-shift" };

/** The IAM action of a call. */
export function actionOf(call: CallName): string {
  return `${prefixes[SERVICES[call]]}:${call}`;
}

/** Every action of the calls the fleet makes. */
export const ACTIONS: readonly string[] = (Object.keys(SERVICES) as CallName[]).map(actionOf).sort();

/**
 * The least a fleet needs, made from the list of calls it makes: reading is allowed in the region, making only with the cluster's tag, changing and ending only of what carries it.
 *
 * @example
 * iamPolicy({ region: "us-west-2", clusterName: "prod", accountId: "111122223333", nodeRoleArn: "arn:aws:iam::111122223333:role/nodes" }).Statement.length // => 11
 */
export function iamPolicy({ region, clusterName, accountId, partition = "aws", nodeRoleArn, queueArn, manageInstanceProfiles = false, zonalShift = false }: PolicyOptions): PolicyDocument {
  const ec2 = (...kinds: readonly string[]): readonly string[] => kinds.map((kind) => `arn:${partition}:ec2:${region}:*:${kind}/*`);
  const images = ["image", "snapshot"].map((kind) => `arn:${partition}:ec2:${region}::${kind}/*`);
  const tagOf = (where: "aws:RequestTag" | "aws:ResourceTag"): Readonly<Record<string, Readonly<Record<string, string>>>> => ({ StringEquals: { [`${where}/kubernetes.io/cluster/${clusterName}`]: "owned" }, StringLike: { [`${where}/karpenter.sh/nodepool`]: "*" } });
  const made = ["fleet", "instance", "volume", "network-interface", "launch-template", "spot-instances-request"];
  const of = (service: Service, wanted: (call: CallName) => boolean): readonly string[] => (Object.keys(SERVICES) as CallName[]).filter((call) => SERVICES[call] === service && wanted(call)).map(actionOf).sort();
  const allow = (Sid: string, Action: readonly string[], Resource: readonly string[], Condition?: PolicyStatement["Condition"]): PolicyStatement => ({ Sid, Effect: "Allow", Action, Resource, ...(Condition === undefined ? {} : { Condition }) });
  return {
    Version: "2012-10-17",
    Statement: [
      allow("ReadRegion", of("EC2", (call) => call.startsWith("Describe")), ["*"], { StringEquals: { "aws:RequestedRegion": region } }),
      allow("LaunchFrom", ["ec2:CreateFleet", "ec2:RunInstances"], [...images, ...ec2("subnet", "security-group", "capacity-reservation", "placement-group")]),
      allow("LaunchFromOwnTemplates", ["ec2:CreateFleet", "ec2:RunInstances"], ec2("launch-template"), tagOf("aws:ResourceTag")),
      allow("MakeWithTags", ["ec2:CreateFleet", "ec2:CreateLaunchTemplate", "ec2:RunInstances"], ec2(...made), tagOf("aws:RequestTag")),
      allow("TagWhatIsMade", ["ec2:CreateTags"], ec2(...made), { ...tagOf("aws:RequestTag"), StringEquals: { ...tagOf("aws:RequestTag")["StringEquals"], "ec2:CreateAction": ["CreateFleet", "CreateLaunchTemplate", "RunInstances"] } }),
      allow("TagOwnInstances", ["ec2:CreateTags"], ec2("instance"), { ...tagOf("aws:ResourceTag"), "ForAllValues:StringEquals": { "aws:TagKeys": ["Name", "karpenter.sh/nodeclaim", "eks:eks-cluster-name"] } }),
      allow("EndOwn", ["ec2:DeleteLaunchTemplate", "ec2:TerminateInstances"], ec2("instance", "launch-template"), tagOf("aws:ResourceTag")),
      allow("ReadImageParameters", of("SSM", () => true), [`arn:${partition}:ssm:${region}::parameter/aws/service/*`, `arn:${partition}:ssm:${region}:${accountId}:parameter/*`]),
      allow("ReadCluster", of("EKS", () => true), [`arn:${partition}:eks:${region}:${accountId}:cluster/${clusterName}`]),
      // The price list has no resources.
      allow("ReadPrices", of("Pricing", () => true), ["*"]),
      allow("PassNodeRole", ["iam:PassRole"], [nodeRoleArn], { StringEquals: { "iam:PassedToService": partition === "aws-cn" ? "ec2.amazonaws.com.cn" : "ec2.amazonaws.com" } }),
      ...(queueArn === undefined ? [] : [allow("ReceiveInterruptions", of("SQS", () => true), [queueArn])]),
      ...(zonalShift ? [allow("ReadZonalShifts", of("ARCZonalShift", () => true), [`arn:${partition}:eks:${region}:${accountId}:cluster/${clusterName}`])] : []),
      ...(manageInstanceProfiles ? [allow("OwnInstanceProfiles", of("IAM", () => true), [`arn:${partition}:iam::${accountId}:instance-profile/karpenter/${region}/${clusterName}/*`])] : []),
    ],
  };
}
