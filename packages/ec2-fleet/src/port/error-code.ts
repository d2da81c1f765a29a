import { ApiError } from "./api-error.ts";

const notFound = new Set([
  "InvalidCapacityReservationId.NotFound", "InvalidInstanceID.NotFound", "InvalidLaunchTemplateName.NotFoundException", "InvalidLaunchTemplateId.NotFound", "QueueDoesNotExist", "NoSuchEntity", "ParameterNotFound",
]);

/** What kind of refusal an AWS error is. Karpenter pkg/errors. */
export interface ErrorClass {
  readonly notFound: boolean;
  readonly alreadyExists: boolean;
  readonly dryRun: boolean;
  readonly unauthorizedOperation: boolean;
  readonly rateLimited: boolean;
  readonly server: boolean;
  readonly launchTemplateNotFound: boolean;
  readonly instanceProfileNotFound: boolean;
  readonly userDataTooLarge: boolean;
}

/** Classifies an error by its code; an error that is no API refusal is none of these. The error may be wrapped: causes are looked through. */
export function classifyError(error: unknown): ErrorClass {
  const api = apiErrorOf(error);
  const code = api?.code ?? "";
  const message = api?.message ?? "";
  return {
    notFound: notFound.has(code),
    alreadyExists: code === "EntityAlreadyExists",
    dryRun: code === "DryRunOperation",
    unauthorizedOperation: code === "UnauthorizedOperation",
    rateLimited: code === "RequestLimitExceeded",
    server: api?.fault === "server",
    launchTemplateNotFound: code === "InvalidLaunchTemplateName.NotFoundException",
    instanceProfileNotFound: code === "InvalidParameterValue" && message.includes("Invalid IAM Instance Profile name"),
    userDataTooLarge: code === "InvalidUserData.Malformed" && message.includes("User data is limited to"),
  };
}

/** The API's refusal in an error or its causes. */
export function apiErrorOf(error: unknown): ApiError | undefined {
  for (let current = error; current instanceof Error; current = current.cause) if (current instanceof ApiError) return current;
  return undefined;
}
