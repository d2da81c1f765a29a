import { expect, test } from "vitest";
import { ec2RepairPolicies, repair, repairTimeMs } from "../../src/index.ts";
import { at, condition, doings, messages, node, nodePool, NOW_MS, running, world, writtenObject } from "../objects.ts";

const ill = (secondsAgo: number, type = "Ready") => node({ status: { conditions: [condition(type, "False", secondsAgo)] } });
const others = (count: number, sick: number) =>
  Array.from({ length: count }, (_, index) => node({ metadata: { name: `o${index}`, labels: { "karpenter.sh/nodepool": "general" } }, spec: { providerID: `o${index}` }, ready: index < sick ? "False" : "True" }));
const fix = (on: ReturnType<typeof node>, claim = running(), more: ReturnType<typeof others> = []) => repair(world(on, claim, nodePool(), ...more), "n", ec2RepairPolicies, { nowMs: NOW_MS });

test("D-179 P-177 a node that has been ill for longer than its policy tolerates is replaced", () => {
  expect(fix(ill(1799))).toMatchObject({ actions: [], requeueAfterMs: 1000 });
  expect(doings(fix(ill(1800)))).toEqual(["update NodeClaim/nc", "delete NodeClaim/nc"]);
  expect(fix(node()).actions).toEqual([]);
  expect(fix(ill(9999, "Unheard")).actions).toEqual([]);
});

test("D-180 of several signs the one that runs out first decides", () => {
  const both = node({ status: { conditions: [condition("Ready", "False", 60), condition("AcceleratedHardwareReady", "False", 30)] } });
  expect(repairTimeMs(both, ec2RepairPolicies)).toBe(NOW_MS + 570_000);
  expect(fix(both).requeueAfterMs).toBe(570_000);
});

test("D-181 the claim's deadline becomes now, unless it has passed already; its terminationGracePeriod does not count", () => {
  const deadline = (text?: string) => writtenObject(fix(ill(1800), running({ terminationGracePeriod: "24h" }, text === undefined ? {} : { annotations: { "karpenter.sh/nodeclaim-termination-timestamp": text } })), "NodeClaim")?.metadata.annotations;
  expect(deadline()).toEqual({ "karpenter.sh/nodeclaim-termination-timestamp": at(0) });
  expect(deadline(at(-600))).toEqual({ "karpenter.sh/nodeclaim-termination-timestamp": at(0) });
  expect(deadline(at(600))).toBeUndefined();
});

test("D-182 neither budgets nor do-not-disrupt hold a repair back", () => {
  const guarded = running({}, { annotations: { "karpenter.sh/do-not-disrupt": "true" } });
  expect(doings(repair(world(ill(1800), guarded, nodePool({ disruption: { consolidateAfter: "Never", budgets: [{ nodes: "0" }] } })), "n", ec2RepairPolicies, { nowMs: NOW_MS }))).toContain("delete NodeClaim/nc");
});

test("D-183 P-177 more than a fifth of a pool's nodes ill, rounded up, and nothing is repaired", () => {
  expect(doings(fix(ill(1800), running(), others(4, 0)))).toContain("delete NodeClaim/nc");
  expect(fix(ill(1800), running(), others(4, 1))).toMatchObject({ requeueAfterMs: 300_000 });
  expect(messages(fix(ill(1800), running(), others(4, 1)))).toEqual(["NodeRepairBlocked: more than 20% nodes are unhealthy in the nodepool"]);
  expect(doings(fix(ill(1800), running(), others(5, 1)))).toContain("delete NodeClaim/nc");
  const standalone = running({}, { labels: {} });
  expect(messages(fix(ill(1800), standalone, others(4, 1)))).toEqual(["NodeRepairBlocked: more then 20% nodes are unhealthy in the cluster"]);
});
