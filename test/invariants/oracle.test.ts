import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { firstFitInvariants, placementInvariants, violations } from "@groupless/testing";
import { expect, test } from "vitest";
import { catalogReader, readLines, vectorFiles } from "../conformance/vectors.ts";
import { acceptedPackings, clusterOfLine } from "./recorded.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const shared = resolve(root, "../shared/conformance");
const sample = resolve(root, "test/conformance/sample");
const everything = existsSync(shared);

/** Where Karpenter itself breaks Kubernetes' definitions. docs/differences.md tells each story. */
const KARPENTER_BREAKS: Readonly<Record<string, string>> = {
  "scheduling/cases/0001-contradiction-on-custom-key": "a contradiction on a custom key reads as \"absent\"",
  "scheduling/cases/0004-gt-max-int": "Gt MaxInt64 on a custom key reads as \"absent\"",
  "scheduling/cases/0005-bounds-and-exclusions": "bounds swallow exclusions",
  "scheduling/cases/0007-undefined-labels-existing": "a pod's NotIn defines the key for the next pod",
  "scheduling/ports-volumes/0191-s1": "a contradiction on a custom key reads as \"absent\"",
  "scheduling/spread/0322-s1": "a contradiction on a custom key reads as \"absent\"",
  "scheduling/cases/0081-daemon-or-terms-and-type-order": "a daemon's OR terms stay dropped for the types that follow",
  "scheduling/cases/0103-shared-group-min-domains": "constraints that differ only in minDomains share one group",
  "scheduling/cases/0112-node-affinity-policy": "with nodeAffinityPolicy Ignore, domains the pod cannot reach do not lower the minimum",
  "scheduling/spread/0050-s1": "a pod counts only once its claim's domain is settled",
  "scheduling/anti-affinity/0232-s1": "pods bound to an unregistered node are counted under the node's name, the node under its claim's",
  "scheduling/daemonsets/0057-s1": "pods bound to an unregistered node are counted under the node's name, the node under its claim's",
  "scheduling/existing/0109-s1": "pods bound to an unregistered node are counted under the node's name, the node under its claim's",
  "scheduling/medium/0011-s1": "pods bound to an unregistered node are counted under the node's name, the node under its claim's",
  "scheduling/taints/0043-s1": "pods bound to an unregistered node are counted under the node's name, the node under its claim's",
};

test(`the invariants hold of ${everything ? "every recorded answer of Karpenter's" : "the sampled answers of Karpenter's (../shared is absent: the rest is skipped)"} but where it breaks Kubernetes' own rules`, () => {
  const folder = `${everything ? shared : sample}/scheduling`;
  const contextOf = catalogReader([`${folder}/../catalogs`]);
  const broken = new Set<string>();
  let checked = 0;
  for (const file of vectorFiles(folder)) {
    for (const line of readLines(file)) {
      const cluster = clusterOfLine(line, contextOf(file));
      for (const packing of acceptedPackings(line, cluster)) {
        checked += 1;
        if (violations(cluster, packing, [...placementInvariants, ...firstFitInvariants]).length > 0) broken.add(line.id);
      }
    }
  }
  expect(checked).toBeGreaterThan(everything ? 3000 : 20);
  expect([...broken].filter((id) => !Object.hasOwn(KARPENTER_BREAKS, id))).toEqual([]);
  if (everything) expect([...broken].sort()).toEqual(Object.keys(KARPENTER_BREAKS).sort());
}, 120_000);
