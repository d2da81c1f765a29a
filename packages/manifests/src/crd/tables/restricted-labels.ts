import { all, keys } from "../rule-error.ts";
import { rule, type Rule } from "../schema.ts";

/** Which label keys a definition turns away. */
export interface RestrictedLabels {
  /** A NodePool's own name is its nodes' label: it may not be set. */
  readonly nodePool: boolean;
  /** Keys of the AWS provider's domain that may be used; undefined for the core's own definitions, which know nothing of it. */
  readonly awsKeys?: ReadonlySet<string>;
}

const AWS_DOMAIN = "karpenter.k8s.aws";
const INSTANCE = ["category", "hypervisor", "family", "generation", "local-nvme", "size", "cpu", "cpu-manufacturer", "cpu-sustained-clock-speed-mhz", "memory", "ebs-bandwidth", "network-bandwidth", "gpu-name", "gpu-manufacturer", "gpu-count", "gpu-memory", "accelerator-name", "accelerator-manufacturer", "accelerator-count", "capability-flex", "encryption-in-transit-supported"];

/** The AWS keys an overlay may select by: what an instance type is. */
export const AWS_INSTANCE_KEYS: ReadonlySet<string> = new Set([`${AWS_DOMAIN}/ec2nodeclass`, ...INSTANCE.map((name) => `${AWS_DOMAIN}/instance-${name}`)]);

/** The AWS keys a NodePool or NodeClaim may use: also how it is bought and placed. */
export const AWS_KEYS: ReadonlySet<string> = new Set([
  ...AWS_INSTANCE_KEYS,
  ...["instance-tenancy", "capacity-reservation-type", "capacity-reservation-id", "capacity-reservation-interruptible", "placement-group-id", "placement-group-partition"].map((name) => `${AWS_DOMAIN}/${name}`),
]);

const CORE_KEYS: ReadonlySet<string> = new Set(["karpenter.sh/capacity-type", "karpenter.sh/nodepool"]);

type Check = readonly [message: string, allowed: (key: string) => boolean];

function checks({ nodePool, awsKeys }: RestrictedLabels): readonly Check[] {
  return [
    ['label domain "karpenter.sh" is restricted', (key) => CORE_KEYS.has(key) || !domainEndsIn(key, "karpenter.sh")],
    ...(nodePool ? [['label "karpenter.sh/nodepool" is restricted', (key: string) => key !== "karpenter.sh/nodepool"] as Check] : []),
    ['label "kubernetes.io/hostname" is restricted', (key) => key !== "kubernetes.io/hostname"],
    ...(awsKeys === undefined ? [] : [[`label domain "${AWS_DOMAIN}" is restricted`, (key: string) => awsKeys.has(key) || !domainEndsIn(key, AWS_DOMAIN)] as Check]),
  ];
}

/** Rules for one key. */
export function restrictedKeyRules(restricted: RestrictedLabels): readonly Rule[] {
  return checks(restricted).map(([message, allowed]) => rule(message, (self: string) => allowed(self)));
}

/** The same for the keys of a map of labels. */
export function restrictedMapRules(restricted: RestrictedLabels): readonly Rule[] {
  return checks(restricted).map(([message, allowed]) => rule(message, (self) => all(keys(self), allowed)));
}

// The definitions look at the end of whatever stands before the first slash, so notkarpenter.sh/x is restricted too.
function domainEndsIn(key: string, domain: string): boolean {
  return (/^[^/]+/.exec(key)?.[0] ?? "").endsWith(domain);
}
