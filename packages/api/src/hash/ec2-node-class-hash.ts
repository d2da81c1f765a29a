import type { AMIFamily, EC2NodeClass } from "../ec2-node-class.ts";
import { field, type Struct } from "./shape.ts";
import { tupleHash } from "./struct-hash.ts";

/** The version of the EC2NodeClass hash. */
export const EC2_NODE_CLASS_HASH_VERSION = "v5";

const FAMILIES: readonly AMIFamily[] = ["AL2", "AL2023", "Bottlerocket", "Windows2019", "Windows2022", "Windows2025"];

/** The family of a class's images: what it says, else what its alias says, else `Custom`. */
export function amiFamilyOf(nodeClass: EC2NodeClass): AMIFamily {
  const { amiFamily, amiSelectorTerms } = nodeClass.spec;
  if (amiFamily !== undefined) return amiFamily;
  const alias = (amiSelectorTerms as EC2NodeClass["spec"]["amiSelectorTerms"] | undefined)?.find((term) => (term.alias ?? "") !== "")?.alias;
  return FAMILIES.find((family) => family.toLowerCase() === alias?.split("@")[0]) ?? "Custom";
}

const BLOCK_DEVICE: Struct = {
  name: "BlockDevice",
  fields: [
    field("DeleteOnTermination", "deleteOnTermination", "bool"),
    field("Encrypted", "encrypted", "bool"),
    field("IOPS", "iops", "int64"),
    field("KMSKeyID", "kmsKeyID", "string"),
    field("SnapshotID", "snapshotID", "string"),
    field("Throughput", "throughput", "int64"),
    field("VolumeInitializationRate", "volumeInitializationRate", "int32"),
    field("VolumeSize", "volumeSize", "quantity-text"),
    field("VolumeType", "volumeType", "string"),
  ],
};

const KUBELET: Struct = {
  name: "KubeletConfiguration",
  fields: [
    field("ClusterDNS", "clusterDNS", { list: "string" }),
    field("MaxPods", "maxPods", "int32"),
    field("PodsPerCore", "podsPerCore", "int32"),
    field("SystemReserved", "systemReserved", { map: "string" }),
    field("KubeReserved", "kubeReserved", { map: "string" }),
    field("EvictionHard", "evictionHard", { map: "string" }),
    field("EvictionSoft", "evictionSoft", { map: "string" }),
    field("EvictionSoftGracePeriod", "evictionSoftGracePeriod", { map: "duration" }),
    field("EvictionMaxPodGracePeriod", "evictionMaxPodGracePeriod", "int32"),
    field("ImageGCHighThresholdPercent", "imageGCHighThresholdPercent", "int32"),
    field("ImageGCLowThresholdPercent", "imageGCLowThresholdPercent", "int32"),
    field("CPUCFSQuota", "cpuCFSQuota", "bool"),
  ],
};

// The AWS provider's pkg/apis/v1: selector terms are not hashed (what they resolve to is compared), nor the IP prefix count.
const SPEC: Struct = {
  name: "EC2NodeClassSpec",
  fields: [
    field("PlacementGroupSelector", "placementGroupSelector", { name: "PlacementGroupSelector", fields: [field("Name", "name", "string"), field("ID", "id", "string")] }),
    field("AssociatePublicIPAddress", "associatePublicIPAddress", "bool"),
    field("UserData", "userData", "string"),
    field("Role", "role", "string", false),
    field("InstanceProfile", "instanceProfile", "string"),
    field("Tags", "tags", { map: "string" }),
    field("Kubelet", "kubelet", KUBELET),
    field("BlockDeviceMappings", "blockDeviceMappings", {
      list: { name: "BlockDeviceMapping", fields: [field("DeviceName", "deviceName", "string"), field("EBS", "ebs", BLOCK_DEVICE), field("RootVolume", "rootVolume", "bool", false)] },
    }),
    field("InstanceStorePolicy", "instanceStorePolicy", "string"),
    field("NetworkInterfaces", "networkInterfaces", {
      list: {
        name: "NetworkInterface",
        fields: [field("NetworkCardIndex", "networkCardIndex", "int32", false), field("DeviceIndex", "deviceIndex", "int32", false), field("InterfaceType", "interfaceType", "string", false)],
      },
    }),
    field("DetailedMonitoring", "detailedMonitoring", "bool"),
    field("MetadataOptions", "metadataOptions", {
      name: "MetadataOptions",
      fields: [
        field("HTTPEndpoint", "httpEndpoint", "string"),
        field("HTTPProtocolIPv6", "httpProtocolIPv6", "string"),
        field("HTTPPutResponseHopLimit", "httpPutResponseHopLimit", "int64"),
        field("HTTPTokens", "httpTokens", "string"),
      ],
    }),
    field("ConnectionTracking", "connectionTracking", {
      name: "ConnectionTracking",
      fields: [field("TCPEstablishedTimeout", "tcpEstablishedTimeout", "int32"), field("UDPStreamTimeout", "udpStreamTimeout", "int32"), field("UDPTimeout", "udpTimeout", "int32")],
    }),
    field("Context", "context", "string"),
    field("CPUOptions", "cpuOptions", { name: "CPUOptions", fields: [field("NestedVirtualization", "nestedVirtualization", "string")] }),
  ],
};

/**
 * The hash of an EC2NodeClass that the AWS provider writes to `karpenter.k8s.aws/ec2nodeclass-hash`, digit for digit.
 *
 * The resolved image family and the cluster's CA bundle are part of it. Lists count as sets, quantities by value; an optional field set to false or 0 differs from an absent one.
 */
export function ec2NodeClassHash(nodeClass: EC2NodeClass, options: { readonly caBundle?: string } = {}): string {
  return String(
    tupleHash([
      [nodeClass.spec, SPEC],
      [amiFamilyOf(nodeClass), "string"],
      [options.caBundle ?? "", "string"],
    ]),
  );
}
