import type { AMIFamily, EC2NodeClass } from "@groupless/api";
import type { RegionSnapshot } from "@groupless/ec2-catalog";
import { type Ec2Account, publishedImages } from "@groupless/ec2-fleet/fake";

const FAMILIES: readonly AMIFamily[] = ["AL2", "AL2023", "Bottlerocket"];

/** What the simulated AWS account holds; it grows with what the node classes ask for. */
export interface Account {
  /** Make sure that a node class finds the subnets, security groups and images it selects. */
  provideFor(nodeClass: EC2NodeClass): void;
  /** AWS publishes the images of a Kubernetes version. */
  publish(kubernetesVersion: string, atMs: number): void;
  /** Kubernetes version of an image; `""` for one that is not AWS's. */
  versionOf(imageID: string): string;
}

type Tags = Readonly<Record<string, string>>;

/** An account with a subnet in every zone of the region and one security group, tagged as node classes want them. */
export function account(fake: Ec2Account, region: RegionSnapshot): Account {
  const tags = new Map<string, string>();
  const versions = new Map<string, string>();
  let images: Parameters<Ec2Account["set"]>[0]["images"] & {} = [];
  let parameters: Tags = {};

  const settle = (): void => {
    const Tags = [...tags].sort(([a], [b]) => (a < b ? -1 : 1)).map(([Key, Value]) => ({ Key, Value }));
    const zones = region.zones.filter(({ kind }) => kind === "availability-zone");
    const subnets = zones.map(({ name, id }, index) => ({ SubnetId: `subnet-${String(index + 1).padStart(17, "0")}`, AvailabilityZone: name, ...(id === undefined ? {} : { AvailabilityZoneId: id }), AvailableIpAddressCount: 8000, Tags }));
    fake.set({ subnets, securityGroups: [{ GroupId: "sg-00000000000000001", GroupName: "nodes", Tags }], images, parameters });
  };
  const learn = (terms: readonly { readonly tags?: Tags }[]): void => {
    // A term's "*" asks for the key with any value.
    for (const term of terms) for (const [key, value] of Object.entries(term.tags ?? {})) tags.set(key, value === "*" ? "" : value);
  };

  return {
    provideFor: ({ spec }) => {
      learn(spec.subnetSelectorTerms);
      learn(spec.securityGroupSelectorTerms);
      settle();
    },
    publish: (kubernetesVersion, atMs) => {
      if ([...versions.values()].includes(kubernetesVersion)) return;
      for (const family of FAMILIES) {
        // Not every family is published for every version.
        try {
          const published = publishedImages(family, kubernetesVersion, { release: new Date(atMs).toISOString().slice(0, 10).replaceAll("-", ""), createdMs: atMs });
          images = [...images, ...published.images];
          parameters = { ...parameters, ...published.parameters };
          for (const { ImageId } of published.images) versions.set(ImageId, kubernetesVersion);
        } catch (error) {
          if (!(error instanceof Error) || error.name !== "UnsupportedAliasError") throw error;
        }
      }
      settle();
    },
    versionOf: (imageID) => versions.get(imageID) ?? "",
  };
}
