import type { Taint, Toleration } from "@groupless/api";
import fc from "fast-check";
import { expect, test } from "vitest";
import { explain } from "../../src/explain.ts";
import { EPHEMERAL_TAINTS, isEphemeralTaint, mergeTaints, sameTaint } from "../../src/taints/taint-list.ts";
import { taintText, tolerates, toleratesTaint, untoleratedTaints } from "../../src/taints/toleration.ts";

const gpu: Taint = { key: "gpu", value: "a", effect: "NoSchedule" };

test("P-032 every taint must be tolerated, PreferNoSchedule too", () => {
  const soft: Taint = { key: "soft", effect: "PreferNoSchedule" };
  expect(tolerates([], [])).toBe(true);
  expect(tolerates([gpu, soft], [{ key: "gpu", operator: "Exists" }])).toBe(false);
  expect(tolerates([gpu, soft], [{ key: "gpu", operator: "Exists" }, { operator: "Exists", effect: "PreferNoSchedule" }])).toBe(true);
  const reasons = untoleratedTaints([gpu, soft], []);
  expect(reasons).toEqual([{ code: "untolerated-taint", canResolve: false, taint: gpu }, { code: "untolerated-taint", canResolve: false, taint: soft }]);
  expect(reasons.map(explain)).toEqual(["did not tolerate taint (taint=gpu=a:NoSchedule)", "did not tolerate taint (taint=soft:PreferNoSchedule)"]);
  expect(untoleratedTaints([gpu], [{ operator: "Exists" }])).toEqual([]);
});

test("key, effect and value must match where the toleration names them", () => {
  const cases: readonly (readonly [Toleration, boolean])[] = [
    [{ operator: "Exists" }, true],
    [{ key: "gpu", operator: "Exists", value: "ignored" }, true],
    [{ key: "gpu", operator: "Exists", effect: "NoSchedule" }, true],
    [{ key: "gpu", operator: "Exists", effect: "NoExecute" }, false],
    [{ key: "other", operator: "Exists" }, false],
    [{ key: "GPU", operator: "Exists" }, false],
    [{ key: "gpu", operator: "Equal", value: "a" }, true],
    [{ key: "gpu", value: "a" }, true],
    [{ key: "gpu", operator: "" as never, value: "a" }, true],
    [{ key: "gpu", value: "b" }, false],
    [{ key: "gpu" }, false],
    [{ key: "", effect: "" as never, operator: "Exists" }, true],
    [{ key: "gpu", operator: "Near" as never, value: "a" }, false],
  ];
  for (const [toleration, expected] of cases) expect(toleratesTaint(toleration, gpu), JSON.stringify(toleration)).toBe(expected);
  expect(toleratesTaint({ key: "gpu" }, { key: "gpu", effect: "NoSchedule" })).toBe(true);
  expect(toleratesTaint({ key: "gpu", value: "" }, { key: "gpu", effect: "NoSchedule" })).toBe(true);
  expect(toleratesTaint({ key: "gpu" }, { key: "gpu", value: "", effect: "NoSchedule" })).toBe(true);
});

test("P-033 Gt and Lt compare integers in their shortest form", () => {
  const compares = (operator: "Gt" | "Lt", value: string | undefined, taintValue: string | undefined) =>
    toleratesTaint({ key: "sla", operator, ...(value === undefined ? {} : { value }) }, { key: "sla", effect: "NoSchedule", ...(taintValue === undefined ? {} : { value: taintValue }) });
  expect([compares("Gt", "4", "5"), compares("Gt", "5", "5"), compares("Gt", "6", "5")]).toEqual([true, false, false]);
  expect([compares("Lt", "4", "5"), compares("Lt", "5", "5"), compares("Lt", "6", "5")]).toEqual([false, false, true]);
  expect(compares("Gt", "-5", "0")).toBe(true);
  expect(compares("Gt", "9223372036854775806", "9223372036854775807")).toBe(true);
  for (const bad of ["", "05", "+5", "-0", "1.5", "a", "00", "5 ", "9223372036854775808", "99999999999999999999", "-9223372036854775809", undefined]) {
    expect(compares("Lt", "6", bad), String(bad)).toBe(false);
    expect(compares("Gt", bad, "5"), String(bad)).toBe(false);
    expect(compares("Gt", "-6", bad), String(bad)).toBe(false);
    expect(compares("Lt", bad, "-5"), String(bad)).toBe(false);
  }
  expect(toleratesTaint({ operator: "Gt", value: "4" }, { key: "sla", value: "5", effect: "NoSchedule" })).toBe(true);
  expect(toleratesTaint({ key: "sla", operator: "Gt", value: "4", effect: "NoExecute" }, { key: "sla", value: "5", effect: "NoSchedule" })).toBe(false);
});

