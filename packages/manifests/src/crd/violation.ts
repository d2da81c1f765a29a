import type { Path } from "../read/json.ts";

/** The API machinery's kinds of errors about a field. */
export type ViolationReason = "FieldValueRequired" | "FieldValueInvalid" | "FieldValueNotSupported" | "FieldValueTypeInvalid" | "FieldValueTooMany" | "FieldValueTooLong" | "FieldValueDuplicate";

/** One thing that the API server would refuse an object for. */
export interface Violation {
  /** As the API server writes it: `spec.template.spec.requirements[0].key`. */
  readonly path: string;
  /** The same, in steps. */
  readonly at: Path;
  readonly reason: ViolationReason;
  /** The message of the cross-field rule that failed, if one did. */
  readonly rule?: string;
  /** What is wrong, in words. */
  readonly problem: string;
  readonly expected?: string;
}

/** The API server's spelling of a path: field names as they are, indices in brackets. */
function apiPath(at: Path): string {
  return at.reduce<string>((path, part) => (typeof part === "number" ? `${path}[${part}]` : path === "" ? part : `${path}.${part}`), "");
}

export function violation(at: Path, reason: ViolationReason, problem: string, expected?: string): Violation {
  return { path: apiPath(at), at: [...at], reason, problem, ...(expected === undefined ? {} : { expected }) };
}
