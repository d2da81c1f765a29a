/**
 * An AWS API's refusal.
 *
 * `code` is the service's error code (`InvalidInstanceID.NotFound`); the message never carries the request, so no user data and no credential can be in it.
 */
export class ApiError extends Error {
  override readonly name: string = "ApiError";
  readonly code: string;
  readonly fault: "client" | "server";

  constructor(code: string, message: string, options: { readonly fault?: "client" | "server"; readonly cause?: unknown } = {}) {
    super(message === "" ? code : `${code}: ${message}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.fault = options.fault ?? "client";
  }
}

/** The call's fate is unknown: it may have taken effect although no answer came (a timeout, a broken connection). */
export class LostResponseError extends Error {
  override readonly name: string = "LostResponseError";
}