test("P-034 taints a starting node loses are known by key and effect", () => {
  for (const taint of EPHEMERAL_TAINTS) expect(isEphemeralTaint(taint)).toBe(true);
  expect(EPHEMERAL_TAINTS).toHaveLength(5);
  expect(isEphemeralTaint({ key: "node.kubernetes.io/not-ready", effect: "PreferNoSchedule" })).toBe(false);
  expect(isEphemeralTaint({ key: "node.cloudprovider.kubernetes.io/uninitialized", value: "false", effect: "NoSchedule" })).toBe(true);
  expect(isEphemeralTaint({ key: "karpenter.sh/unregistered", effect: "NoExecute" })).toBe(true);
  expect(isEphemeralTaint({ key: "karpenter.sh/disrupted", effect: "NoSchedule" })).toBe(false);
});

test("P-035 readiness taints are known by their prefix, whatever the effect", () => {
  expect(isEphemeralTaint({ key: "readiness.k8s.io/x", effect: "NoExecute" })).toBe(true);
  expect(isEphemeralTaint({ key: "readiness.k8s.io", effect: "NoSchedule" })).toBe(false);
  expect(isEphemeralTaint({ key: "xreadiness.k8s.io/x", effect: "NoSchedule" })).toBe(false);
});

test("P-037 a toleration is no taint: what it exists for need not be there", () => {
  expect(tolerates([], [{ key: "gpu", operator: "Exists" }])).toBe(true);
  expect(mergeTaints([], [])).toEqual([]);
});

test("taints merge by key and effect, the first value staying", () => {
  expect(mergeTaints([gpu], [{ ...gpu, value: "b" }, { ...gpu, effect: "NoExecute" }, { ...gpu, effect: "NoExecute" }])).toEqual([gpu, { ...gpu, effect: "NoExecute" }]);
  expect(sameTaint(gpu, { ...gpu, key: "x" })).toBe(false);
  expect(taintText(gpu)).toBe("gpu=a:NoSchedule");
  expect(taintText({ key: "gpu", value: "", effect: "NoSchedule" })).toBe("gpu:NoSchedule");
});

test("more tolerations tolerate more, and fewer taints are tolerated more easily", () => {
  const key = fc.constantFrom("a", "b");
  const effect = fc.constantFrom<Taint["effect"]>("NoSchedule", "NoExecute");
  const taint = fc.record({ key, value: fc.constantFrom("", "1", "2"), effect });
  const toleration: fc.Arbitrary<Toleration> = fc.record({ key, operator: fc.constantFrom<NonNullable<Toleration["operator"]>>("Exists", "Equal", "Gt", "Lt"), value: fc.constantFrom("", "1", "2"), effect });
  fc.assert(
    fc.property(fc.array(taint, { maxLength: 3 }), fc.array(taint, { maxLength: 2 }), fc.array(toleration), fc.array(toleration), (taints, more, tolerations, others) => {
      expect(tolerates(taints, tolerations)).toBe(untoleratedTaints(taints, tolerations).length === 0);
      if (tolerates([...taints, ...more], tolerations)) expect(tolerates(taints, [...others, ...tolerations])).toBe(true);
      const merged = mergeTaints(taints, more);
      expect([...taints, ...more].every((one) => merged.some((other) => sameTaint(one, other)))).toBe(true);
      expect(mergeTaints(merged, more)).toEqual(merged);
    }),
    { numRuns: Number(process.env["LAWS_RUNS"] ?? 300) },
  );
});

test("a starting node loses exactly these taints by itself, with these effects", () => {
  expect(EPHEMERAL_TAINTS).toEqual([
    { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" },
    { key: "node.kubernetes.io/not-ready", effect: "NoExecute" },
    { key: "node.kubernetes.io/unreachable", effect: "NoSchedule" },
    { key: "node.cloudprovider.kubernetes.io/uninitialized", value: "true", effect: "NoSchedule" },
    { key: "karpenter.sh/unregistered", effect: "NoExecute" },
  ]);
  for (const taint of EPHEMERAL_TAINTS) expect(isEphemeralTaint(taint)).toBe(true);
  expect(isEphemeralTaint({ key: "node.kubernetes.io/unreachable", effect: "NoExecute" })).toBe(false);
  expect(isEphemeralTaint({ key: "readiness.k8s.io/any", effect: "NoSchedule" })).toBe(true);
  expect(isEphemeralTaint({ key: "x.readiness.k8s.io/any", effect: "NoSchedule" })).toBe(false);
});

test("a taint or toleration without a value has the empty one", () => {
  expect(toleratesTaint({ key: "gpu", operator: "Equal", value: "" }, { key: "gpu", effect: "NoSchedule" })).toBe(true);
  expect(toleratesTaint({ key: "gpu", operator: "Equal" }, { key: "gpu", value: "", effect: "NoSchedule" })).toBe(true);
});
