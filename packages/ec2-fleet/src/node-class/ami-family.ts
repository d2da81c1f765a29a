import type { AMIFamily, BlockDeviceMapping, EC2NodeClass } from "@groupless/api";

/** An alias such as `al2023@latest`, taken apart. */
export interface Alias {
  readonly family: AMIFamily;
  readonly version: string;
}

const byAliasName: Readonly<Record<string, AMIFamily>> = {
  al2: "AL2", al2023: "AL2023", bottlerocket: "Bottlerocket", windows2019: "Windows2019", windows2022: "Windows2022", windows2025: "Windows2025",
};

/** The alias of a node class, which is then its only image selector. */
export function aliasOf(nodeClass: EC2NodeClass): Alias | undefined {
  const text = nodeClass.spec.amiSelectorTerms.find(({ alias }) => alias !== undefined && alias !== "")?.alias;
  if (text === undefined) return undefined;
  const [name = "", version = ""] = text.split("@");
  return { family: byAliasName[name.toLowerCase()] ?? (name as AMIFamily), version };
}

/** The family of a node class: the one it says, else its alias's, else Custom. */
export function amiFamily(nodeClass: EC2NodeClass): AMIFamily {
  return nodeClass.spec.amiFamily ?? aliasOf(nodeClass)?.family ?? "Custom";
}

const gp3 = (deviceName: string, volumeSize: string): BlockDeviceMapping => ({ deviceName, ebs: { encrypted: true, volumeType: "gp3", volumeSize } });

/** The disks of a node whose class says nothing about them; empty where the image's own are used. */
export function defaultBlockDevices(family: AMIFamily): readonly BlockDeviceMapping[] {
  switch (family) {
    case "AL2":
    case "AL2023":
      return [gp3("/dev/xvda", "20Gi")];
    case "Bottlerocket":
      return [gp3("/dev/xvda", "4Gi"), gp3("/dev/xvdb", "20Gi")];
    case "Custom":
      return [];
    default:
      return [gp3("/dev/sda1", "50Gi")];
  }
}
