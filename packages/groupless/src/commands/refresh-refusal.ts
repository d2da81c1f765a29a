import { InputError } from "@groupless/api";

const unreachable: ReadonlySet<string> = new Set(["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "TimeoutError", "NetworkingError"]);

/** Why AWS could not be asked, in a line, and what would help; the error itself if it is bad input or nothing of AWS. */
export function refreshRefusal(error: unknown, region: string): unknown {
  if (error instanceof InputError || !(error instanceof Error)) return error;
  const { name, message, $fault, code } = error as Error & { readonly $fault?: string; readonly code?: unknown };
  const [first = ""] = message.split("\n");
  if (name === "CredentialsProviderError") return refusal("no-credentials", `no AWS credentials: ${first}`, "credentials where the AWS SDK looks for them: the environment, ~/.aws, or the role of the machine", error);
  if (unreachable.has(String(code)) || unreachable.has(name)) return refusal("no-answer", `AWS does not answer in ${region}: ${first === "" ? String(code) : first}`, "a way to the region's endpoints", error);
  if ($fault !== undefined) return refusal("aws-refused", `AWS refuses: ${name}: ${first}`, "leave to call ec2:Describe* and pricing:GetProducts", error);
  return error;
}

function refusal(code: string, problem: string, expected: string, cause: Error): InputError {
  return new InputError(code, problem, { expected }, { cause });
}
