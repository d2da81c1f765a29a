import type { AMIFamily } from "@groupless/api";
import { contentHash } from "../launch/content-hash.ts";
import { imageParameters } from "../node-class/image-alias.ts";
import type { Ec2Image } from "../port/image.ts";

/** What AWS publishes for one family and Kubernetes version: images, and the parameters that hold their ids. */
export interface PublishedImages {
  readonly images: readonly Ec2Image[];
  /** Parameter name to image id. */
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * Images as AWS would publish them. Ids depend on family, version and release alone, so another Kubernetes version has other images.
 *
 * @throws UnsupportedAliasError for a family that does not exist at that version
 */
export function publishedImages(family: AMIFamily, kubernetesVersion: string, { version = "latest", release = "20260701", createdMs = Date.UTC(2026, 6, 1) }: { readonly version?: string; readonly release?: string; readonly createdMs?: number } = {}): PublishedImages {
  const parameters: Record<string, string> = {};
  const images = imageParameters({ family, version }, kubernetesVersion).map(({ name }): Ec2Image => {
    const id = `ami-${BigInt(contentHash([name, release])).toString(16).padStart(17, "0").slice(0, 17)}`;
    parameters[name] = id;
    const arch = /arm64/.test(name) ? "arm64" : "x86_64";
    return { ImageId: id, Name: imageName(family, kubernetesVersion, arch, release, name), Architecture: arch, State: "available", OwnerId: "602401143452", ImageOwnerAlias: "amazon", CreationDate: new Date(createdMs).toISOString() };
  });
  return { images, parameters };
}

function imageName(family: AMIFamily, kubernetesVersion: string, arch: string, release: string, parameter: string): string {
  const variant = /nvidia|gpu/.test(parameter) ? "nvidia" : /neuron/.test(parameter) ? "neuron" : "standard";
  if (family === "Bottlerocket") return `bottlerocket-aws-k8s-${kubernetesVersion}${variant === "nvidia" ? "-nvidia" : ""}-${arch}-v1.50.0-${release}`;
  return `amazon-eks-node-${family.toLowerCase()}-${arch}-${variant}-${kubernetesVersion}-v${release}`;
}
