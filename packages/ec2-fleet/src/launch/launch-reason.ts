/** A condition's reason and message for a failed launch. */
export interface LaunchReason {
  readonly reason: string;
  readonly message: string;
}

const say = (reason: string, message: string): LaunchReason => ({ reason, message });

// The first row of which a text occurs decides; errors of empty pools come last, since these are only the reason where nothing else is.
const rows: readonly (readonly [(text: string) => boolean, LaunchReason])[] = [
  [has("AuthFailure.ServiceLinkedRoleCreationNotPermitted"), say("SpotSLRCreationFailed", "User does not have sufficient permission to create the Spot ServiceLinkedRole to launch spot instances")],
  [and(unauthorized, has("with an explicit deny in a permissions boundary")), say("Unauthorized", "User is not authorized to perform this operation due to a permission boundary")],
  [and(unauthorized, has("with an explicit deny in a service control policy")), say("Unauthorized", "User is not authorized to perform this operation due to a service control policy")],
  [and(unauthorized, has("Not authorized for images")), say("AMIAuthorizationFailure", "User is not authorized for AMI used in instance launch")],
  [unauthorized, say("Unauthorized", "User is not authorized to perform this operation because no identity-based policy allows it")],
  [and(has("InvalidParameter"), has("belong to different networks")), say("SecurityGroupSubnetVPCMismatch", "Security groups and subnets must be in the same VPC.")],
  [has("iamInstanceProfile.name is invalid"), say("InstanceProfileNameInvalid", "Instance profile name used from EC2NodeClass status does not exist")],
  [has("InvalidLaunchTemplateId.NotFound"), say("LaunchTemplateNotFound", "Launch template used for instance launch wasn't found")],
  [has("User data is limited to"), say("UserDataSizeLimitExceeded", "Rendered user data exceeds the EC2 user data size limit")],
  [has("InvalidAMIID.Malformed"), say("InvalidAMIID", "AMI used for instance launch is invalid")],
  [has("InvalidAMIID.NotFound"), say("AMINotFound", "AMI used for instance launch either does not exist or you don't have permissions to use it")],
  [has("RequestLimitExceeded"), say("RequestLimitExceeded", "Request limit exceeded")],
  [has("InternalError"), say("InternalError", "An internal error has occurred")],
  [has("not eligible for Free Tier"), say("FreeTierIneligible", "The specified instance type is not eligible for Free Tier")],
  [has("MaxFleetCountExceeded"), say("FleetQuotaExceeded", "A fleet launch was requested but this would exceed your fleet request quota")],
  [has("PendingVerification"), say("AccountPendingVerification", "An instance launch was requested but the request for launching resources in this region is still being verified")],
  [has("MaxSpotInstanceCountExceeded"), say("SpotQuotaExceeded", "A spot instance launch was requested but this would exceed your spot instance quota")],
  [has("VcpuLimitExceeded"), say("VCPULimitExceeded", "An instance was requested that would exceed your VCPU quota")],
  [has("InsufficientFreeAddressesInSubnet"), say("InsufficientFreeAddressesInSubnet", "There are not enough free IP addresses to launch an instance in this subnet")],
];

/** The reason and message of the Launched condition for an error's text. Karpenter pkg/errors ToReasonMessage. */
export function launchReason(errorText: string): LaunchReason {
  return rows.find(([matches]) => matches(errorText))?.[1] ?? say("LaunchFailed", "Instance launch failed");
}

function has(part: string): (text: string) => boolean {
  return (text) => text.includes(part);
}

function and(...all: readonly ((text: string) => boolean)[]): (text: string) => boolean {
  return (text) => all.every((one) => one(text));
}

function unauthorized(text: string): boolean {
  return text.includes("UnauthorizedOperation") || text.includes("AccessDenied") || text.includes("AuthFailure");
}
