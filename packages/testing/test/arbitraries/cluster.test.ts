import { isKind, nameOf } from "@groupless/api";
import { clusters } from "@groupless/testing/arbitraries";
import * as fc from "fast-check";
import { expect, test } from "vitest";

const SAMPLES = 400;

test("the clusters are varied enough for a law to mean something", () => {
  const drawn = fc.sample(clusters(), { numRuns: SAMPLES, seed: 1 });
  const share = (holds: (cluster: (typeof drawn)[number]) => boolean): number => drawn.filter(holds).length / SAMPLES;
  const pods = (cluster: (typeof drawn)[number]) => cluster.objects.filter((object) => isKind(object, "Pod"));
  expect(share((cluster) => cluster.objects.some(({ kind }) => kind === "Node"))).toBeGreaterThan(0.5);
  expect(share((cluster) => pods(cluster).some(({ spec }) => spec.nodeName !== undefined))).toBeGreaterThan(0.25);
  expect(share((cluster) => pods(cluster).some(({ spec }) => spec.topologySpreadConstraints !== undefined))).toBeGreaterThan(0.2);
  expect(share((cluster) => pods(cluster).some(({ spec }) => spec.affinity?.podAntiAffinity !== undefined || spec.affinity?.podAffinity !== undefined))).toBeGreaterThan(0.2);
  expect(share((cluster) => cluster.nodePools.some(({ spec }) => spec.limits !== undefined))).toBeGreaterThan(0.15);
  expect(share((cluster) => cluster.nodePools.length > 1)).toBeGreaterThan(0.3);
});

test("no two objects of a cluster share kind and name", () => {
  fc.assert(
    fc.property(clusters(), ({ objects, nodePools }) => {
      const names = [...objects, ...nodePools].map((object) => `${object.kind}/${nameOf(object)}`);
      expect(new Set(names).size).toBe(names.length);
    }),
    { numRuns: Number(process.env["LAWS_RUNS"] ?? 200) },
  );
});
