import type { BlockDevice, BlockDeviceMapping } from "@groupless/api";
import type { Ec2BlockDevice, Ec2BlockDeviceMapping } from "../port/launch-template.ts";
import { amount } from "./amount.ts";

/** Disks as EC2 takes them: sizes in whole GiB, rounded up. */
export function blockDevices(mappings: readonly BlockDeviceMapping[]): readonly Ec2BlockDeviceMapping[] {
  return mappings.map(({ deviceName, ebs }) => ({ ...(deviceName === undefined ? {} : { DeviceName: deviceName }), Ebs: ebs === undefined ? {} : volume(ebs) }));
}

function volume(ebs: BlockDevice): Ec2BlockDevice {
  return {
    ...(ebs.deleteOnTermination === undefined ? {} : { DeleteOnTermination: ebs.deleteOnTermination }),
    ...(ebs.encrypted === undefined ? {} : { Encrypted: ebs.encrypted }),
    // Zero counts as unset here, as it does at EC2.
    ...(ebs.iops ? { Iops: ebs.iops } : {}),
    ...(ebs.throughput ? { Throughput: ebs.throughput } : {}),
    ...(ebs.kmsKeyID === undefined ? {} : { KmsKeyId: ebs.kmsKeyID }),
    ...(ebs.snapshotID === undefined ? {} : { SnapshotId: ebs.snapshotID }),
    ...(ebs.volumeInitializationRate === undefined ? {} : { VolumeInitializationRate: ebs.volumeInitializationRate }),
    ...(ebs.volumeSize === undefined ? {} : { VolumeSize: Math.ceil(amount(ebs.volumeSize) / 2 ** 30) }),
    ...(ebs.volumeType === undefined ? {} : { VolumeType: ebs.volumeType }),
  };
}
