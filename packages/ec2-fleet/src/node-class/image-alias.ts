import { ARCH_LABEL, InputError, OS_LABEL, WINDOWS_BUILD_LABEL, type NodeSelectorRequirement } from "@groupless/api";
import type { Alias } from "./ami-family.ts";
import { ACCELERATOR_COUNT_LABEL, GPU_COUNT_LABEL } from "./label.ts";

type Requirements = readonly NodeSelectorRequirement[];

const absent = (key: string): NodeSelectorRequirement => ({ key, operator: "DoesNotExist" });
const exists = (key: string): NodeSelectorRequirement => ({ key, operator: "Exists" });

const standard: Requirements = [absent(ACCELERATOR_COUNT_LABEL), absent(GPU_COUNT_LABEL)];
const nvidia: Requirements = [exists(GPU_COUNT_LABEL)];
const neuron: Requirements = [exists(ACCELERATOR_COUNT_LABEL)];

/** A public SSM parameter that holds an image, and the kinds of types the image is for. */
export interface ImageParameter {
  readonly name: string;
  readonly variants: readonly Requirements[];
}

/** An alias that no image answers: the family ends before, or starts after, the cluster's Kubernetes version. */
export class UnsupportedAliasError extends InputError {
  override readonly name: string = "UnsupportedAliasError";
}

/**
 * The parameters in which AWS publishes the images of an alias for a Kubernetes version (`1.32`).
 *
 * EKS and Bottlerocket user guides, "Retrieve recommended AMI IDs"; Karpenter pkg/providers/amifamily.
 *
 * @throws UnsupportedAliasError `unsupported-alias`
 */
export function imageParameters({ family, version }: Alias, kubernetesVersion: string): readonly ImageParameter[] {
  const minor = Number(kubernetesVersion.split(".")[1]);
  switch (family) {
    case "AL2": {
      if (minor >= 33) throw unsupported("AL2 aliases are no longer supported on EKS 1.33+");
      const image = (name: string, node: string, ...variants: readonly Requirements[]): ImageParameter => ({
        name: `/aws/service/eks/optimized-ami/${kubernetesVersion}/${name}/${version === "latest" ? "recommended" : `amazon-eks-${node}-${kubernetesVersion}-${version}`}/image_id`,
        variants,
      });
      return [image("amazon-linux-2", "node", standard), image("amazon-linux-2-arm64", "arm64-node", standard), image("amazon-linux-2-gpu", "gpu-node", neuron, nvidia)];
    }
    case "AL2023": {
      const image = (arch: string, variant: string, requirements: Requirements): ImageParameter => ({
        name: `/aws/service/eks/optimized-ami/${kubernetesVersion}/amazon-linux-2023/${arch}/${variant}/${version === "latest" ? "recommended" : `amazon-eks-node-al2023-${arch}-${variant}-${kubernetesVersion}-${version}`}/image_id`,
        variants: [requirements],
      });
      return [image("x86_64", "standard", standard), image("arm64", "standard", standard), image("x86_64", "nvidia", nvidia), image("arm64", "nvidia", nvidia), image("x86_64", "neuron", neuron)];
    }
    case "Bottlerocket": {
      const image = (flavour: string, arch: string, ...variants: readonly Requirements[]): ImageParameter => ({ name: `/aws/service/bottlerocket/aws-k8s-${kubernetesVersion}${flavour}/${arch}/${version.replace(/^v+/, "")}/image_id`, variants });
      return [image("", "x86_64", standard, neuron), image("", "arm64", standard), image("-nvidia", "x86_64", nvidia), image("-nvidia", "arm64", nvidia)];
    }
    case "Windows2019":
    case "Windows2022":
    case "Windows2025": {
      if (family === "Windows2025" && minor < 35) throw unsupported(`Windows Server 2025 requires EKS version 1.35 or higher, current version: ${kubernetesVersion}`);
      const year = family.slice("Windows".length);
      const build = { 2019: "10.0.17763", 2022: "10.0.20348", 2025: "10.0.26100" }[year as "2019"];
      const windows: Requirements = [
        { key: OS_LABEL, operator: "In", values: ["windows"] },
        { key: WINDOWS_BUILD_LABEL, operator: "In", values: [build] },
      ];
      return [{ name: `/aws/service/ami-windows-latest/Windows_Server-${year}-English-Core-EKS_Optimized-${kubernetesVersion}/image_id`, variants: [windows] }];
    }
    default:
      return [];
  }
}

/** The requirement an image's architecture makes; undefined for one that no node has. */
export function architectureRequirement(architecture: string | undefined): NodeSelectorRequirement | undefined {
  const arch = architecture === "x86_64" ? "amd64" : architecture === "arm64" ? "arm64" : undefined;
  return arch === undefined ? undefined : { key: ARCH_LABEL, operator: "In", values: [arch] };
}

function unsupported(problem: string): UnsupportedAliasError {
  return new UnsupportedAliasError("unsupported-alias", problem, { path: "spec.amiSelectorTerms" });
}
