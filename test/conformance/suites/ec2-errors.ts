import { ApiError, classifyError, classifyFleetError, launchReason } from "@groupless/ec2-fleet";
import type { Suite } from "../suite.ts";

/** Suite `ec2/errors`. */
export const ec2Errors: Suite = {
  functions: {
    classifyError: (args) => classifyError(errorOf(args)),
    classifyFleetError: ({ code, message }) => classifyFleetError({ ErrorCode: code, ...(message === undefined ? {} : { ErrorMessage: message }) }),
    toReasonMessage: (args) => launchReason(textOf(errorOf(args))),
  },
};

function errorOf({ error, wrap, plain }: any): Error {
  const inner = plain === true ? new Error(`${error.code}: ${error.message}`) : new ApiError(error.code, error.message ?? "", { fault: error.fault ?? "client" });
  return wrap === undefined ? inner : new Error(wrap, { cause: inner });
}

function textOf(error: Error): string {
  return error.cause instanceof Error ? `${error.message} ${textOf(error.cause)}` : error.message;
}
