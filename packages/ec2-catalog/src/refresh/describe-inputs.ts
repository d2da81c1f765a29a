/**
 * What to ask EC2 for: types that boot hvm images on x86_64 or arm64, a hundred a page. Everything else, old, burstable
 * or bare metal, is a candidate.
 *
 * Source: Karpenter, pkg/providers/instancetype.
 */
export const describeInstanceTypesInput: { readonly Filters: readonly { readonly Name: string; readonly Values: readonly string[] }[]; readonly MaxResults: number } = {
  Filters: [
    { Name: "supported-virtualization-type", Values: ["hvm"] },
    { Name: "processor-info.supported-architecture", Values: ["x86_64", "arm64"] },
  ],
  MaxResults: 100,
};

/** Which zones offer which types. */
export const describeInstanceTypeOfferingsInput: { readonly LocationType: "availability-zone"; readonly MaxResults: number } = { LocationType: "availability-zone", MaxResults: 1000 };
