/**
 * Why something was refused, as data: the base that every package's reason union extends.
 *
 * `code` is kebab-case and stable; the other fields of a reason carry the objects and numbers it is about.
 * English comes last, from the `explain` of the package that owns the code.
 */
export interface Reason {
  readonly code: string;
  /** Could the passing of time or other pods' leaving lift this, with nobody changing anything? */
  readonly canResolve: boolean;
  /** What led to it, nearest cause first. */
  readonly causes?: readonly Reason[];
}
