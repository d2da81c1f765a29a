// Kinds of columns of the fluid relaxation.
export const NODES = 0;
export const SLACK = 1;
export const PODS = 2;

/** A column of the fluid relaxation: nodes of a bin, room a bin leaves of a resource, or pods of a class on a bin. */
export interface FluidColumn {
  readonly kind: number;
  /** The place of its bin; of room left, its row. */
  readonly at: number;
  /** -1 unless it is pods. */
  readonly podClass: number;
}
