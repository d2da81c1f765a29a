import { InputError, type InputLocation } from "@groupless/api";

/**
 * A manifest that cannot be used: where it stands (file, line, column, path), what is wrong and what was expected.
 *
 * The message reads `file:line:column: path: problem; expected …`. Nothing of the input was applied.
 */
export class ManifestError extends InputError {
  override readonly name: string = "ManifestError";
  /** Everything else that is wrong with the same object, as messages; the first problem is this error's own. */
  readonly more: readonly string[];

  constructor(code: string, problem: string, details: InputLocation & { readonly expected?: string; readonly more?: readonly string[] } = {}, options?: ErrorOptions) {
    const { more = [], ...rest } = details;
    super(code, problem, rest, options);
    this.more = more;
  }
}
