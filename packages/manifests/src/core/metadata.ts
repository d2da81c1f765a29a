import { LABEL_VALUE } from "../crd/patterns.ts";
import { all, keys } from "../crd/rule-error.ts";
import { boolean, integer, listOf, mapOf, open, rule, type Pattern, type Schema, text } from "../crd/schema.ts";

const KEY = /^(?:[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*\/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const NAME: Pattern = { test: (value) => value.length <= 253 && /^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/.test(value), expected: "a DNS name: lower-case letters, digits, '-' and '.'" };
const NAMESPACE: Pattern = { test: (value) => value.length <= 63 && /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/.test(value), expected: "a DNS label: lower-case letters, digits and '-'" };

function isKey(key: string): boolean {
  const name = key.slice(key.lastIndexOf("/") + 1);
  return key.length <= 253 + 1 + 63 && name.length <= 63 && KEY.test(key);
}

const LABELS: Schema = mapOf(text({ maxLength: 63, pattern: LABEL_VALUE }), { rules: [rule("label keys must be qualified names such as team or example.com/team", (self) => all(keys(self), isKey))] });
const ANNOTATIONS: Schema = mapOf(text(), { rules: [rule("annotation keys must be qualified names such as team or example.com/team", (self) => all(keys(self), (key) => isKey(key.toLowerCase())))] });

/** What pod templates may say about their pods. */
export const TEMPLATE_METADATA: Schema = open({ labels: LABELS, annotations: ANNOTATIONS });

/** Every object's metadata (Kubernetes API conventions: names are DNS subdomains, label values at most 63 characters). */
export const METADATA: Schema = open(
  {
    name: text({ minLength: 1, pattern: NAME }),
    generateName: text(),
    namespace: text({ pattern: NAMESPACE }),
    uid: text(),
    generation: integer(),
    resourceVersion: text(),
    creationTimestamp: text({ format: "date-time" }),
    deletionTimestamp: text({ format: "date-time" }),
    deletionGracePeriodSeconds: integer(),
    labels: LABELS,
    annotations: ANNOTATIONS,
    finalizers: listOf(text()),
    ownerReferences: listOf(open({ apiVersion: text(), kind: text(), name: text(), uid: text(), controller: boolean, blockOwnerDeletion: boolean }, ["apiVersion", "kind", "name", "uid"])),
  },
  ["name"],
);

const CONDITION: Schema = open({ type: text({ minLength: 1 }), status: text({ minLength: 1 }), reason: text(), message: text(), lastTransitionTime: text({ format: "date-time" }), observedGeneration: integer() }, ["type", "status"]);

/** `status.conditions` of Kubernetes' own kinds. */
export const CONDITIONS: Schema = listOf(CONDITION);
