import { EVICTION_SIGNAL, QUANTITY_TEXT } from "../patterns.ts";
import { all, get, has, keys } from "../rule-error.ts";
import { boolean, integer, listOf, mapOf, object, rule, type Rule, type Schema, text } from "../schema.ts";

const SIGNALS = ["memory.available", "nodefs.available", "nodefs.inodesFree", "imagefs.available", "imagefs.inodesFree", "pid.available"];
const RESERVED = ["cpu", "memory", "ephemeral-storage", "pid"];

function validKeys(field: string, names: readonly string[]): Rule {
  return rule(`valid keys for ${field} are [${names.map((name) => `'${name}'`).join(",")}]`, (self) => all(keys(self), (key) => names.includes(key)));
}

function reserved(field: string): Schema {
  return mapOf(text({ pattern: QUANTITY_TEXT }), {
    rules: [validKeys(field, RESERVED), rule(`${field} value cannot be a negative resource quantity`, (self) => all(keys(self), (key) => !self[key].startsWith("-")))],
  });
}

function eviction(field: string): Schema {
  return mapOf(text({ pattern: EVICTION_SIGNAL }), { rules: [validKeys(field, SIGNALS)] });
}

function matched(field: string, other: string): Rule {
  return rule(`${field} OwnerKey does not have a matching ${other}`, (self) => !has(self, field) || all(keys(self[field]), (key) => has(get(self, other), key)));
}

export const KUBELET: Schema = object(
  {
    clusterDNS: listOf(text()),
    cpuCFSQuota: boolean,
    evictionHard: eviction("evictionHard"),
    evictionMaxPodGracePeriod: integer(),
    evictionSoft: eviction("evictionSoft"),
    evictionSoftGracePeriod: mapOf(text(), { rules: [validKeys("evictionSoftGracePeriod", SIGNALS)] }),
    imageGCHighThresholdPercent: integer(0, 100),
    imageGCLowThresholdPercent: integer(0, 100),
    kubeReserved: reserved("kubeReserved"),
    maxPods: integer(0),
    podsPerCore: integer(0),
    systemReserved: reserved("systemReserved"),
  },
  [],
  {
    rules: [
      rule("imageGCHighThresholdPercent must be greater than imageGCLowThresholdPercent", (self) =>
        has(self, "imageGCHighThresholdPercent") && has(self, "imageGCLowThresholdPercent") ? self.imageGCHighThresholdPercent > self.imageGCLowThresholdPercent : true,
      ),
      matched("evictionSoft", "evictionSoftGracePeriod"),
      matched("evictionSoftGracePeriod", "evictionSoft"),
    ],
  },
);
