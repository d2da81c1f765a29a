/** What keeps a launch from happening twice or getting lost. All on; tests take them out one by one to see that each is needed. */
export interface Safeguards {
  /** A token with every CreateFleet, so that EC2 takes a repetition for what it is. */
  readonly clientToken: boolean;
  /** Instances are born with the tags that say whose they are. */
  readonly tagOnCreate: boolean;
  /** Before a launch that may have happened already, EC2 is asked whether it did. */
  readonly describeBeforeRetry: boolean;
}

export const ALL_SAFEGUARDS: Safeguards = { clientToken: true, tagOnCreate: true, describeBeforeRetry: true };
/** A launch as Karpenter sends it, byte for byte: without token and without tags of its own. */
export const KARPENTER_SAFEGUARDS: Safeguards = { clientToken: false, tagOnCreate: false, describeBeforeRetry: false };
