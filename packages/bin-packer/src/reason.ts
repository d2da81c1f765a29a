import type { Reason } from "@groupless/api";

/** Why a pod has no place. The union grows with the packer; every member extends {@link Reason}. */
export interface SchedulingReason extends Reason {
  /** The NodePool that was tried; absent where no pool was. */
  readonly nodePool?: string;
  /** In Karpenter's words, where it has some. */
  readonly message?: string;
}
