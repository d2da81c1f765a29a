import type { Pod, PodSpec } from "@groupless/api";
import { type Packing, prepare, solve } from "@groupless/bin-packer";
import fc from "fast-check";
import { expect, test } from "vitest";
import { cluster, nodePool, pod } from "../../src/index.ts";
import { finalState } from "../../src/final-state/final-state.ts";
import { holdsPodAffinity, holdsPodAntiAffinity } from "../../src/invariants/holds-pod-affinity.ts";
import { holdsSpread } from "../../src/invariants/holds-spread.ts";
import * as pairByPair from "./pair-by-pair.ts";

const RUNS = Number(process.env["LAWS_RUNS"] ?? 100);
const app = fc.constantFrom("a", "b");
const key = fc.constantFrom("kubernetes.io/hostname", "topology.kubernetes.io/zone");
const selector = fc.oneof(
  app.map((value) => ({ matchLabels: { app: value } })),
  app.map((value) => ({ matchExpressions: [{ key: "app", operator: "NotIn" as const, values: [value] }] })),
  fc.constant({}),
);
const term = fc.record({ topologyKey: key, labelSelector: selector, matchLabelKeys: fc.constantFrom([], ["rev"]) });
const spread = fc.record({ topologyKey: key, labelSelector: selector, maxSkew: fc.constantFrom(1, 2), whenUnsatisfiable: fc.constant("DoNotSchedule" as const), matchLabelKeys: fc.constantFrom([], ["rev"]) });
const rules: fc.Arbitrary<Partial<PodSpec>> = fc.oneof(
  fc.constant({}),
  term.map((one) => ({ affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [one] } } })),
  term.map((one) => ({ affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [one] } } })),
  spread.map((one) => ({ topologySpreadConstraints: [one] })),
  spread.map((one) => ({ topologySpreadConstraints: [{ ...one, maxSkew: 1, topologyKey: "kubernetes.io/hostname" }] })),
);
const zone = fc.option(fc.constantFrom("zone-a", "zone-b"), { nil: undefined });
const shapes = fc.array(fc.record({ app, rev: fc.constantFrom("1", "2"), namespace: fc.constantFrom("default", "default", "default", "other"), which: fc.nat(1), zone }), { minLength: 4, maxLength: 10 });

/** Nodes are had by placing pods without their rules; then the pods are dealt out anew, with the rules back. */
test("rules between pods are found broken by indexes exactly where holding every pod against every other finds them broken", () => {
  const found = { holdsPodAffinity: 0, holdsPodAntiAffinity: 0, holdsSpread: 0 };
  fc.assert(
    fc.property(shapes, fc.tuple(rules, rules), fc.array(fc.nat(5), { minLength: 10, maxLength: 10 }), (those, owned, deal) => {
      const pods = those.map(({ app: is, rev, namespace, which, zone: at }, index): Pod => {
        const plain = pod(`p-${index}`, { cpu: "1" });
        return { ...plain, metadata: { ...plain.metadata, namespace, labels: { app: is, rev } }, spec: { ...plain.spec, ...owned[which], ...(at === undefined ? {} : { nodeSelector: { "topology.kubernetes.io/zone": at } }) } };
      });
      const free = pods.map((one): Pod => ({ ...one, spec: { containers: one.spec.containers, ...(one.spec.nodeSelector === undefined ? {} : { nodeSelector: one.spec.nodeSelector }) } }));
      const claims = free.flatMap((one) => solve(prepare(cluster({ nodePools: [nodePool("default")], objects: [one] }), { nowMs: 0 })).newNodeClaims).slice(0, 5);
      if (claims.length === 0) return;
      const placed = claims.map((claim, index) => ({ ...claim, pods: pods.flatMap(({ metadata }, at) => ((deal[at] as number) % claims.length === index ? [`${metadata.namespace}/${metadata.name}`] : [])) }));
      const packing: Packing = { newNodeClaims: placed, existingNodes: [], podErrors: [], ignoredPods: [], priceUsdPerHour: 0 };
      const state = finalState(cluster({ nodePools: [nodePool("default")], objects: pods }), packing);
      for (const invariant of [holdsPodAffinity, holdsPodAntiAffinity, holdsSpread]) {
        const name = invariant.name as keyof typeof found;
        const broken = invariant.check(state);
        found[name] += broken.length;
        expect(broken).toEqual(pairByPair[name].check(state));
      }
    }),
    { numRuns: RUNS },
  );
  for (const count of Object.values(found)) expect(count).toBeGreaterThan(RUNS / 50);
});
