import { NODE_POOL_HASH_ANNOTATION, NODE_POOL_HASH_VERSION, NODE_POOL_HASH_VERSION_ANNOTATION, nodePoolHash } from "@groupless/api";
import { AWS_LABELS, CORE_LABELS, isRestrictedKey, labelDomain, labelKeyErrors, labelValueErrors, nodeClassLabelKey, normaliseKey } from "@groupless/requirements";
import { explainRequirementProblem, explainTemplateProblem, knownValueProblems, nodeClaimOfNodePool, validateRequirement, validateTemplate } from "@groupless/requirements/karpenter";
import type { Suite } from "../suite.ts";

const tablesOf = (provider: string) => (provider === "aws" ? AWS_LABELS : CORE_LABELS);

// The vectors name each error by the first of these that its text contains.
const classes: readonly (readonly [string, string])[] = [
  ["unsupported-operator", "unsupported operator"],
  ["restricted-label", "interfere with the internal provisioning logic"],
  ["no-known-values", "no valid values found"],
  ["not-enough-known-values", "not enough valid values"],
  ["unknown-values", "expected one of"],
  ["key-not-qualified", "not a qualified name"],
  ["value-invalid", "invalid value "],
  ["in-without-values", "must have a value defined"],
  ["fewer-values-than-min-values", "at least minimum number of values"],
  ["not-a-positive-integer", "single positive integer"],
  ["duplicate-taint", "duplicate taint"],
  ["node-pool-key", "in requirements, restricted"],
  ["label-key-invalid", "in labels,"],
  ["label-value-invalid", "for label["],
  ["taint-invalid", "taints"],
  ["taint-invalid", "startupTaints"],
];

const failures = (texts: readonly string[]) =>
  texts
    .map((text) => ({ class: classes.find(([, part]) => text.includes(part))?.[0] ?? "other", message: text.replace(/; specify a well known label.*/s, "") }))
    .sort((a, b) => (a.message < b.message ? -1 : 1));

/** Suite `labels`: keys, values, tables and what Karpenter finds wrong with them. */
export const labels: Suite = {
  functions: {
    "labels.restricted": ({ key, provider }) => ({ restricted: isRestrictedKey(key, tablesOf(provider)), domain: labelDomain(key), wellKnown: tablesOf(provider).wellKnown.includes(key) }),
    "labels.normalise": ({ key }) => normaliseKey(key),
    "labels.keyErrors": ({ key }) => labelKeyErrors(key),
    "labels.valueErrors": ({ value }) => labelValueErrors(value),
    "labels.wellKnown": ({ provider }) => {
      const { wellKnown, restrictedDomains, restricted, aliases, knownValues, offerings } = tablesOf(provider);
      return { labels: [...wellKnown].sort(), domains: restrictedDomains, restricted, normalised: aliases, values: knownValues, offerings };
    },
    "labels.nodeClassKey": (reference) => nodeClassLabelKey(reference),
    "labels.validateRequirement": ({ requirement, provider }) => failures(validateRequirement(requirement, tablesOf(provider)).map((problem) => explainRequirementProblem(problem, tablesOf(provider)))),
    "labels.hasKnownValues": ({ requirement }) => failures(knownValueProblems(requirement).map((problem) => explainRequirementProblem(problem))),
    "nodeClaim.fromTemplate": ({ nodePool }) => {
      const { metadata, spec } = nodeClaimOfNodePool(nodePool, {
        [NODE_POOL_HASH_ANNOTATION]: nodePoolHash(nodePool),
        [NODE_POOL_HASH_VERSION_ANNOTATION]: NODE_POOL_HASH_VERSION,
      });
      // The vectors sort by key and operator run together.
      const text = ({ key, operator }: { key: string; operator: string }) => key + operator;
      return { ...metadata, requirements: [...spec.requirements].sort((a, b) => (text(a) < text(b) ? -1 : 1)) };
    },
    "nodePool.runtimeValidate": ({ template, provider }) => failures(validateTemplate(template, tablesOf(provider)).map((problem) => explainTemplateProblem(problem, tablesOf(provider)))),
  },
};
