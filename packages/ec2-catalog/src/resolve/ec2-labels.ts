import { ZONE_LABEL } from "@groupless/api";
import { AWS_LABELS, type LabelTables, withLabels } from "@groupless/requirements";

/**
 * The label tables of a cluster on EC2: the well-known labels of `karpenter.k8s.aws`, which is a restricted domain, and
 * the EBS driver's name of the zone label.
 */
export const ec2Labels: LabelTables = /* @__PURE__ */ withLabels(AWS_LABELS, { aliases: { "topology.ebs.csi.aws.com/zone": ZONE_LABEL } });

/** Resources that EC2's instance types state themselves, so that NodeOverlays may not set them. */
export const ec2WellKnownResources: readonly string[] = Object.freeze(["cpu", "memory", "ephemeral-storage", "pods", "vpc.amazonaws.com/pod-eni", "aws.amazon.com/neuron", "aws.amazon.com/neuroncore", "habana.ai/gaudi", "vpc.amazonaws.com/efa"]);
