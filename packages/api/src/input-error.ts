/** Where in an input something stands: a file, a line, and a path such as `spec.limits.cpu`. */
export interface InputLocation {
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  /** 1-based. */
  readonly column?: number;
  readonly path?: string;
}

/**
 * Bad input: thrown before anything is done with it.
 *
 * The message reads `file:line:column: path: what is wrong; expected …` (`line 3: …` where no file is known); the parts are fields too.
 */
export class InputError extends Error {
  override readonly name: string = "InputError";
  /** Kebab-case and stable. */
  readonly code: string;
  readonly location: InputLocation;
  /** What would have been accepted. */
  readonly expected: string | undefined;

  constructor(code: string, problem: string, details: InputLocation & { readonly expected?: string } = {}, options?: ErrorOptions) {
    const { expected, ...location } = details;
    const line = location.line === undefined ? undefined : `line ${location.line}`;
    const place = location.file === undefined ? line : [location.file, location.line, location.column].filter((part) => part !== undefined).join(":");
    const prefix = [place, location.path].filter((part) => part !== undefined && part !== "");
    super([...prefix, expected === undefined ? problem : `${problem}; expected ${expected}`].join(": "), options);
    this.code = code;
    this.location = location;
    this.expected = expected;
  }
}
