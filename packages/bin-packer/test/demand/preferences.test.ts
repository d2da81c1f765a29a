import { expect, test } from "vitest";
import { errors, groups, packed, pod, pods, pool, spread, term, valuesOf, ZONE } from "../build.ts";

const arch = (...values: string[]) => ({ matchExpressions: [{ key: "kubernetes.io/arch", operator: "In" as const, values }] });
const zone = (...values: string[]) => ({ matchExpressions: [{ key: ZONE, operator: "In" as const, values }] });

test("P-103 required terms are alternatives: the first that works counts, the last is never given up", () => {
  const terms = (...nodeSelectorTerms: ReturnType<typeof arch>[]) => ({ affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } } });
  expect(packed([pod("one", terms(arch("riscv"), arch("arm64")))]).newNodeClaims[0]?.instanceTypes).toEqual(["arm"]);
  expect(errors(packed([pod("one", terms(arch("riscv"), arch("s390x")))]))).toEqual({ one: "no-instance-type:requirements" });
});

test("P-104 preferred node affinity counts as a demand, the heaviest first, until it cannot be met", () => {
  const prefer = (...preferred: [number, ReturnType<typeof zone>][]) => ({ affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred.map(([weight, preference]) => ({ weight, preference })) } } });
  expect(valuesOf(packed([pod("one", prefer([1, zone("zone-a")], [50, zone("zone-b")]))]), ZONE)).toEqual(["zone-b"]);
  expect(valuesOf(packed([pod("one", prefer([50, zone("nowhere")], [1, zone("zone-a")]))]), ZONE)).toEqual(["zone-a"]);
});

test("P-105 preferred pod affinity and anti-affinity hold as long as they can", () => {
  const apart = { affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: term("p") }] } }, labels: { app: "p" } };
  expect(packed(pods(3, "p", apart)).newNodeClaims).toHaveLength(3);
  const impossible = { affinity: { podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: term("nobody") }] } } };
  expect(errors(packed([pod("one", impossible)]))).toEqual({});
});

test("P-106 a soft spread holds as long as it can", () => {
  const soft = { labels: { app: "web" }, topologySpreadConstraints: [spread({ whenUnsatisfiable: "ScheduleAnyway" })] };
  expect(valuesOf(packed(pods(3, "p", soft)), ZONE).sort()).toEqual(["zone-a", "zone-b", "zone-c"]);
  const stuck = { ...soft, topologySpreadConstraints: [spread({ whenUnsatisfiable: "ScheduleAnyway", topologyKey: "nowhere" })] };
  expect(errors(packed([pod("one", stuck)]))).toEqual({});
});

test("P-107 preferences can be ignored altogether", () => {
  const soft = { labels: { app: "p" }, affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: term("p") }] } } };
  expect(groups(packed(pods(3, "p", soft), { options: { preferencePolicy: "Ignore" } }))).toHaveLength(1);
});

test("a pod that would rather run on nodes of no NodePool is passed over, where preferences are ignored too", () => {
  const key = "karpenter.sh/nodepool";
  const rather = (matchExpressions: readonly object[]) => pod("one", { affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: { matchExpressions } }] } } } as never);
  for (const preferencePolicy of ["Respect", "Ignore"] as const) {
    const ignored = (matchExpressions: readonly object[]) => packed([rather(matchExpressions)], { options: { preferencePolicy } }).ignoredPods.map(({ reasons }) => reasons.map(({ code }) => code));
    expect(ignored([{ key, operator: "DoesNotExist" }])).toEqual([["not-karpenter"]]);
    expect(ignored([{ key, operator: "In", values: ["default"] }, { key, operator: "NotIn", values: ["default"] }])).toEqual([["not-karpenter"]]);
    expect(ignored([{ key, operator: "In", values: ["default"] }])).toEqual([]);
  }
});

test("P-108 a pod that failed is tried again with all its preferences", () => {
  const picky = pod("picky", { cpu: "4", affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term("lead")] }, nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: zone("zone-b") }] } } });
  expect(valuesOf(packed([picky, pod("lead", { cpu: "1", labels: { app: "lead" } })]), ZONE)).toEqual(["zone-b"]);
});

test("P-038 a soft taint is tolerated only after everything else was given up", () => {
  const nodePools = [pool("soft", { weight: 9 }, { taints: [{ key: "s", effect: "PreferNoSchedule" }] }), pool("plain")];
  expect(packed([pod("one")], { nodePools }).newNodeClaims[0]?.nodePool).toBe("plain");
  expect(packed([pod("one")], { nodePools: nodePools.slice(0, 1) }).newNodeClaims[0]?.nodePool).toBe("soft");
});
