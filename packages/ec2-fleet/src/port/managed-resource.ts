/** ARC's view of a cluster, the fields read here. */
export interface GetManagedResourceInput {
  /** The cluster's ARN. */
  readonly resourceIdentifier: string;
}

export interface GetManagedResourceOutput {
  readonly zonalShifts?: readonly {
    /** `APPLIED` or `NOT_APPLIED`. */
    readonly appliedStatus?: string;
    /** Zone id, such as `usw2-az1`. */
    readonly awayFrom?: string;
    /** RFC 3339. */
    readonly expiryTime?: string;
  }[];
}
