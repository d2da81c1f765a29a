import type { Filter, Tag } from "./tag.ts";

/** A machine image as `DescribeImages` shows it, the fields read here. */
export interface Ec2Image {
  readonly ImageId: string;
  readonly Name?: string;
  readonly OwnerId?: string;
  readonly ImageOwnerAlias?: string;
  readonly State?: string;
  readonly Architecture?: string;
  /** RFC 3339. */
  readonly CreationDate?: string;
  /** RFC 3339. */
  readonly DeprecationTime?: string;
  readonly Tags?: readonly Tag[];
}

export interface DescribeImagesInput {
  readonly Owners?: readonly string[];
  readonly Filters?: readonly Filter[];
  readonly IncludeDeprecated?: boolean;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

export interface DescribeImagesOutput {
  readonly Images?: readonly Ec2Image[];
  readonly NextToken?: string;
}

/** SSM `GetParameter`. */
export interface GetParameterInput {
  readonly Name: string;
}

export interface GetParameterOutput {
  readonly Parameter?: { readonly Name?: string; readonly Value?: string };
}
