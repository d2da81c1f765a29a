import { ACCOUNT_ID, CAPACITY_RESERVATION_ID, PLACEMENT_GROUP_ID } from "../patterns.ts";
import { all, has, keys, some } from "../rule-error.ts";
import { boolean, integer, listOf, mapOf, object, oneOf, rule, type Rule, type Schema, text } from "../schema.ts";
import { BLOCK_DEVICE_MAPPINGS, NETWORK_INTERFACES } from "./ec2-devices.ts";
import { KUBELET } from "./kubelet.ts";
import { conditions } from "./node-template.ts";
import { AMI_TERMS, CAPACITY_RESERVATION_TERMS, SECURITY_GROUP_TERMS, SUBNET_TERMS } from "./selector-terms.ts";

const FAMILIES = ["AL2", "AL2023", "Bottlerocket", "Windows2019", "Windows2022", "Windows2025"];

const METADATA_OPTIONS: Schema = object(
  {
    httpEndpoint: { ...oneOf("enabled", "disabled"), default: "enabled" },
    httpProtocolIPv6: { ...oneOf("enabled", "disabled"), default: "disabled" },
    httpPutResponseHopLimit: { ...integer(1, 64), default: 1 },
    httpTokens: { ...oneOf("required", "optional"), default: "required" },
  },
  [],
  { default: { httpEndpoint: "enabled", httpProtocolIPv6: "disabled", httpPutResponseHopLimit: 1, httpTokens: "required" } },
);

function restrictedTag(name: string, allowed: (key: string) => boolean): Rule {
  return rule(`tag contains a restricted tag matching ${name}`, (self) => all(keys(self), allowed));
}

const TAGS: Schema = mapOf(text(), {
  rules: [
    rule("empty tag keys aren't supported", (self) => all(keys(self), (key) => key !== "")),
    restrictedTag("eks:eks-cluster-name", (key) => key !== "eks:eks-cluster-name"),
    // The rule has no final slash, though its message does.
    restrictedTag("kubernetes.io/cluster/", (key) => !key.startsWith("kubernetes.io/cluster")),
    ...["karpenter.sh/nodepool", "karpenter.sh/nodeclaim", "karpenter.k8s.aws/ec2nodeclass"].map((name) => restrictedTag(name, (key) => key !== name)),
  ],
});

function familyOfAlias(family: string): Rule {
  return rule(`if set, amiFamily must be '${family}' or 'Custom' when using ${family.startsWith("AL") ? "an" : "a"} ${family} alias`, (self) =>
    !has(self, "amiFamily") || !some(self.amiSelectorTerms, (term: any) => has(term, "alias") && /^[^@]+/.exec(term.alias)?.[0] === family.toLowerCase()) ? true : self.amiFamily === "Custom" || self.amiFamily === family,
  );
}

const SPEC_RULES: readonly Rule[] = [
  rule("must specify exactly one of ['role', 'instanceProfile']", (self) => has(self, "role") !== has(self, "instanceProfile")),
  ...FAMILIES.map(familyOfAlias),
  rule("must specify amiFamily if amiSelectorTerms does not contain an alias", (self) => some(self.amiSelectorTerms, (term) => has(term, "alias")) || has(self, "amiFamily")),
];

const STATUS: Schema = object({
  amis: listOf(object({ deprecated: boolean, id: text(), name: text(), requirements: listOf(object({ key: text(), operator: text(), values: listOf(text()) }, ["key", "operator"])) }, ["id", "requirements"])),
  capacityReservations: listOf(
    object(
      {
        availabilityZone: text(),
        endTime: text({ format: "date-time" }),
        id: text({ pattern: CAPACITY_RESERVATION_ID }),
        instanceMatchCriteria: oneOf("open", "targeted"),
        instanceType: text(),
        interruptible: boolean,
        ownerID: text({ pattern: ACCOUNT_ID }),
        reservationType: { ...oneOf("default", "capacity-block"), default: "default" },
        state: { ...oneOf("active", "expiring"), default: "active" },
      },
      ["availabilityZone", "id", "instanceMatchCriteria", "instanceType", "ownerID"],
    ),
  ),
  conditions: conditions({ keyed: false }),
  instanceProfile: text(),
  securityGroups: listOf(object({ id: text(), name: text() }, ["id"])),
  subnets: listOf(object({ id: text(), zone: text(), zoneID: text() }, ["id", "zone"])),
});

/** `karpenter.k8s.aws/v1` EC2NodeClass. */
export const EC2_NODE_CLASS: Schema = object({
  spec: object(
    {
      amiFamily: oneOf("AL2", "AL2023", "Bottlerocket", "Custom", "Windows2019", "Windows2022", "Windows2025"),
      amiSelectorTerms: AMI_TERMS,
      associatePublicIPAddress: boolean,
      blockDeviceMappings: BLOCK_DEVICE_MAPPINGS,
      capacityReservationSelectorTerms: CAPACITY_RESERVATION_TERMS,
      connectionTracking: object({ tcpEstablishedTimeout: integer(60, 432_000), udpStreamTimeout: integer(60, 180), udpTimeout: integer(30, 60) }, [], {
        rules: [rule("at least one of tcpEstablishedTimeout, udpStreamTimeout, or udpTimeout must be set", (self) => has(self, "tcpEstablishedTimeout") || has(self, "udpStreamTimeout") || has(self, "udpTimeout"))],
      }),
      context: text(),
      cpuOptions: object({ nestedVirtualization: oneOf("enabled", "disabled") }),
      detailedMonitoring: boolean,
      instanceProfile: text({ rules: [rule("instanceProfile cannot be empty", (self) => self !== "")] }),
      instanceStorePolicy: oneOf("RAID0"),
      ipPrefixCount: integer(0),
      kubelet: KUBELET,
      metadataOptions: METADATA_OPTIONS,
      networkInterfaces: NETWORK_INTERFACES,
      placementGroupSelector: object({ id: text({ pattern: PLACEMENT_GROUP_ID }), name: text({ minLength: 1 }) }, [], {
        rules: [rule("expected at least one, got none, ['name', 'id']", (self) => has(self, "name") || has(self, "id")), rule("'name' and 'id' are mutually exclusive", (self) => !(has(self, "name") && has(self, "id")))],
      }),
      role: text({ rules: [rule("role cannot be empty", (self) => self !== "")] }),
      securityGroupSelectorTerms: SECURITY_GROUP_TERMS,
      subnetSelectorTerms: SUBNET_TERMS,
      tags: TAGS,
      userData: text(),
    },
    ["amiSelectorTerms", "securityGroupSelectorTerms", "subnetSelectorTerms"],
    { rules: SPEC_RULES },
  ),
  status: STATUS,
});
