import type { Tag } from "./tag.ts";

/** An IAM instance profile, the fields used. */
export interface IamInstanceProfile {
  readonly InstanceProfileName: string;
  readonly Path?: string;
  readonly Roles?: readonly { readonly RoleName?: string }[];
  readonly Tags?: readonly Tag[];
}

export interface CreateInstanceProfileInput {
  readonly InstanceProfileName: string;
  readonly Path: string;
  readonly Tags: readonly Tag[];
}

export interface ProfileRoleInput {
  readonly InstanceProfileName: string;
  readonly RoleName: string;
}

export interface ListInstanceProfilesInput {
  readonly PathPrefix: string;
  readonly Marker?: string;
}

export interface ListInstanceProfilesOutput {
  readonly InstanceProfiles?: readonly IamInstanceProfile[];
  readonly IsTruncated?: boolean;
  readonly Marker?: string;
}
