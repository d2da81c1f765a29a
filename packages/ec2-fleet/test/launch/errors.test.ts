import { expect, test } from "vitest";
import { ApiError, classifyError, classifyFleetError, launchReason } from "@groupless/ec2-fleet";

test("A-122 A-125 errors of a fleet are classed by what they say about capacity; a full fleet quota is out of capacity", () => {
  expect(["MaxFleetCountExceeded", "VcpuLimitExceeded", "RequestLimitExceeded"].map((ErrorCode) => classifyFleetError({ ErrorCode }).unfulfillableCapacity)).toEqual([true, true, false]);
  expect(classifyFleetError({ ErrorCode: "InsufficientInstanceCapacity", ErrorMessage: "You've reached the limit of instances in this spread placement group." }).spreadPlacementGroupLimit).toBe(true);
});

test("A-124 A-125 the condition's reason is the first that fits, and stock-outs come last", () => {
  expect(launchReason("api error UnauthorizedOperation: with an explicit deny in a service control policy").reason).toBe("Unauthorized");
  expect(launchReason("api error AuthFailure: Not authorized for images: [ami-1]").reason).toBe("AMIAuthorizationFailure");
  expect(launchReason("VcpuLimitExceeded; InternalError").reason).toBe("InternalError");
  expect(launchReason("nothing known").reason).toBe("LaunchFailed");
});

test("A-125 an API's refusal is known by its code, also deep in causes, and never by text", () => {
  const wrapped = new Error("describing", { cause: new Error("again", { cause: new ApiError("NoSuchEntity", "x") }) });
  expect(classifyError(wrapped).notFound).toBe(true);
  expect(classifyError(new Error("NoSuchEntity")).notFound).toBe(false);
  expect(classifyError(new ApiError("InternalError", "", { fault: "server" })).server).toBe(true);
});
