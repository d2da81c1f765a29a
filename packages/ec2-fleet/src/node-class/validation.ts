import type { EC2NodeClass, NodeClaim } from "@groupless/api";
import type { InstanceType } from "@groupless/catalog";
import type { ClusterSettings } from "../launch/cluster.ts";
import { planLaunch } from "../launch/launch-plan.ts";
import { NO_ADDRESSES } from "../launch/subnet-addresses.ts";
import { apiErrorOf, classifyError } from "../port/error-code.ts";
import type { CallOptions, Ec2Port } from "../port/ec2-port.ts";
import { imageFor } from "./ami-mapping.ts";
import { GPU_COUNT_LABEL } from "./label.ts";
import { condition, MINUTE_MS, type Resolved } from "./resolved.ts";

const reasons = {
  CreateLaunchTemplate: ["CreateLaunchTemplateAuthCheckFailed", "Controller isn't authorized to call ec2:CreateLaunchTemplate"],
  CreateFleet: ["CreateFleetAuthCheckFailed", "Controller isn't authorized to call ec2:CreateFleet"],
  RunInstances: ["RunInstancesAuthCheckFailed", "Controller isn't authorized to call ec2:RunInstances"],
} as const;

/**
 * Asks EC2 whether a class could be launched from, without launching: a template is made, a fleet and an instance are run dry. What EC2 refuses for the caller's rights
 * or for the size of the user data makes the class invalid; any other refusal is thrown, to be asked again.
 *
 * Karpenter pkg/controllers/nodeclass/validation.go.
 *
 * @throws ApiError
 */
export async function validateNodeClass(nodeClass: EC2NodeClass, instanceTypes: readonly InstanceType[], cluster: ClusterSettings, port: Ec2Port, options: CallOptions = {}): Promise<Resolved<never>> {
  const outcome = (problem?: { readonly reason: string; readonly message: string }): Resolved<never> => ({ status: undefined, condition: condition("ValidationSucceeded", problem), requeueAfterMs: 10 * MINUTE_MS });
  const { status } = nodeClass;
  if ((status?.amis ?? []).length === 0 || (status?.subnets ?? []).length === 0 || (status?.securityGroups ?? []).length === 0 || (status?.instanceProfile ?? "") === "") return outcome({ reason: "DependenciesNotReady", message: "Awaiting AMI, Instance Profile, Security Group, and Subnet resolution" });
  const type = dryRunType(nodeClass, instanceTypes);
  const planned = planLaunch({ nodeClass, nodeClaim: dryRunClaim(nodeClass), instanceTypes: type === undefined ? [] : [type], cluster, addresses: NO_ADDRESSES });
  if ("refusal" in planned) return outcome({ reason: planned.refusal.reason.code === "restricted-tags" ? "TagValidationFailed" : "DependenciesNotReady", message: planned.refusal.message });
  const { templates, request } = planned.plan;
  const steps: readonly (readonly [keyof typeof reasons, () => Promise<unknown>])[] = [
    ...templates.map((template) => ["CreateLaunchTemplate", () => port.call("CreateLaunchTemplate", template.request, options)] as const),
    ["CreateFleet", () => port.call("CreateFleet", { ...request, DryRun: true }, options)],
    ["RunInstances", () => runInstances(templates[0]?.request.LaunchTemplateName ?? "", type?.name ?? "", nodeClass, port, options)],
  ];
  for (const [call, ask] of steps) {
    try {
      await ask();
    } catch (error) {
      const is = classifyError(error);
      if (is.dryRun || apiErrorOf(error)?.code === "InvalidLaunchTemplateName.AlreadyExistsException") continue;
      if (is.userDataTooLarge) return outcome({ reason: "UserDataSizeLimitExceeded", message: "ec2:CreateLaunchTemplate rejected the rendered user data as too large" });
      const [reason, message] = reasons[call];
      if (is.unauthorizedOperation) return outcome({ reason, message });
      throw error;
    }
  }
  return outcome();
}

/** The type to run dry: one with a standard image before one with an accelerator, then the cheapest in name. */
export function dryRunType(nodeClass: EC2NodeClass, instanceTypes: readonly InstanceType[]): InstanceType | undefined {
  const runnable = instanceTypes.filter((type) => imageFor(type, nodeClass.status?.amis ?? []) !== undefined);
  const isStandard = ({ requirements }: InstanceType): boolean => requirements.find(({ key }) => key === GPU_COUNT_LABEL)?.operator !== "In";
  return runnable.toSorted((a, b) => Number(isStandard(b)) - Number(isStandard(a)) || (a.name < b.name ? -1 : 1))[0];
}

/** One subnet's success is enough: another may lack addresses or the type. */
async function runInstances(LaunchTemplateName: string, InstanceType: string, { status }: EC2NodeClass, port: Ec2Port, options: CallOptions): Promise<void> {
  let last: unknown;
  for (const { id } of status?.subnets ?? []) {
    try {
      await port.call("RunInstances", { DryRun: true, MinCount: 1, MaxCount: 1, InstanceType, SubnetId: id, LaunchTemplate: { LaunchTemplateName, Version: "$Latest" } }, options);
      return;
    } catch (error) {
      if (classifyError(error).dryRun) return;
      last = error;
    }
  }
  throw last;
}

function dryRunClaim({ metadata: { name } }: EC2NodeClass): NodeClaim {
  return { apiVersion: "karpenter.sh/v1", kind: "NodeClaim", metadata: { name: "dry-run", labels: { "karpenter.sh/nodepool": "dry-run" } }, spec: { nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name }, requirements: [{ key: "karpenter.sh/capacity-type", operator: "In", values: ["on-demand"] }] } };
}
